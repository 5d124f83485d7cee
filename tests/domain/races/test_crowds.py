"""The last unit, wanted by several at once: real threads, real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from golmok.domain.orders.models import Checkout
from golmok.problems import Problem
from tests.buying import hold, let_expire, numbers, order, pay
from tests.domain.conftest import open_show

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 6


def at_once(action: Callable[[int], object]) -> list[object]:
    """What each of six threads, let go together, got: the answer or the code of the problem."""
    together = Barrier(BUYERS)

    def run(number: int) -> object:
        together.wait()
        try:
            return action(number)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(run, range(BUYERS)))


def test_the_last_unit_goes_to_one_of_six() -> None:
    variant = open_show(units=1)
    got = at_once(lambda number: hold(variant, buyer=f"guest:{number}"))
    assert sum(isinstance(one, Checkout) for one in got) == 1
    assert got.count("sold-out") == BUYERS - 1
    assert numbers(variant) == (1, 0, 0)


def test_an_expired_last_unit_goes_to_one_of_six_without_a_sweep() -> None:
    variant = open_show(units=1)
    let_expire(hold(variant, buyer="guest:gone"))
    got = at_once(lambda number: hold(variant, buyer=f"guest:{number}"))
    assert sum(isinstance(one, Checkout) for one in got) == 1
    assert numbers(variant) == (1, 0, 0)


def test_the_same_order_six_times_is_one_order() -> None:
    variant = open_show()
    kept = hold(variant)
    numbers_told = at_once(lambda _number: order(kept, key="the-same").number)
    assert len(set(numbers_told)) == 1


def test_the_same_payment_six_times_is_one_payment() -> None:
    variant = open_show()
    placed = order(hold(variant, 2))
    paid = at_once(lambda _number: pay(placed, reference="the-same").status)
    assert set(paid) == {"paid"}
    assert numbers(variant) == (0, 2, 3)
    assert placed.checkout.payment_events.count() == 1
