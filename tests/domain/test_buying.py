"""Holds, orders and money."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.actions import end_show, go_on_air
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.delivery import delivery_fee
from golmok.domain.orders.models import Checkout, Order
from golmok.domain.orders.names import masked_name
from golmok.domain.orders.queries import (
    open_checkout,
    own_order,
    own_orders,
    price_now,
    stock_of,
)
from golmok.domain.orders.till.batch import decide, run
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.shops.models import Product, Shop, Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, keep, let_expire, numbers, order, pay, place, show_of
from tests.domain.conftest import offer_product, other_shop


def test_a_hold_keeps_units_at_the_live_price(variant: Variant) -> None:
    kept = hold(variant, 2).holds.get()
    assert (kept.unit_price, kept.goods_total) == (9900, 19800)
    assert numbers(variant) == (2, 0, 3)
    assert kept_now() == kept.checkout


def test_more_than_left_is_refused_with_what_is_left(variant: Variant) -> None:
    hold(variant, 3)
    with pytest.raises(Problem) as refusal:
        hold(variant, 3, buyer="guest:b")
    assert (refusal.value.code, refusal.value.facts) == ("not-enough-left", {"left": 2})


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_an_impossible_quantity_is_refused(variant: Variant, quantity: int) -> None:
    with pytest.raises(Problem, match="bad-quantity"):
        hold(variant, quantity)


def test_nobody_is_blocked_by_his_own_hold(variant: Variant) -> None:
    hold(variant, 5)
    hold(variant, 4)
    assert numbers(variant) == (4, 0, 1)


def keeps_within(variant: Variant, minutes: list[int]) -> Checkout:
    """What guest:a keeps after starting at each of these moments."""
    now = timezone.now()
    line = Line(variant.pk, 1, show_of(variant))
    for minute in minutes:
        kept = run(Start("guest:a", (line,), 600), now + timedelta(minutes=minute))
    return Checkout.objects.get(pk=kept.checkout.id)


def minutes_kept(checkout: Checkout) -> float:
    return (checkout.expires_at - checkout.started_at).total_seconds() / 60


def test_who_changes_what_they_keep_has_time_for_the_form_anew(variant: Variant) -> None:
    assert minutes_kept(keeps_within(variant, [0, 4])) == 14


def test_nothing_is_kept_for_ever_by_starting_again(variant: Variant) -> None:
    assert minutes_kept(keeps_within(variant, [0, 9, 18, 19])) == 20
    assert keeps_within(variant, [30]).started_at > timezone.now() + timedelta(minutes=29)


def test_more_time_is_given_once_however_often_one_starts_again(variant: Variant) -> None:
    actions.extend_checkout(keeps_within(variant, [0]).pk, "guest:a")
    again = keeps_within(variant, [8])
    assert minutes_kept(again) == 20
    with pytest.raises(Problem, match="extended-before"):
        actions.extend_checkout(again.pk, "guest:a")


def test_other_goods_are_kept_for_the_whole_time(variant: Variant) -> None:
    hold(variant)
    bagels = other_shop(Show.objects.get())
    now = timezone.now() + timedelta(minutes=9)
    kept = run(Start("guest:a", (Line(bagels.pk, 1, show_of(bagels)),), 600), now).checkout
    assert (kept.started_at, kept.expires_at) == (now, now + timedelta(minutes=10))


def test_a_refused_change_keeps_the_earlier_hold(variant: Variant) -> None:
    kept = hold(variant, 2)
    with pytest.raises(Problem, match="not-enough-left"):
        hold(variant, 6)
    assert kept_now() == kept


def test_the_cap_counts_what_the_buyer_holds_and_bought(variant: Variant) -> None:
    Offer.objects.update(per_buyer_cap=3)
    pay(order(hold(variant, 2)))
    with pytest.raises(Problem) as refusal:
        hold(variant, 2)
    assert refusal.value.facts == {"cap": 3}
    hold(variant, 1)
    hold(variant, 2, buyer="guest:b")


def test_an_expired_hold_is_anybodys_at_once(variant: Variant) -> None:
    let_expire(hold(variant, 5))
    assert stock_of([variant.pk])[variant.pk].left == 5
    hold(variant, 5, buyer="guest:b")
    assert numbers(variant) == (5, 0, 0)


def test_an_expired_unpaid_order_is_anybodys_at_once(variant: Variant) -> None:
    kept = hold(variant, 5)
    order(kept)
    let_expire(kept)
    hold(variant, 5, buyer="guest:b")
    assert numbers(variant) == (5, 0, 0)


def test_the_sweeper_gives_back_and_cancels(variant: Variant) -> None:
    placed = order(hold(variant, 2))
    hold(variant, 1, buyer="guest:b")
    assert actions.give_back_expired(timezone.now()) == 0
    assert actions.give_back_expired(timezone.now() + timedelta(minutes=11)) == 2
    placed.refresh_from_db()
    assert placed.status == Order.Status.CANCELLED
    assert numbers(variant) == (0, 0, 5)


def test_only_the_buyer_releases_a_hold(variant: Variant) -> None:
    kept = hold(variant, 2)
    with pytest.raises(Problem, match="checkout-unknown"):
        actions.give_up_checkout(kept.pk, "guest:b")
    assert numbers(variant) == (2, 0, 3)
    actions.give_up_checkout(kept.pk, "guest:a")
    actions.give_up_checkout(kept.pk, "guest:a")
    assert numbers(variant) == (0, 0, 5)


def test_sold_out_by_the_merchants_word(variant: Variant, show: Show, merchant: User, stranger: User) -> None:
    kept = hold(variant, 2)
    with pytest.raises(Problem, match="not-yours"):
        actions.mark_sold_out(variant, show, stranger)
    actions.mark_sold_out(variant, show, merchant)
    with pytest.raises(Problem, match="sold-out"):
        hold(variant, 1, buyer="guest:b")
    assert pay(order(kept)).status == Order.Status.PAID
    actions.reopen_sales(variant, show, merchant)
    hold(variant, 3, buyer="guest:b")


def test_the_total_cannot_fall_below_what_is_promised(variant: Variant) -> None:
    hold(variant, 3)
    with pytest.raises(Problem) as refusal:
        actions.put_on_sale(variant, 2)
    assert refusal.value.facts == {"least": 3}
    assert actions.put_on_sale(variant, 3).left == 0


def test_an_order_takes_the_promised_price_after_the_show(
    variant: Variant, show: Show, merchant: User
) -> None:
    kept = hold(variant, 2)
    show = end_show(show, merchant)
    assert price_now(variant, show) == 12000
    placed = order(kept)
    assert (placed.goods_total, placed.delivery_fee, placed.total) == (19800, 3000, 22800)
    assert placed.phone == "010-1234-5678"
    assert hold(variant, 1, buyer="guest:b").holds.get().unit_price == 12000


def test_the_same_key_is_the_same_order(variant: Variant) -> None:
    kept = hold(variant)
    assert order(kept, key="k") == order(kept, key="k")
    with pytest.raises(Problem, match="key-reused"):
        order(kept, key="k", name="다른 이름")
    with pytest.raises(Problem, match="hold-gone"):
        order(kept, key="another")


def test_an_expired_or_foreign_hold_cannot_be_ordered(variant: Variant) -> None:
    kept = hold(variant)
    with pytest.raises(Problem, match="checkout-unknown"):
        order(kept, buyer="guest:thief")
    let_expire(kept)
    with pytest.raises(Problem, match="hold-gone"):
        order(kept)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"phone": "02-123-4567"}, "phone"),
        ({"postcode": "1234"}, "postcode"),
        ({"address": ""}, "address"),
        ({"fulfilment": "drone"}, "fulfilment-{shop}"),
        ({"memo": "가" * 201}, "memo-{shop}"),
        ({"email": "seoul@"}, "email"),
    ],
)
def test_what_is_wrong_in_the_form_is_named(variant: Variant, typed: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Problem) as refusal:
        order(hold(variant), **typed)
    assert refusal.value.code == "form-invalid"
    errors = refusal.value.facts["errors"]
    assert isinstance(errors, dict)
    assert list(errors) == [wrong.format(shop=variant.product.shop_id)]
    assert numbers(variant) == (1, 0, 4)


def test_goods_that_are_not_sent_and_need_consent(variant: Variant) -> None:
    Product.objects.update(parcel=False, withdrawal=Product.Withdrawal.PERISHABLE)
    kept = hold(variant)
    with pytest.raises(Problem) as refusal:
        order(kept)
    assert refusal.value.facts["errors"] == {
        f"fulfilment-{variant.product.shop_id}": "orders-field-no-parcel",
        "consent": "orders-field-consent-missing",
    }
    placed = order(kept, consent=True, fulfilment="pickup")
    assert placed.withdrawal_notice_at is not None
    assert (placed.delivery_fee, placed.address) == (0, "")


def test_several_lines_of_one_shop_are_one_order(variant: Variant, show: Show) -> None:
    other = offer_product(variant.product.shop, show, units=9)
    placed = pay(order(keep((variant, 1), (other, 5))))
    assert (placed.goods_total, placed.delivery_fee, placed.status) == (59400, 0, Order.Status.PAID)
    assert numbers(variant) == (0, 1, 4)
    assert numbers(other) == (0, 5, 4)


def test_delivery_is_free_from_the_shops_sum_on(variant: Variant) -> None:
    shop = variant.product.shop
    assert [delivery_fee(shop, total, "parcel") for total in (49999, 50000)] == [3000, 0]
    assert delivery_fee(shop, 1, "pickup") == 0


def test_orders_are_their_buyers_alone(variant: Variant) -> None:
    placed = order(hold(variant))
    assert own_orders("guest:a") == [placed]
    assert own_orders("guest:b") == []
    assert own_order("guest:b", placed.number) is None


@pytest.mark.parametrize(
    ("name", "masked"), [("김서울", "김*울"), ("김솔", "김*"), ("김", "김*"), ("Jane", "J**e")]
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_before_the_show_the_price_is_the_regular_one(variant: Variant, show: Show, merchant: User) -> None:
    Show.objects.update(status=Show.Status.SCHEDULED)
    show.refresh_from_db()
    assert price_now(variant, show) == 12000
    assert price_now(variant, go_on_air(show, merchant)) == 9900


def test_two_shops_are_two_orders_and_one_payment(variant: Variant, show: Show) -> None:
    bagel = other_shop(show)
    placed = place(keep((variant, 2), (bagel, 1)), memo="문 앞에")
    rice_cake, bread = placed.orders.order_by("shop__slug")
    assert (rice_cake.shop.slug, rice_cake.total, rice_cake.memo) == ("barun", 22800, "문 앞에")
    assert (bread.shop.slug, bread.total) == ("bread-1", 12400)
    assert placed.total == 35200
    assert {one.status for one in pay(placed).orders.all()} == {Order.Status.PAID}


def test_of_two_shops_the_one_whose_goods_are_gone_is_paid_back(variant: Variant, show: Show) -> None:
    bagel = other_shop(show)
    kept = keep((variant, 5), (bagel, 1))
    place(kept)
    let_expire(kept)
    hold(variant, 1, buyer="guest:b")
    paid = pay(fresh(kept))
    gone, there = paid.orders.order_by("shop__slug")
    assert (gone.status, there.status) == (Order.Status.CANCELLED, Order.Status.PAID)
    assert paid.refund_due == gone.refund_due == gone.total


def test_one_refused_line_keeps_nothing_and_all_are_named(variant: Variant, show: Show) -> None:
    bagel = other_shop(show)
    with pytest.raises(Problem) as refusal:
        keep((bagel, 1), (variant, 6))
    assert refusal.value.code == "not-enough-left"
    assert refusal.value.facts["lines"] == [{"variant": variant.pk, "code": "not-enough-left", "left": 5}]
    assert numbers(bagel) == (0, 0, 3)


def test_more_time_is_given_once(variant: Variant) -> None:
    kept = hold(variant)
    longer = actions.extend_checkout(kept.pk, "guest:a")
    assert longer.expires_at - kept.expires_at == timedelta(seconds=600)
    assert kept.holds.get().expires_at == longer.expires_at
    with pytest.raises(Problem, match="extended-before"):
        actions.extend_checkout(kept.pk, "guest:a")


@pytest.mark.parametrize(("postcode", "fee"), [("08754", 3000), ("63000", 7000), ("40200", 7000)])
def test_jeju_and_islands_cost_more(variant: Variant, postcode: str, fee: int) -> None:
    Shop.objects.update(remote_parcel_fee=4000)
    assert order(hold(variant), postcode=postcode).delivery_fee == fee


def test_a_key_is_its_buyers_own(variant: Variant) -> None:
    order(hold(variant, buyer="guest:a"), key="k")
    again, theirs = hold(variant, buyer="guest:a"), hold(variant, buyer="guest:b")
    wish = {variant.product.shop_id: ShopWish("pickup")}
    person = Recipient("김서울", "01012345678")
    commands = [Place(one.buyer, None, one.pk.hex, "k", person, wish, False) for one in (again, theirs)]
    refused, placed = decide(commands)
    assert isinstance(refused, Problem) and refused.code == "key-reused"
    assert not isinstance(placed, Problem) and len(placed.orders) == 1


def test_the_key_of_another_checkout_is_refused(variant: Variant) -> None:
    order(hold(variant), key="k")
    with pytest.raises(Problem, match="key-reused"):
        order(hold(variant), key="k")


def test_control_characters_go(variant: Variant) -> None:
    placed = order(hold(variant), name="김\x00서\x1b울", memo="문\n앞")
    assert (placed.name, placed.memo) == ("김서울", "문 앞")


def test_more_than_a_database_can_count_is_refused(variant: Variant) -> None:
    Offer.objects.update(price=250_000_000)
    with pytest.raises(Problem, match="too-expensive"):
        hold(variant, 5)
    assert numbers(variant) == (0, 0, 5)


def test_a_pass_outlives_its_account(variant: Variant) -> None:
    kept = hold(variant)
    wish = {variant.product.shop_id: ShopWish("pickup")}
    place_it = Place(kept.buyer, 999_999, kept.pk.hex, "k", Recipient("김서울", "01012345678"), wish, False)
    run(place_it)
    assert kept.orders.get().user is None


def kept_now() -> Checkout | None:
    found = open_checkout("guest:a")
    return Checkout.objects.get(pk=found.checkout.id) if found else None
