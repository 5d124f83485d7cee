"""Money whose message got lost is found by asking."""

from contextlib import suppress
from datetime import timedelta

import pytest

from golmok.domain.orders import actions
from golmok.domain.orders.gateways.gateway import Refused
from golmok.domain.orders.models import PaymentEvent
from golmok.domain.shops.models import Variant
from tests.buying import fresh, hold, let_expire, numbers, pay, place
from tests.domain.gateways.alley import Alley

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_payment_nobody_told_of_is_found(alley: Alley, variant: Variant) -> None:
    checkout = alley.placed((variant, 1))
    alley.confirm(checkout)
    alley.reconcile()
    assert fresh(checkout).status == "placed" or fresh(checkout).status == "paid"

    alley.reconcile(2 * MINUTE)

    assert fresh(checkout).status == "paid"
    assert numbers(variant) == (0, 1, 4)


def test_it_is_found_after_the_hold_ran_out_too(alley: Alley, variant: Variant) -> None:
    checkout = alley.placed((variant, 1))
    alley.reconcile()
    let_expire(checkout)
    actions.give_back_expired(checkout.expires_at + DAY)
    assert fresh(checkout).status == "over"
    alley.confirm(checkout)

    alley.reconcile(2 * DAY)

    assert fresh(checkout).status == "paid"
    assert numbers(variant) == (0, 1, 4)


def test_each_step_asks_once_and_the_steps_grow(alley: Alley, variant: Variant) -> None:
    alley.placed((variant, 1))
    alley.reconcile()
    asked = [alley.reconcile(minutes * MINUTE) for minutes in (0.5, 2, 2.5, 4, 9, 11, 31, 60, 91, 200)]

    assert asked == [0, 1, 0, 1, 0, 1, 1, 0, 1, 0]
    assert alley.reconcile(4 * DAY) == 1
    assert alley.reconcile(9 * DAY) == 0


def test_a_restart_forgets_no_turn(alley: Alley, variant: Variant) -> None:
    checkout = alley.placed((variant, 1))
    alley.reconcile()
    alley.confirm(checkout)
    alley.restart()

    assert alley.reconcile(2 * DAY) == 1
    assert fresh(checkout).status == "paid"


def test_paid_checkouts_and_the_test_gateway_are_left_alone(alley: Alley, variant: Variant) -> None:
    alley.bought((variant, 1))
    place(hold(variant, buyer="guest:b"))
    alley.fake.asked.clear()

    assert alley.reconcile(2 * MINUTE) == 0
    assert alley.fake.asked == []


def test_one_that_is_not_reached_keeps_nobody_from_the_next(alley: Alley, variant: Variant) -> None:
    first, second = alley.placed((variant, 1)), alley.placed((variant, 1), buyer="guest:b")
    for checkout in (first, second):
        alley.confirm(checkout)
    alley.fake.faults.fail = 1

    alley.reconcile(2 * MINUTE)
    assert sorted([fresh(first).status, fresh(second).status]) == ["paid", "placed"]
    alley.reconcile(4 * MINUTE)
    assert [fresh(first).status, fresh(second).status] == ["paid", "paid"]
    assert PaymentEvent.objects.count() == 2


def test_money_of_a_payment_that_was_declined_before_is_money(alley: Alley, variant: Variant) -> None:
    checkout = alley.placed((variant, 1))
    bad_card = alley.through_the_window(checkout, "한도초과")
    with suppress(Refused):
        alley.confirm(checkout, bad_card)
    alley.ask(checkout)
    assert fresh(checkout).status == "placed"
    alley.fake.payments[bad_card["paymentKey"]] |= {
        "status": "DONE",
        "approvedAt": "2026-07-20T19:00:00+09:00",
    }

    alley.ask(checkout)
    assert fresh(checkout).status == "paid"
    assert [event.kind for event in PaymentEvent.objects.all()] == ["declined", "approved"]


def test_an_event_that_is_told_otherwise_is_logged_and_stays(
    variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    checkout = pay(place(hold(variant)), reference="told-before")
    assert not caplog.records
    pay(checkout, reference="told-before")
    assert not caplog.records
    pay(checkout, 1, reference="told-before")
    assert f"approved {checkout.total}, now as approved 1" in caplog.text
    assert fresh(checkout).paid == checkout.total
