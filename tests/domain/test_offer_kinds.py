"""First paid, first served; and offers of which only so many are sold at the live price."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.core.models import OutboxFact
from golmok.domain.festas.actions import end_show, set_offer
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.models import CapCount, Checkout, Hold, Order, PaymentEvent
from golmok.domain.orders.queries import room_facts, stock_in
from golmok.domain.orders.till.batch import decide, run
from golmok.domain.orders.till.pay import PayTest, Record
from golmok.domain.orders.till.reserve import KEPT_FOR_PAYMENT, LetGo, Reserve
from golmok.domain.orders.till.sales import TellLeft
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, keep, let_expire, numbers, pay, place, refund
from tests.domain.conftest import open_show, other_shop

APPROVED, DECLINED = PaymentEvent.Kind.APPROVED, PaymentEvent.Kind.DECLINED


@pytest.fixture
def first_paid(db: None) -> Variant:
    variant = open_show(units=3)
    Offer.objects.update(kind=Offer.Kind.FIRST_PAID)
    return variant


def reserve(checkout: Checkout) -> Checkout:
    run(Reserve(None, checkout.pk.hex))
    return fresh(checkout)


def pay_test(checkout: Checkout, kind: PaymentEvent.Kind = APPROVED) -> Checkout:
    run(PayTest(checkout.buyer, checkout.pk.hex, uuid4().hex, kind))
    return fresh(checkout)


def why_not(checkout: Checkout) -> object:
    with pytest.raises(Problem) as refusal:
        reserve(checkout)
    assert (refusal.value.status, refusal.value.code) == (409, "sold-out")
    return refusal.value.facts["lines"]


def test_nothing_is_kept_until_the_payment(first_paid: Variant) -> None:
    mine = place(hold(first_paid, 3, buyer="guest:a"))
    theirs = place(hold(first_paid, 3, buyer="guest:b"))
    assert numbers(first_paid) == (0, 0, 3)
    assert pay_test(theirs).orders.get().status == Order.Status.PAID
    assert numbers(first_paid) == (0, 3, 0)
    assert why_not(mine) == [{"variant": first_paid.pk, "code": "sold-out"}]


def test_the_second_to_pay_pays_nothing(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 2, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    commands = [PayTest(one.buyer, one.pk.hex, one.pk.hex, APPROVED) for one in (theirs, mine)]
    paid, refused = decide(commands)
    assert isinstance(refused, Problem) and refused.code == "sold-out"
    assert not isinstance(paid, Problem) and paid.checkout.status == "paid"
    assert fresh(mine).status == Checkout.Status.PLACED
    assert PaymentEvent.objects.get().checkout == theirs


def test_while_one_pays_nobody_else_can(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 2, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    reserve(mine)
    assert numbers(first_paid) == (2, 0, 1)
    assert why_not(theirs) == [{"variant": first_paid.pk, "code": "not-enough-left", "left": 1}]
    with pytest.raises(Problem, match="not-enough-left"):
        hold(first_paid, 2, buyer="guest:c")
    assert reserve(mine).holds.get().status == Hold.Status.RESERVED
    assert numbers(first_paid) == (2, 0, 1)


def test_a_failed_payment_gives_back_at_once(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 3, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    reserve(mine)
    pay_test(mine, DECLINED)
    assert numbers(first_paid) == (0, 0, 3)
    assert fresh(mine).status == Checkout.Status.PLACED
    assert pay_test(theirs).status == Checkout.Status.PAID
    assert why_not(mine)


def test_a_payment_that_is_not_confirmed_gives_back_in_time(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 3, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    reserve(mine)
    later = timezone.now() + KEPT_FOR_PAYMENT + timedelta(seconds=1)
    run(Reserve(None, theirs.pk.hex), later)
    assert fresh(mine).holds.get().status == Hold.Status.WANTED
    assert fresh(mine).status == Checkout.Status.PLACED
    assert numbers(first_paid) == (3, 0, 0)


def test_a_refused_payment_gives_back_at_once(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 3, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    kept = run(Reserve(None, mine.pk.hex))
    run(LetGo(mine.pk.hex, kept.before, kept.until))
    assert fresh(mine).holds.get().status == Hold.Status.WANTED
    assert pay_test(theirs).status == Checkout.Status.PAID


def test_truly_late_money_is_owed_back(first_paid: Variant) -> None:
    mine, theirs = (place(hold(first_paid, 3, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    pay_test(theirs)
    late = pay(mine)
    assert (late.orders.get().status, late.refund_due) == (Order.Status.CANCELLED, late.total)


def test_money_without_a_reservation_buys_what_is_there(first_paid: Variant) -> None:
    assert pay(place(hold(first_paid, 3))).orders.get().status == Order.Status.PAID
    assert numbers(first_paid) == (0, 3, 0)


def test_more_time_is_for_the_form_not_for_a_payment_under_way(first_paid: Variant) -> None:
    mine = place(hold(first_paid, 3))
    reserved_until = reserve(mine).holds.get().expires_at
    later = actions.extend_checkout(mine.pk, mine.buyer)
    assert later.expires_at > reserved_until
    assert later.holds.get().expires_at == reserved_until


def test_time_that_runs_out_costs_nobody_a_unit(first_paid: Variant) -> None:
    mine = place(hold(first_paid, 3))
    let_expire(mine)
    assert actions.give_back_expired(timezone.now()) == 1
    assert numbers(first_paid) == (0, 0, 3)
    assert reserve(mine).status == Checkout.Status.PLACED
    assert numbers(first_paid) == (3, 0, 0)


def test_sold_out_is_said_before_the_form(first_paid: Variant) -> None:
    pay_test(place(hold(first_paid, 3)))
    with pytest.raises(Problem, match="sold-out"):
        hold(first_paid, 1, buyer="guest:b")


def test_both_kinds_in_one_cart(first_paid: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    placed = place(keep((first_paid, 2), (bagels, 2)))
    assert (numbers(first_paid), numbers(bagels)) == ((0, 0, 3), (2, 0, 1))
    assert {order.status for order in pay_test(placed).orders.all()} == {Order.Status.PAID}
    assert (numbers(first_paid), numbers(bagels)) == ((0, 2, 1), (0, 2, 1))


def test_both_kinds_give_back_when_given_up(first_paid: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    placed = place(keep((first_paid, 2), (bagels, 2)))
    reserve(placed)
    actions.give_up_checkout(placed.pk, placed.buyer)
    assert (numbers(first_paid), numbers(bagels)) == ((0, 0, 3), (0, 0, 3))


def test_the_cap_per_buyer_holds_across_tabs(first_paid: Variant) -> None:
    Offer.objects.update(per_buyer_cap=2)
    first = place(hold(first_paid, 2))
    with pytest.raises(Problem, match="per-buyer-cap"):
        hold(first_paid, 1)
    pay_test(first)
    with pytest.raises(Problem, match="per-buyer-cap"):
        hold(first_paid, 1)


def test_a_cap_lowered_meanwhile_holds_when_paying(first_paid: Variant) -> None:
    first = place(hold(first_paid, 1))
    second = place(hold(first_paid, 1))
    Offer.objects.update(per_buyer_cap=1)
    pay_test(first)
    assert why_not(second) == [{"variant": first_paid.pk, "code": "per-buyer-cap", "cap": 1}]


def test_outside_of_the_air_it_is_kept_as_ever(first_paid: Variant) -> None:
    end_show(Show.objects.get(), User.objects.get())
    hold(first_paid, 2)
    assert numbers(first_paid) == (2, 0, 1)


# --- so many at the live price


@pytest.fixture
def capped(variant: Variant) -> Variant:
    """Five on sale, three of them at the live price."""
    Offer.objects.update(total_cap=3)
    return variant


def taken(variant: Variant) -> int:
    count: int = CapCount.objects.get(stock_id=variant.pk).units
    return count


def test_a_total_cap_counts_what_all_buyers_keep_and_bought(capped: Variant) -> None:
    pay(place(hold(capped, 1, buyer="guest:a")))
    hold(capped, 1, buyer="guest:b")
    with pytest.raises(Problem) as refusal:
        hold(capped, 2, buyer="guest:c")
    assert (refusal.value.code, refusal.value.facts) == ("not-enough-left", {"left": 1})
    hold(capped, 1, buyer="guest:c")
    with pytest.raises(Problem, match="sold-out"):
        hold(capped, 1, buyer="guest:d")
    assert (taken(capped), numbers(capped)) == (3, (2, 1, 2))


def test_what_comes_back_can_be_had_again(capped: Variant) -> None:
    kept = hold(capped, 2, buyer="guest:a")
    bought = place(hold(capped, 1, buyer="guest:b"))
    pay(bought)
    actions.give_up_checkout(kept.pk, kept.buyer)
    assert taken(capped) == 1
    refund(bought.orders.get(), bought.total)
    assert taken(capped) == 0
    hold(capped, 3, buyer="guest:c")


def test_nobody_is_blocked_by_his_own_hold_under_a_total_cap(capped: Variant) -> None:
    hold(capped, 3)
    hold(capped, 2)
    assert taken(capped) == 2


def test_the_regular_price_is_not_capped(capped: Variant, merchant: User) -> None:
    hold(capped, 3, buyer="guest:a")
    end_show(Show.objects.get(), merchant)
    hold(capped, 2, buyer="guest:b")
    assert (taken(capped), numbers(capped)) == (3, (5, 0, 0))


def test_a_hold_that_ran_out_comes_back_within_the_total_cap(capped: Variant) -> None:
    late = place(hold(capped, 2, buyer="guest:a"))
    let_expire(late)
    hold(capped, 2, buyer="guest:b")
    assert why_not(late) == [{"variant": capped.pk, "code": "not-enough-left", "left": 1}]
    paid_late = pay(late)
    assert paid_late.refund_due == paid_late.total


def test_a_cap_set_during_the_show_counts_what_was_taken_before(variant: Variant, show: Show) -> None:
    hold(variant, 2, buyer="guest:a")
    set_offer(show, variant, 9900, total_cap=3)
    run(TellLeft((variant.pk,)))
    assert taken(variant) == 2
    set_offer(show, variant, 9900)
    hold(variant, 3, buyer="guest:b")
    set_offer(show, variant, 9900, total_cap=3)
    run(TellLeft((variant.pk,)))
    assert taken(variant) == 5
    with pytest.raises(Problem, match="sold-out"):
        hold(variant, 1, buyer="guest:c")


def test_a_count_lost_is_made_again(capped: Variant) -> None:
    hold(capped, 2, buyer="guest:a")
    CapCount.objects.all().delete()
    with pytest.raises(Problem, match="not-enough-left"):
        hold(capped, 2, buyer="guest:b")
    assert taken(capped) == 2


def test_pages_and_rooms_show_no_more_than_the_cap_leaves(capped: Variant, show: Show) -> None:
    hold(capped, 2)
    offers = list(show.offers.all())
    assert stock_in(show, offers)[capped.pk].left == 1
    facts = room_facts(show.pk)
    assert facts and facts.stock[capped.pk].left == 1
    assert OutboxFact.objects.filter(kind="stock").latest("pk").fields["left"] == 1


def test_first_paid_within_a_total_cap(capped: Variant) -> None:
    Offer.objects.update(kind=Offer.Kind.FIRST_PAID)
    mine, theirs = (place(hold(capped, 2, buyer=buyer)) for buyer in ("guest:a", "guest:b"))
    assert taken(capped) == 0
    pay_test(theirs)
    assert taken(capped) == 2
    assert why_not(mine) == [{"variant": capped.pk, "code": "not-enough-left", "left": 1}]
    late = run(Record(mine.pk.hex, "test", "late", APPROVED, mine.total))
    assert late.orders[0].status == Order.Status.CANCELLED
