"""A till that is busy for as long as a test wants, and who stands before it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx

from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.writer import Deliver, Writer
from golmok.problems import Problem
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from golmok.web.till.line import WaitingLine
from tests.serving import served
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, Json, said
from tests.web.till.conftest import door_to

LINE = f"{PATH}/line"
PATIENCE = 30.0


class Gate:
    """Between the line and the real writer: lets commands through, holds them back, or refuses them."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._held: list[tuple[asyncio.AbstractEventLoop, Command[Any], Deliver]] = []
        self._lock = threading.Lock()
        self._is_open = True
        self.failures = 0
        """So many commands more find the database gone."""

    def put(self, command: Command[Any], deliver: Deliver) -> None:
        with self._lock:
            if self.failures:
                self.failures -= 1
                asyncio.get_running_loop().call_soon(deliver, Problem(503, "till-busy"))
            elif self._is_open:
                self._writer.put(command, deliver)
            else:
                self._held.append((asyncio.get_running_loop(), command, deliver))

    def close(self) -> None:
        self._is_open = False

    def open(self) -> None:
        self._is_open = True
        while self._held:
            self._let_one()

    def let_the_next_come(self) -> None:
        """One is decided, and the next stands before the writer."""
        self._let_one()
        until(lambda: self.holds == 1)

    @property
    def holds(self) -> int:
        return len(self._held)

    def _let_one(self) -> None:
        with self._lock:
            loop, command, deliver = self._held.pop(0)
        loop.call_soon_threadsafe(self._writer.put, command, deliver)

    @contextmanager
    def staffed(self) -> Iterator[None]:
        self._writer.start()
        try:
            yield
        finally:
            self.open()
            self._writer.stop()

    @property
    def writer(self) -> Writer:
        return self._writer


class Rush:
    """One wish to buy is before the writer at a time; the others wait."""

    def __init__(self, gate: Gate, address: str) -> None:
        self.gate = gate
        self.address = address
        self.client = httpx.Client(base_url=address)

    def buyer(self, language: str = "ko") -> "Waiter":
        return Waiter(self.client, language)

    @contextmanager
    def busy(self, day: FestaDay) -> Iterator[None]:
        """Somebody who wants what there is not stands before everyone else, until the end of the block."""
        self.gate.close()
        with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=self.address, timeout=PATIENCE) as client:
            first = pool.submit(Buyer(client).start, day, 99)
            try:
                until(lambda: self.gate.holds == 1)
                yield
            finally:
                self.gate.open()
            first.result()


@contextmanager
def rush(**line: int) -> Iterator[Rush]:
    """The till by its door, with a line of `line`'s measures."""
    gate = Gate()
    measures: dict[str, Any] = {"per_address": 500, "keep_seconds": 600, "room": 1}
    with gate.staffed():
        counter = Counter(gate.writer, WaitingLine(gate.put, **(measures | line)))
        with served(TillApp(counter), door_to(counter)) as address:
            one = Rush(gate, address)
            with one.client:
                yield one


class Waiter(Buyer):
    """A buyer who may have to wait."""

    def press(self, day: FestaDay, quantity: int = 1, address: str = "") -> httpx.Response:
        lines = [{"variant": day.variant.pk, "quantity": quantity, "show": day.show.pk}]
        headers = {"X-Forwarded-For": address} if address else {}
        return self.send("POST", PATH, {"lines": lines}, **headers)

    def stand(self, day: FestaDay, quantity: int = 1, address: str = "") -> Json:
        """The place that pressing gave."""
        return said(self.press(day, quantity, address), 202)

    def ask(self) -> httpx.Response:
        return self.send("GET", LINE)

    def leave(self) -> httpx.Response:
        return self.send("DELETE", LINE)

    def outcome(self) -> httpx.Response:
        """Asks until there is one."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self.ask()).status_code == 202:
            assert time.monotonic() < deadline
            time.sleep(0.3)
        return answer


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)
