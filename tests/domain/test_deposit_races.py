"""Two organisers at the same moment: a deposit is kept once, and a transfer is paid by one of two."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from golmok.domain.accounts.models import User
from golmok.domain.orders import deposits
from golmok.domain.orders.deposits import assign_deposit, deposits_to_do, match_deposits, read_deposits
from golmok.domain.orders.models import Checkout, Deposit, PaymentEvent
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.domain.conftest import open_show
from tests.domain.test_deposits import line, placed

pytestmark = pytest.mark.django_db(transaction=True)
MEETING = 1.0
"""Seconds that the first waits for the second, who does not come when a lock holds him."""


@pytest.fixture
def variant(transactional_db: None) -> Variant:
    return open_show()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each got: a result, or the code of the problem."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> object:
        try:
            start.wait()
            return deed()
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


@contextmanager
def meeting_after(name: str) -> Iterator[None]:
    """Both have read what they decide on before one writes, unless a lock keeps them apart."""
    original, both = getattr(deposits, name), Barrier(2)

    def read_and_wait(*values: object) -> object:
        read = original(*values)
        with suppress(BrokenBarrierError):
            both.wait(MEETING)
        return read

    with patch.object(deposits, name, read_and_wait):
        yield


def test_the_same_statement_twice_at_once_adds_nothing(variant: Variant) -> None:
    checkout = placed(variant)
    lines = [line("김서울", checkout.total), line("이자", 7)]
    one, two = at_once(lambda: read_deposits(lines), lambda: read_deposits(lines))
    assert one.new + two.new == 2 and one.matched + two.matched == 1
    assert (Deposit.objects.count(), PaymentEvent.objects.count()) == (2, 1)


def test_of_two_alike_only_one_pays_the_transfer(variant: Variant) -> None:
    checkout = placed(variant)
    with patch.object(deposits, "match_deposits", return_value=0):
        read_deposits([line("김서울", checkout.total), line("김서울", checkout.total, nth=2)])
    with meeting_after("_awaited"):
        assert sorted(at_once(match_deposits, match_deposits)) == [0, 1]
    assert Checkout.objects.get(pk=checkout.pk).paid == checkout.total
    assert len(deposits_to_do()) == 1


def test_a_deposit_goes_to_one_of_two_orders(variant: Variant) -> None:
    first, second = placed(variant), placed(variant, "이서울")
    organiser = User.objects.create(username="organiser")
    read_deposits([line("박엄마", first.total)])
    key = Deposit.objects.get().pk
    with meeting_after("_free"):
        got = at_once(*(lambda to=one: assign_deposit(key, to.pk, organiser) for one in (first, second)))
    assert got.count("deposit-assigned") == 1
    paid = [Checkout.objects.get(pk=one.pk).paid for one in (first, second)]
    assert sorted(paid) == [0, first.total]
