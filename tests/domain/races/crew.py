"""Processes that do what they are told at the same instant, each with a till of its own (hand.py)."""

import pickle
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.domain.processes import running

GO = b"\n"


class Hand:
    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def prepare(self, party: object) -> None:
        pickle.dump(party, self._stdin)
        self._stdin.flush()
        assert self._stdout.read(1) == GO, "the process died"

    def go(self) -> None:
        self._stdin.write(GO)
        self._stdin.flush()

    def said(self) -> Any:  # noqa: ANN401 - whatever a command gives
        return pickle.load(self._stdout)  # noqa: S301 - our own process


class Crew:
    def __init__(self, hands: Sequence[Hand]) -> None:
        self._hands = hands

    def at_once(self, parties: Sequence[object]) -> list[Any]:
        """What each got: a result, or the code of the problem."""
        busy = self._hands[: len(parties)]
        for hand, party in zip(busy, parties, strict=True):
            hand.prepare(party)
        for hand in busy:
            hand.go()
        return [hand.said() for hand in busy]


@contextmanager
def crew(size: int) -> Iterator[Crew]:
    with ExitStack() as stack:
        yield Crew([Hand(stack.enter_context(running("tests.domain.races.hand"))) for _ in range(size)])
