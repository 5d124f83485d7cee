"""The till's writer: many at once in one transaction, and other processes beside it."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from django.db import OperationalError

from golmok.domain.orders.models import Checkout
from golmok.domain.orders.till import writer as module
from golmok.domain.orders.till.batch import decide
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Writer
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import numbers
from tests.domain.conftest import open_show
from tests.domain.processes import ROOT, address_of_the_test_database

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def open_till() -> Iterator[Writer]:
    writer = Writer()
    writer.start()
    try:
        yield writer
    finally:
        writer.stop()


def start(variant: Variant, number: int) -> Start:
    return Start(f"guest:{number}", (Line(variant.pk, 1, "nangok"),), 600)


async def outcome(writer: Writer, command: Start) -> str:
    try:
        await writer.ask(command)
    except Problem as refusal:
        return refusal.code
    return "kept"


def test_of_two_hundred_at_once_fifty_get_one_of_fifty_units_in_a_few_transactions() -> None:
    variant = open_show(units=50)
    batches: list[int] = []

    def counted(commands: list[Start]) -> object:
        batches.append(len(commands))
        return decide(commands)

    async def rush(writer: Writer) -> list[str]:
        return await asyncio.gather(*(outcome(writer, start(variant, number)) for number in range(200)))

    with patch.object(module, "decide", counted), open_till() as writer:
        got = asyncio.run(rush(writer))
    assert Counter(got) == {"kept": 50, "sold-out": 150}
    assert got == ["kept"] * 50 + ["sold-out"] * 150, "in order of arrival"
    assert numbers(variant) == (50, 0, 0)
    assert sum(batches) == 200
    assert len(batches) < 20


@dataclass(frozen=True)
class Poison:
    """Does half of something, then fails for a reason that nobody foresaw."""

    variant_id: int

    def wants(self) -> Wants:
        return Wants(variants=[self.variant_id])

    def decide(self, ledger: Ledger) -> None:
        ledger.stocks[self.variant_id].held += 1
        ledger.touch_stock(ledger.stocks[self.variant_id])
        raise ZeroDivisionError


def test_one_that_fails_costs_nobody_else_the_sale() -> None:
    variant = open_show(units=9)

    async def rush(writer: Writer) -> list[object]:
        good = [writer.ask(start(variant, number)) for number in range(8)]
        return await asyncio.gather(
            *good[:4], writer.ask(Poison(variant.pk)), *good[4:], return_exceptions=True
        )

    with open_till() as writer:
        got = asyncio.run(rush(writer))
    assert isinstance(got.pop(4), ZeroDivisionError)
    assert not [one for one in got if isinstance(one, Exception)]
    assert numbers(variant) == (8, 0, 1)


def test_when_the_database_is_gone_everybody_hears_it_at_once() -> None:
    variant = open_show(units=9)

    def gone(_commands: object) -> object:
        raise OperationalError("the server closed the connection")

    async def rush(writer: Writer) -> list[str]:
        return await asyncio.gather(*(outcome(writer, start(variant, number)) for number in range(20)))

    with open_till() as writer:
        with patch.object(module, "decide", gone):
            assert asyncio.run(rush(writer)) == ["till-busy"] * 20
        assert asyncio.run(outcome(writer, start(variant, 1))) == "kept"


def test_a_line_that_was_lost_costs_no_sale() -> None:
    variant = open_show(units=9)
    lost = iter([True])

    def once(commands: list[Start]) -> object:
        if next(lost, False):
            raise OperationalError("terminating connection")
        return decide(commands)

    with open_till() as writer, patch.object(module, "decide", once):
        assert asyncio.run(outcome(writer, start(variant, 1))) == "kept"


def test_a_full_queue_refuses() -> None:
    variant = open_show(units=9)
    with open_till() as writer, patch.object(module, "LONGEST_QUEUE", 0):
        assert asyncio.run(outcome(writer, start(variant, 1))) == "till-busy"


def test_one_buyer_in_four_tabs_keeps_one_checkout() -> None:
    """Each in a process of its own, or so they might be: real threads, real connections."""
    variant = open_show(units=9)
    tills = [Writer() for _ in range(4)]
    for till in tills:
        till.start()

    async def rush() -> list[str]:
        return await asyncio.gather(*(outcome(till, start(variant, 1)) for till in tills))

    try:
        assert asyncio.run(rush()) == ["kept"] * 4
    finally:
        for till in tills:
            till.stop()
    assert Checkout.objects.filter(status=Checkout.Status.OPEN).count() == 1
    assert numbers(variant) == (1, 0, 8)


def test_who_leaves_before_the_answer_disturbs_nobody() -> None:
    variant = open_show(units=2)

    async def rush(writer: Writer) -> str:
        gone = asyncio.create_task(outcome(writer, start(variant, 1)))
        await asyncio.sleep(0)
        gone.cancel()
        return await outcome(writer, start(variant, 2))

    with open_till() as writer:
        assert asyncio.run(rush(writer)) == "kept"
    assert numbers(variant)[0] in (1, 2), "for who left before their turn nothing need be taken"


def test_three_processes_sell_each_unit_once() -> None:
    variant = open_show(units=60)
    with nursery() as first, nursery() as second, nursery() as third:
        sellers = [first, second, third]
        for seller in sellers:
            seller.begin(variant, rounds=4)
        said = [seller.until_dead() for seller in sellers]
    paid = [word for words in said for word in words if word.startswith("paid ")]
    assert len(paid) == len(set(paid)) == 60
    assert sum(word == "refused sold-out" for words in said for word in words) == 3 * 12 * 4 - 60
    assert numbers(variant) == (0, 60, 0)


class Seller:
    """A process that sells, told to begin again and again."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def begin(self, variant: Variant, rounds: int) -> None:
        self._stdin.write(f"{variant.pk} {variant.product.shop_id} nangok {rounds}\n")
        self._stdin.flush()
        while not self._stdout.readline().startswith("seller "):
            pass

    def until_dead(self) -> list[str]:
        return [word.strip() for word in iter(self._stdout.readline, "dead\n")]


@contextmanager
def nursery() -> Iterator[Seller]:
    command = [sys.executable, "-m", "tests.domain.drop"]
    environment = os.environ | {"DATABASE_URL": address_of_the_test_database()}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Seller(process)
        finally:
            process.kill()
