"""One thread per process decides what queued at the till while its last COMMIT ran, all in one transaction.

There is no waiting window: a lone buyer is served at once, and under load the batches grow by themselves.
Refusing (`Problem`) concerns one command. Anything else that goes wrong undoes the batch, and its halves are
decided again, so that one bad row costs nobody else the sale. When the database is gone, all hear it at once.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from django.db import IntegrityError, InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout

from golmok.domain.orders.till.batch import Command, decide
from golmok.problems import Problem

MOST_PER_BATCH = 256
LONGEST_QUEUE = 20_000
GONE = (OperationalError, InterfaceError, PoolTimeout)
"""The database itself, not a row of it."""
SLOW_SECONDS = 0.5

R = TypeVar("R")
Outcome = Any
"""What a command got: its result, or the exception that refused it."""
Deliver = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the queue, and whom to tell its outcome in which loop."""

    command: Command[Any]
    deliver: Deliver
    loop: asyncio.AbstractEventLoop


log = logging.getLogger(__name__)


class Writer:
    """Takes commands from event loops and answers after their COMMIT."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="till", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Decides what is queued, then ends."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def put(self, command: Command[Any], deliver: Deliver) -> None:
        """Have it decided; `deliver` is called in this event loop with the outcome once that is committed."""
        if self._queue.qsize() >= LONGEST_QUEUE:
            deliver(_busy())
        else:
            self._queue.put(Entry(command, deliver, asyncio.get_running_loop()))

    async def ask(self, command: Command[R]) -> R:
        """The command's result once it is committed. Raises Problem; 503 when too many wait."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self.put(command, partial(_resolve, answer))
        return await answer

    def _run(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                began = time.monotonic()
                _answer(batch, _outcomes([entry.command for entry in batch]))
                if time.monotonic() - began > SLOW_SECONDS:
                    log.warning("a batch of %d took %.1f s", len(batch), time.monotonic() - began)
        finally:
            connection.close()

    def _next_batch(self) -> list[Entry] | None:
        """What is queued now; None when the till closes."""
        batch = []
        entry = self._queue.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) == MOST_PER_BATCH:
                break
            try:
                entry = self._queue.get_nowait()
            except Empty:
                break
        if entry is not None:
            return batch
        if not batch:
            return None
        self._queue.put(None)
        return batch


def _outcomes(commands: list[Command[Any]]) -> list[Outcome]:
    """What each command got. A batch that fails for a row's sake is halved until the row stands alone."""
    try:
        return _decided(commands)
    except GONE:
        log.exception("the database does not answer; %d commands were refused", len(commands))
        return [_busy() for _ in commands]
    except Exception as failure:
        if len(commands) == 1:
            return [_failed(commands[0], failure)]
        log.warning("a batch of %d was undone; deciding its halves", len(commands), exc_info=True)
        half = len(commands) // 2
        return _outcomes(commands[:half]) + _outcomes(commands[half:])


def _decided(commands: list[Command[Any]]) -> list[Outcome]:
    """Twice when the line to the database was lost, or another took a place that must be taken once."""
    if not commands:
        return []
    try:
        return cast(list[Outcome], decide(commands))
    except GONE:
        connection.close()
    except IntegrityError:
        if len(commands) > 1:
            raise
    return cast(list[Outcome], decide(commands))


def _failed(command: Command[Any], failure: Exception) -> Outcome:
    connection.close_if_unusable_or_obsolete()
    if isinstance(failure, IntegrityError):
        log.warning("%s clashed with another: %s", type(command).__name__, failure)
        return Problem(409, "clash", headers={"Retry-After": "1"})
    log.error("%s failed at the till", type(command).__name__, exc_info=failure)
    return failure


def _busy() -> Problem:
    return Problem(503, "till-busy", headers={"Retry-After": "2"})


def _answer(batch: list[Entry], outcomes: list[Outcome]) -> None:
    """One call into each loop for the whole batch."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Deliver, Outcome]]] = defaultdict(list)
    for entry, outcome in zip(batch, outcomes, strict=True):
        by_loop[entry.loop].append((entry.deliver, outcome))
    for loop, answers in by_loop.items():
        try:
            loop.call_soon_threadsafe(_deliver, answers)
        except RuntimeError:
            log.info("%d buyers left before their answer; it stands all the same", len(answers))


def _deliver(answers: Sequence[tuple[Deliver, Outcome]]) -> None:
    for deliver, outcome in answers:
        try:
            deliver(outcome)
        except Exception:
            log.exception("an answer of the till could not be given; it stands all the same")


def _resolve(answer: "asyncio.Future[Any]", outcome: Outcome) -> None:
    if answer.done():
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
