"""kill -9 at any moment of a drop: nothing acknowledged is lost, nothing is done twice, every unit is there.

`GOLMOK_TEST_KILLS` says how often; hundreds are for a night.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from subprocess import Popen

import pytest

from golmok.domain.festas.models import Show
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.shops.models import Variant
from tests.domain import books
from tests.domain.conftest import offer_product, open_show, other_shop
from tests.domain.processes import running
from tests.drop.buyers import Drop, Trip

KILLS = int(os.environ.get("GOLMOK_TEST_KILLS", "15"))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120 + 10 * KILLS)]
BUYERS = 12
UNITS = 12
"""Of each of the goods, dropped anew in each round; they are fewer than the wishes."""
MOMENTS = ("never", "never", "before_commit", "after_commit", "half_written", "while_expiring")
ENOUGH = 150
"""Answers after which a round is killed from outside, whatever it was to die of."""


class Till:
    """A till in a process that can be killed and begins again."""

    def __init__(self, process: "Popen[bytes]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self.address = f"http://127.0.0.1:{self._said()}"
        self._pid = 0

    def begin(self, moment: str, count: int) -> None:
        self._stdin.write(f"{moment} {count}\n".encode())
        self._stdin.flush()
        self._pid = int(self._said())

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it may have died by itself just now
            os.kill(self._pid, signal.SIGKILL)

    def until_dead(self) -> None:
        assert self._said() == "dead"

    def _said(self) -> str:
        return self._stdout.readline().decode().strip()


@contextmanager
def till(monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    monkeypatch.setenv("GOLMOK_HOLD_SECONDS", "1")
    monkeypatch.setenv("GOLMOK_TILL_AT_ONCE", "10000")
    with running("tests.drop.till") as process:
        yield Till(process)


async def one_round(drop: Drop, server: Till, enough: int) -> bool:
    """Buyers rush to it; it is killed after so many answers, unless it died by itself: whether it did."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        death = loop.run_in_executor(pool, server.until_dead)
        await drop.rush(server.address, BUYERS, enough, death)
        died = death.done()
        if not died:
            server.kill()
        await death
    return died


def goods() -> list[Variant]:
    first = open_show(units=UNITS)
    show = Show.objects.get()
    return [first, offer_product(first.product.shop, show, units=UNITS), other_shop(show)]


def test_killed_at_any_moment_nothing_is_lost_or_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    variants, chance, deaths = goods(), random.Random(KILLS), Counter[str]()
    drop = Drop([(one.pk, Show.objects.get().pk) for one in variants], seed=KILLS)
    with till(monkeypatch) as server:
        for number in range(1, KILLS + 1):
            for one in variants:
                put_on_sale(one, UNITS * number)
            moment = MOMENTS[number % len(MOMENTS)]
            server.begin(moment, chance.randint(1, 30))
            enough = chance.randint(1, 80) if moment == "never" else ENOUGH
            died = asyncio.run(one_round(drop, server, enough))
            deaths[moment if died else "never"] += 1
            assert books.wrongs() == []
        server.begin("never", 0)
        asyncio.run(one_round(drop, server, 0))
    assert books.wrongs() == []
    assert_all_acknowledged_is_there(drop.trips)
    print(figures(drop), dict(deaths))


def assert_all_acknowledged_is_there(trips: list[Trip]) -> None:
    assert [trip for trip in trips if not trip.is_done] == [], "never answered"
    status = dict(Order.objects.values_list("number", "status"))
    paid = {number for number, state in status.items() if state == Order.Status.PAID}
    assert [trip for trip in trips if not set(trip.numbers) <= status.keys()] == [], "lost"
    assert [trip for trip in trips if not set(trip.paid) <= paid] == [], "paid and not delivered"
    assert [trip for trip in trips if trip.doubled] == [], "a key with two answers"
    assert [trip for trip in trips if trip.given_up and paid & set(trip.numbers)] == [], "given up, then sold"
    buyers = Checkout.objects.exclude(placed_at=None).values_list("buyer", flat=True)
    assert [buyer for buyer, times in Counter(buyers).items() if times > 1] == [], "ordered twice"
    money = PaymentEvent.objects.values_list("checkout__buyer", flat=True)
    assert [buyer for buyer, times in Counter(money).items() if times > 1] == [], "paid twice"
    assert any(trip.paid for trip in trips)


def figures(drop: Drop) -> str:
    ordered = sum(len(trip.numbers) for trip in drop.trips)
    paid = sum(len(trip.paid) for trip in drop.trips)
    return f"{KILLS} kills, {drop.answers} answers, {ordered} orders acknowledged, {paid} of them as paid"
