"""Making sure of the goods just before money is taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, Hold, Order
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.reserve import KEPT_FOR_PAYMENT, PAYABLE_FOR, LetGo, Reserve
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, keep, let_expire, numbers, pay, place
from tests.domain.conftest import other_shop


def reserve(checkout: Checkout, buyer: str | None = None) -> Checkout:
    run(Reserve(buyer, checkout.pk.hex))
    return fresh(checkout)


def refused(checkout: Checkout, buyer: str | None = None) -> Problem:
    """What is said; and the checkout is as it was."""
    before = fresh(checkout)
    with pytest.raises(Problem) as refusal:
        reserve(checkout, buyer)
    after = fresh(checkout)
    assert (after.status, after.expires_at) == (before.status, before.expires_at)
    return refusal.value


def about_to_expire(checkout: Checkout) -> None:
    soon = timezone.now() + timedelta(seconds=5)
    Checkout.objects.filter(pk=checkout.pk).update(expires_at=soon)
    Hold.objects.filter(checkout=checkout).update(expires_at=soon)


def test_what_runs_out_soon_is_kept_long_enough_to_pay(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    about_to_expire(placed)
    reserved = reserve(placed)
    assert reserved.expires_at >= timezone.now() + KEPT_FOR_PAYMENT - timedelta(seconds=5)
    assert reserved.holds.get().expires_at == reserved.expires_at
    assert actions.give_back_expired(timezone.now() + KEPT_FOR_PAYMENT / 2) == 0
    assert numbers(variant) == (2, 0, 3)


def test_who_has_time_left_keeps_it(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    assert reserve(placed).expires_at == placed.expires_at


def test_nobody_keeps_goods_by_coming_back_to_pay_again_and_again(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    now = began = timezone.now()
    with pytest.raises(Problem, match="hold-gone"):
        while now < began + timedelta(hours=2):
            run(Reserve(None, placed.pk.hex), now)
            now += timedelta(minutes=1)
    assert fresh(placed).expires_at <= began + PAYABLE_FOR
    let_expire(placed)
    hold(variant, 5, buyer="guest:b")


def test_who_has_a_day_to_pay_may_pay_all_day(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    day = timezone.now() + timedelta(days=1)
    Checkout.objects.filter(pk=placed.pk).update(expires_at=day)
    Hold.objects.update(expires_at=day)
    run(Reserve(None, placed.pk.hex), day - timedelta(hours=1))
    assert fresh(placed).expires_at == day


def let_go(checkout: Checkout) -> Checkout:
    """Its payment was refused."""
    kept = run(Reserve(None, checkout.pk.hex))
    run(LetGo(checkout.pk.hex, kept.before, kept.until))
    return fresh(checkout)


def test_a_refused_payment_gives_no_time(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    about_to_expire(placed)
    before = fresh(placed).expires_at
    after = let_go(placed)
    assert (after.expires_at, after.holds.get().expires_at) == (before, before)


def test_a_refused_payment_after_the_time_leaves_the_goods_to_others(variant: Variant) -> None:
    placed = place(hold(variant, 5))
    let_expire(placed)
    actions.give_back_expired(timezone.now())
    let_go(placed)
    assert hold(variant, 5, buyer="guest:b").holds.get().status == Hold.Status.HELD


def test_a_refused_payment_takes_no_time_from_another_that_is_under_way(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    about_to_expire(placed)
    first = run(Reserve(None, placed.pk.hex))
    second = run(Reserve(None, placed.pk.hex))
    run(LetGo(placed.pk.hex, first.before, first.until))
    assert fresh(placed).expires_at == fresh(placed).holds.get().expires_at == second.until


def test_what_was_paid_meanwhile_stays_sold(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    kept = run(Reserve(None, placed.pk.hex))
    pay(placed)
    run(LetGo(placed.pk.hex, kept.before, kept.until))
    assert (fresh(placed).status, numbers(variant)) == ("paid", (0, 2, 3))
    with pytest.raises(Problem, match="checkout-unknown"):
        run(LetGo("0" * 32, kept.before, kept.until))


def test_what_ran_out_is_taken_again(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    let_expire(placed)
    assert hold(variant, 3, buyer="guest:b")
    assert numbers(variant) == (3, 0, 2)
    reserve(placed)
    assert numbers(variant) == (5, 0, 0)
    assert pay(placed).orders.get().status == Order.Status.PAID


def test_a_checkout_that_the_sweeper_closed_is_open_again(variant: Variant) -> None:
    placed = place(hold(variant, 2))
    let_expire(placed)
    assert actions.give_back_expired(timezone.now()) == 1
    assert fresh(placed).status == Checkout.Status.OVER
    reserved = reserve(placed)
    assert reserved.status == Checkout.Status.PLACED
    assert reserved.orders.get().status == Order.Status.AWAITING_PAYMENT
    assert numbers(variant) == (2, 0, 3)


def test_one_line_that_is_gone_refuses_the_whole_and_is_named(variant: Variant, show: Show) -> None:
    bagels = other_shop(show)
    placed = place(keep((variant, 2), (bagels, 2)))
    let_expire(placed)
    hold(bagels, 2, buyer="guest:b")
    problem = refused(placed)
    assert (problem.status, problem.code) == (409, "sold-out")
    assert problem.facts["lines"] == [{"variant": bagels.pk, "code": "not-enough-left", "left": 1}]
    assert numbers(variant) == (0, 0, 5)


def test_what_the_merchant_closed_meanwhile_is_not_taken_again(
    variant: Variant, show: Show, merchant: User
) -> None:
    kept, ran_out = place(hold(variant, 1, buyer="guest:a")), place(hold(variant, 1, buyer="guest:b"))
    let_expire(ran_out)
    actions.mark_sold_out(variant, show, merchant)
    assert refused(ran_out).facts["lines"] == [{"variant": variant.pk, "code": "sold-out"}]
    assert reserve(kept).status == Checkout.Status.PLACED


def test_the_cap_holds_for_what_is_taken_again(variant: Variant) -> None:
    Offer.objects.update(per_buyer_cap=3)
    placed = place(hold(variant, 2))
    let_expire(placed)
    actions.give_back_expired(timezone.now())
    hold(variant, 2)
    assert refused(placed).facts["lines"] == [{"variant": variant.pk, "code": "per-buyer-cap", "cap": 3}]


def test_who_gave_up_or_never_ordered_cannot_pay(variant: Variant) -> None:
    given_up, only_kept = place(hold(variant, 1)), hold(variant, 1, buyer="guest:b")
    actions.give_up_checkout(given_up.pk, given_up.buyer)
    assert refused(given_up).code == "hold-gone"
    assert refused(only_kept).code == "nothing-to-pay"
    let_expire(only_kept)
    actions.give_back_expired(timezone.now())
    assert refused(only_kept).code == "hold-gone"


def test_nobody_pays_twice(variant: Variant) -> None:
    placed = place(hold(variant, 1))
    pay(placed)
    assert refused(placed).code == "paid-already"


def test_only_the_buyer_or_the_gateway_reserves(variant: Variant) -> None:
    placed = place(hold(variant, 1))
    assert refused(placed, "guest:b").code == "checkout-unknown"
    assert reserve(placed, "guest:a").status == Checkout.Status.PLACED
    with pytest.raises(Problem, match="checkout-unknown"):
        run(Reserve(None, "0" * 32))
