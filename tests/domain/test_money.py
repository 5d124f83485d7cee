"""Money: what follows from payment events, in whatever order and however late they come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, keep, let_expire, numbers, order, pay, place, refund
from tests.domain.conftest import offer_product, other_shop


def test_a_declined_payment_leaves_the_order_waiting(variant: Variant) -> None:
    placed = order(hold(variant))
    actions.record_payment(
        placed.checkout_id, gateway="test", reference="no", kind=PaymentEvent.Kind.DECLINED, amount=1
    )
    assert fresh(placed).status == Order.Status.AWAITING_PAYMENT
    assert pay(placed).status == Order.Status.PAID


def test_money_in_two_parts_is_paid_when_it_is_whole(variant: Variant) -> None:
    placed = order(hold(variant))
    assert pay(placed, 1000).status == Order.Status.AWAITING_PAYMENT
    assert pay(placed, placed.total - 1000).status == Order.Status.PAID


def test_paying_twice_is_owed_back(variant: Variant) -> None:
    placed = order(hold(variant))
    pay(placed)
    assert pay(placed.checkout).refund_due == placed.total
    assert numbers(variant) == (0, 1, 4)


def test_late_money_buys_when_there_is_some_left(variant: Variant) -> None:
    placed = order(hold(variant, 2))
    actions.give_back_expired(timezone.now() + timedelta(minutes=11))
    paid = pay(placed)
    assert (paid.status, paid.refund_due) == (Order.Status.PAID, 0)
    assert numbers(variant) == (0, 2, 3)


def test_late_money_for_gone_goods_is_kept_and_owed_back(variant: Variant, show: Show) -> None:
    other = offer_product(variant.product.shop, show, units=9)
    kept = keep((variant, 5), (other, 1))
    placed = order(kept)
    let_expire(kept)
    pay(order(hold(variant, 1, buyer="guest:b")))
    late = pay(placed)
    assert (late.status, late.refund_due) == (Order.Status.CANCELLED, placed.total)
    assert numbers(variant) == (0, 1, 4)
    assert numbers(other) == (0, 0, 9)
    assert refund(placed, placed.total).refund_due == 0


def test_money_after_the_buyers_own_cancelling_is_owed_back(variant: Variant) -> None:
    placed = order(hold(variant, 2))
    actions.give_up_checkout(placed.checkout_id, "guest:a")
    assert fresh(placed).status == Order.Status.CANCELLED
    assert numbers(variant) == (0, 0, 5)
    assert pay(placed.checkout).refund_due == placed.total
    assert fresh(placed).status == Order.Status.CANCELLED


def test_a_refunded_order_gives_its_units_back(variant: Variant) -> None:
    placed = order(hold(variant, 2))
    pay(placed)
    with pytest.raises(Problem, match="order-not-cancellable"):
        actions.give_up_checkout(placed.checkout_id, "guest:a")
    assert refund(placed, 1).status == Order.Status.PAID
    assert refund(placed, placed.total - 1).status == Order.Status.CANCELLED
    assert numbers(variant) == (0, 0, 5)


def test_a_payment_belongs_to_one_order(variant: Variant) -> None:
    pay(order(hold(variant)), reference="r")
    with pytest.raises(Problem, match="payment-of-another-order"):
        pay(order(hold(variant)), reference="r")


def test_a_refund_told_before_its_payment_ends_the_same(variant: Variant, show: Show) -> None:
    ends = []
    for order_first in (True, False):
        placed = place(keep((variant, 1), (other_shop(show), 1), buyer=f"guest:{order_first}"))
        one = placed.orders.order_by("shop__slug")[0]
        steps = [lambda one=one: refund(one, one.total), lambda placed=placed: pay(placed)]
        for step in steps if order_first else reversed(steps):
            step()
        done = fresh(placed)
        states = done.orders.order_by("shop__slug").values_list("status", flat=True)
        ends.append((done.status, list(states), done.refund_due))
    assert ends[0] == ends[1] == ("paid", ["cancelled", "paid"], 0)


def test_a_declined_attempt_never_sells(variant: Variant) -> None:
    kept = hold(variant, 2)
    placed = order(kept)
    let_expire(kept)
    hold(variant, 5, buyer="guest:b")
    pay(placed)
    actions.give_up_checkout(Checkout.objects.get(buyer="guest:b").pk, "guest:b")
    actions.record_payment(
        kept.pk, gateway="test", reference="late no", kind=PaymentEvent.Kind.DECLINED, amount=1
    )
    assert fresh(placed).status == Order.Status.CANCELLED
    assert numbers(variant) == (0, 0, 5)


def test_a_refund_that_names_a_strange_order_is_kept_all_the_same(variant: Variant) -> None:
    mine, theirs = order(hold(variant)), order(hold(variant, buyer="guest:b"))
    pay(mine)
    actions.record_payment(
        mine.checkout_id,
        gateway="test",
        reference="r",
        kind=PaymentEvent.Kind.REFUNDED,
        amount=100,
        order=theirs.number,
    )
    event = PaymentEvent.objects.get(reference="r")
    assert (event.checkout, event.order) == (mine.checkout, None)
    assert fresh(mine.checkout).paid == mine.total - 100


def test_late_money_does_not_pass_the_cap(variant: Variant) -> None:
    Offer.objects.update(per_buyer_cap=1)
    first = hold(variant)
    place(first)
    let_expire(first)
    second = place(hold(variant))
    assert pay(second).orders.get().status == Order.Status.PAID
    late = pay(fresh(first))
    assert (late.orders.get().status, late.refund_due) == (Order.Status.CANCELLED, late.total)


def test_cancelling_after_the_time_is_up_counts(variant: Variant) -> None:
    kept = hold(variant)
    placed = order(kept)
    actions.give_back_expired(timezone.now() + timedelta(minutes=11))
    actions.give_up_checkout(kept.pk, "guest:a")
    assert pay(placed.checkout).refund_due == placed.total
    assert numbers(variant) == (0, 0, 5)


def test_no_won_is_promised_back_twice(variant: Variant, show: Show) -> None:
    kept = keep((variant, 5), (other_shop(show), 3))
    placed = place(kept)
    let_expire(kept)
    hold(variant, 1, buyer="guest:b")
    keep((Variant.objects.exclude(pk=variant.pk).get(), 1), buyer="guest:c")
    pay(placed)
    first = placed.orders.order_by("shop_id")[0]
    refund(first, 30_000, whole=True)
    done = fresh(placed)
    assert sum(one.refund_due for one in done.orders.all()) == done.refund_due == placed.total - 30_000


def test_money_that_came_before_the_orders_pays_them(variant: Variant) -> None:
    kept = hold(variant)
    actions.record_payment(
        kept.pk, gateway="test", reference="early", kind=PaymentEvent.Kind.APPROVED, amount=12_900
    )
    assert order(kept).status == Order.Status.PAID


def test_a_part_that_went_back_is_not_counted_when_the_rest_comes_late(variant: Variant) -> None:
    kept = hold(variant)
    placed = order(kept)
    pay(placed, 5000)
    let_expire(kept)
    refund(placed, 5000, whole=True)
    late = pay(placed.checkout, placed.total - 5000)
    assert (late.status, late.refund_due) == (Checkout.Status.PLACED, 0)
    actions.give_back_expired(timezone.now())
    assert fresh(late).refund_due == placed.total - 5000
    assert numbers(variant) == (0, 0, 5)
