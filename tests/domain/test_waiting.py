"""Waiting lists: what comes free goes to who waits, in the order of arrival, before strangers can take it."""

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.actions import end_show
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions, queries
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.models import Checkout, Hold, Stock, Waiting
from golmok.domain.orders.queries import open_checkout, places_of
from golmok.domain.orders.till import serving
from golmok.domain.orders.till.batch import Command, decide, run
from golmok.domain.orders.till.give_back import GiveUp
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.waiting import Join, Leave
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, keep, let_expire, numbers, pay, place, refund, show_of
from tests.domain.conftest import open_show, other_shop


def wait(variant: Variant, quantity: int = 1, buyer: str = "guest:w", email: str = "") -> None:
    actions.wait_for(buyer=buyer, line=Line(variant.pk, quantity, show_of(variant)), email=email)


def kept_for(buyer: str) -> int:
    """Units that the buyer's open checkout keeps."""
    kept = open_checkout(buyer)
    return sum(held.quantity for held, _ in kept.lines) if kept else 0


def place_of(buyer: str) -> int | None:
    return next((one.number for one in places_of(buyer)), None)


def waiting(variant: Variant) -> int:
    """As the stock counts them; and it is as many as there are."""
    counted: int = Stock.objects.get(pk=variant.pk).waiting
    assert counted == Waiting.objects.filter(stock=variant.pk, left_at=None).count()
    return counted


@pytest.fixture
def all_kept(db: None) -> Variant:
    """One unit, and guest:a keeps it."""
    variant = open_show(units=1)
    hold(variant)
    return variant


def give_up(variant: Variant, buyer: str = "guest:a") -> None:
    kept = open_checkout(buyer)
    assert kept
    actions.give_up_checkout(Checkout.objects.get(pk=kept.checkout.id).pk, buyer)


def test_places_are_given_in_the_order_of_arrival(all_kept: Variant) -> None:
    for buyer in ("guest:w", "guest:x", "guest:y"):
        wait(all_kept, buyer=buyer)
    assert [place_of(one) for one in ("guest:w", "guest:x", "guest:y")] == [1, 2, 3]
    actions.wait_no_more(buyer="guest:w", variant=all_kept)
    assert [place_of(one) for one in ("guest:w", "guest:x", "guest:y")] == [None, 1, 2]
    assert waiting(all_kept) == 2


def test_waiting_twice_keeps_the_place(all_kept: Variant) -> None:
    wait(all_kept)
    wait(all_kept, buyer="guest:x")
    wait(all_kept, quantity=2)
    assert (place_of("guest:w"), place_of("guest:x")) == (1, 2)
    assert places_of("guest:w")[0].quantity == 2
    assert waiting(all_kept) == 2


def test_what_is_given_up_goes_to_the_first_before_strangers(all_kept: Variant) -> None:
    wait(all_kept, buyer="guest:w")
    wait(all_kept, buyer="guest:x")
    give_up(all_kept)
    assert (kept_for("guest:w"), kept_for("guest:x")) == (1, 0)
    assert numbers(all_kept) == (1, 0, 0)
    with pytest.raises(Problem, match="sold-out"):
        hold(all_kept, buyer="guest:stranger")
    served = Waiting.objects.get(buyer="guest:w")
    assert served.served and served.served.holds.get().unit_price == 9900
    assert (place_of("guest:w"), place_of("guest:x"), waiting(all_kept)) == (None, 1, 1)


def test_a_stranger_in_the_same_batch_comes_after_who_waits(all_kept: Variant) -> None:
    wait(all_kept)
    kept = open_checkout("guest:a")
    assert kept
    line = Line(all_kept.pk, 1, show_of(all_kept))
    commands: list[Command[Receipt]] = [
        GiveUp("guest:a", kept.checkout.id),
        Start("guest:stranger", (line,), 600),
    ]
    given, refused = decide(commands)
    assert not isinstance(given, Problem)
    assert isinstance(refused, Problem) and refused.code == "sold-out"
    assert kept_for("guest:w") == 1


def test_what_expired_goes_to_the_first_when_a_stranger_comes(all_kept: Variant) -> None:
    wait(all_kept)
    let_expire(Checkout.objects.get(buyer="guest:a"))
    with pytest.raises(Problem, match="sold-out"):
        hold(all_kept, buyer="guest:stranger")
    # The refusal undid nothing that was due.
    assert kept_for("guest:w") == 1


def test_the_sweeper_serves_too(all_kept: Variant) -> None:
    wait(all_kept)
    let_expire(Checkout.objects.get(buyer="guest:a"))
    actions.give_back_expired(timezone.now())
    assert kept_for("guest:w") == 1


def test_a_refund_serves(variant: Variant) -> None:
    bought = place(hold(variant, 5))
    pay(bought)
    wait(variant, 2)
    refund(bought.orders.get(), bought.total)
    assert kept_for("guest:w") == 2
    assert numbers(variant) == (2, 0, 3)


def test_more_on_sale_serves_in_order(all_kept: Variant) -> None:
    for buyer in ("guest:w", "guest:x", "guest:y"):
        wait(all_kept, buyer=buyer)
    actions.put_on_sale(all_kept, 3)
    assert [kept_for(one) for one in ("guest:w", "guest:x", "guest:y")] == [1, 1, 0]
    assert (numbers(all_kept), waiting(all_kept)) == ((3, 0, 0), 1)


def test_when_fewer_are_left_the_first_gets_those(all_kept: Variant) -> None:
    wait(all_kept, 3, buyer="guest:w")
    wait(all_kept, 1, buyer="guest:x")
    give_up(all_kept)
    assert (kept_for("guest:w"), kept_for("guest:x")) == (1, 0)
    assert place_of("guest:x") == 1


def test_who_does_not_take_it_makes_room_for_the_next(all_kept: Variant) -> None:
    wait(all_kept, buyer="guest:w")
    wait(all_kept, buyer="guest:x")
    give_up(all_kept)
    let_expire(Checkout.objects.get(buyer="guest:w"))
    actions.give_back_expired(timezone.now())
    assert (kept_for("guest:w"), kept_for("guest:x")) == (0, 1)
    wait(all_kept, buyer="guest:w")
    assert place_of("guest:w") == 1


def test_who_keeps_something_else_is_passed_over_and_keeps_the_place(all_kept: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    wait(all_kept, buyer="guest:w")
    wait(all_kept, buyer="guest:x")
    mine = hold(bagels, buyer="guest:w")
    give_up(all_kept)
    assert (kept_for("guest:w"), kept_for("guest:x")) == (1, 1)
    assert fresh(mine).status == Checkout.Status.OPEN
    assert place_of("guest:w") == 1
    pay(place(mine))
    give_up(all_kept, "guest:x")
    assert open_checkout("guest:w")
    assert waiting(all_kept) == 0


def test_what_nobody_could_take_is_kept_for_them_by_the_next_sweep(all_kept: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    wait(all_kept)
    mine = hold(bagels, buyer="guest:w")
    give_up(all_kept)
    assert numbers(all_kept) == (0, 0, 1)
    actions.give_up_checkout(mine.pk, "guest:w")
    actions.give_back_expired(timezone.now())
    assert kept_for("guest:w") == 1
    assert numbers(all_kept) == (1, 0, 0)


def test_who_takes_it_by_themselves_waits_no_more(all_kept: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    wait(all_kept)
    hold(bagels, buyer="guest:w")
    give_up(all_kept)
    keep((all_kept, 1), (bagels, 1), buyer="guest:w")
    assert waiting(all_kept) == 0
    assert Waiting.objects.get().served is None


@pytest.mark.parametrize("kind", Offer.Kind)
def test_nobody_waits_for_what_anybody_can_take(variant: Variant, kind: Offer.Kind) -> None:
    Offer.objects.update(kind=kind)
    with pytest.raises(Problem, match="still-left"):
        wait(variant, 2)
    assert (kept_for("guest:w"), waiting(variant), numbers(variant)) == (0, 0, (0, 0, 5))


def test_who_waits_changes_their_mind_within_one_batch(all_kept: Variant) -> None:
    line = Line(all_kept.pk, 1, show_of(all_kept))
    wait(all_kept)
    wait(all_kept, buyer="guest:x")
    commands: list[Command[None]] = [Leave("guest:w", all_kept.pk), Join("guest:w", line)]
    assert decide(commands) == [None, None]
    assert (place_of("guest:x"), place_of("guest:w"), waiting(all_kept)) == (1, 2, 2)


def test_who_asks_again_after_they_were_passed_over_is_served_and_waits_for_more(all_kept: Variant) -> None:
    mine = hold(other_shop(Show.objects.get()), buyer="guest:w")
    wait(all_kept)
    give_up(all_kept)
    actions.give_up_checkout(mine.pk, "guest:w")
    wait(all_kept)
    assert (kept_for("guest:w"), place_of("guest:w"), waiting(all_kept)) == (1, 1, 1)


def test_sales_that_are_closed_serve_nobody(all_kept: Variant) -> None:
    merchant, show = User.objects.get(), Show.objects.get()
    wait(all_kept)
    actions.mark_sold_out(all_kept, show, merchant)
    give_up(all_kept)
    assert (kept_for("guest:w"), place_of("guest:w")) == (0, 1)
    actions.reopen_sales(all_kept, show, merchant)
    assert kept_for("guest:w") == 1


def test_caps_hold_for_who_waits(variant: Variant) -> None:
    Offer.objects.update(per_buyer_cap=2)
    pay(place(hold(variant, 1, buyer="guest:w")))
    for buyer in ("guest:a", "guest:b"):
        hold(variant, 2, buyer=buyer)
    with pytest.raises(Problem, match="per-buyer-cap"):
        wait(variant, 2)
    wait(variant, 1)
    Offer.objects.update(per_buyer_cap=1)
    give_up(variant, "guest:a")
    assert kept_for("guest:w") == 0
    Offer.objects.update(per_buyer_cap=2)
    actions.give_back_expired(timezone.now())
    assert kept_for("guest:w") == 1


def test_the_total_cap_holds_for_who_waits(variant: Variant) -> None:
    Offer.objects.update(total_cap=2)
    hold(variant, 2)
    wait(variant, 2, buyer="guest:w")
    wait(variant, 2, buyer="guest:x")
    assert numbers(variant) == (2, 0, 3)
    give_up(variant)
    assert (kept_for("guest:w"), kept_for("guest:x")) == (2, 0)
    assert numbers(variant) == (2, 0, 3)


def test_a_turn_keeps_also_what_others_must_pay_first(all_kept: Variant) -> None:
    Offer.objects.update(kind=Offer.Kind.FIRST_PAID)
    wait(all_kept)
    give_up(all_kept)
    assert Hold.objects.get(buyer="guest:w").status == Hold.Status.HELD


def test_after_the_show_a_turn_is_at_the_regular_price(all_kept: Variant) -> None:
    wait(all_kept)
    end_show(Show.objects.get(), User.objects.get())
    give_up(all_kept)
    assert Hold.objects.get(buyer="guest:w").unit_price == 12000


def test_one_buyer_gets_one_turn_at_a_time(all_kept: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    keep((all_kept, 1), (bagels, 3))
    wait(all_kept)
    wait(bagels, 3)
    give_up(all_kept)
    assert sorted(Hold.objects.filter(buyer="guest:w").values_list("quantity", flat=True)) == [1]
    assert waiting(bagels) == 1


def test_a_long_list_is_for_nobody_else_until_all_of_it_was_asked(
    all_kept: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEADS", 2)
    for number in range(5):
        wait(all_kept, buyer=f"guest:{number}")
    actions.put_on_sale(all_kept, 7)
    assert [kept_for(f"guest:{number}") for number in range(5)] == [1, 1, 0, 0, 0]
    with pytest.raises(Problem, match="sold-out"):
        hold(all_kept, buyer="guest:stranger")
    assert [kept_for(f"guest:{number}") for number in range(5)] == [1, 1, 1, 1, 0]
    actions.give_back_expired(timezone.now())
    assert [kept_for(f"guest:{number}") for number in range(5)] == [1, 1, 1, 1, 1]
    assert hold(all_kept, buyer="guest:stranger")


def wait_outside(variant: Variant, buyer: str) -> None:
    """At the regular price."""
    actions.wait_for(buyer=buyer, line=Line(variant.pk, 1))


def test_who_must_not_take_more_at_the_live_price_holds_up_nobody_else(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEADS", 2)
    Offer.objects.update(total_cap=2)
    hold(variant, 2, buyer="guest:a")
    run(Start("guest:b", (Line(variant.pk, 3),), 600))
    for number in range(3):
        wait(variant, buyer=f"guest:{number}")
    wait_outside(variant, "guest:outside")
    give_up(variant, "guest:b")
    assert [kept_for(f"guest:{number}") for number in range(3)] == [0, 0, 0]
    assert kept_for("guest:outside") == 1
    assert run(Start("guest:stranger", (Line(variant.pk, 2),), 600))
    give_up(variant, "guest:a")
    assert [kept_for(f"guest:{number}") for number in range(3)] == [1, 1, 0]


def test_who_has_all_a_buyer_may_have_holds_up_nobody_else(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEADS", 2)
    Offer.objects.update(per_buyer_cap=2)
    for number in range(3):
        pay(place(hold(variant, buyer=f"guest:{number}")))
    hold(variant, 2, buyer="guest:a")
    for number in range(4):
        wait(variant, buyer=f"guest:{number}")
    Offer.objects.update(per_buyer_cap=1)
    give_up(variant, "guest:a")
    assert [kept_for(f"guest:{number}") for number in range(4)] == [0, 0, 0, 1]


def test_who_waits_elsewhere_does_not_overtake_a_long_list(
    all_kept: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HEADS", 2)
    for number in range(3):
        wait(all_kept, buyer=f"guest:{number}")
    wait_outside(all_kept, "guest:3")
    actions.put_on_sale(all_kept, 6)
    assert [kept_for(f"guest:{number}") for number in range(4)] == [1, 1, 0, 0]
    actions.give_back_expired(timezone.now())
    assert [kept_for(f"guest:{number}") for number in range(4)] == [1, 1, 1, 1]


def test_only_the_beginning_of_a_list_is_looked_through_for_who_can_be_served(
    all_kept: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LOOKED_AT", 2)
    bagels = other_shop(Show.objects.get())
    for number in range(3):
        wait(all_kept, buyer=f"guest:{number}")
    for number in range(2):
        hold(bagels, buyer=f"guest:{number}")
    give_up(all_kept)
    assert kept_for("guest:2") == 0
    actions.wait_no_more(buyer="guest:0", variant=all_kept)
    actions.give_back_expired(timezone.now())
    assert kept_for("guest:2") == 1


def test_far_back_a_place_is_rather_said_more_than_less(
    all_kept: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    for number in range(6):
        wait(all_kept, buyer=f"guest:{number}")
    for number in (0, 3):
        actions.wait_no_more(buyer=f"guest:{number}", variant=all_kept)
    assert [place_of(f"guest:{number}") for number in (1, 2, 4, 5)] == [1, 2, 4, 5]
    actions.wait_no_more(buyer="guest:1", variant=all_kept)
    assert [place_of(f"guest:{number}") for number in (2, 4, 5)] == [1, 2, 3]


@pytest.mark.parametrize("quantity", [0, 100])
def test_an_impossible_wish_is_refused(all_kept: Variant, quantity: int) -> None:
    with pytest.raises(Problem, match="bad-quantity"):
        wait(all_kept, quantity)


def test_an_address_that_is_none_is_refused(all_kept: Variant) -> None:
    with pytest.raises(Problem) as refusal:
        wait(all_kept, email="nowhere")
    assert refusal.value.facts == {"errors": {"email": "orders-field-email-wrong"}}


def test_only_what_the_show_sells_can_be_waited_for(all_kept: Variant) -> None:
    with pytest.raises(Problem, match="product-not-in-show"):
        actions.wait_for(buyer="guest:w", line=Line(all_kept.pk, 1, "elsewhere"))
    with pytest.raises(Problem, match="sold-out"):
        actions.wait_for(buyer="guest:w", line=Line(all_kept.pk + 99, 1))


def test_a_guest_who_signs_in_keeps_the_better_place(all_kept: Variant, stranger: User) -> None:
    account = f"user:{stranger.pk}"
    wait(all_kept, buyer="guest:w")
    wait(all_kept, buyer=account)
    wait(all_kept, buyer="guest:x")
    adopt_guest("guest:w", stranger)
    assert (place_of(account), place_of("guest:x"), waiting(all_kept)) == (1, 2, 2)
    adopt_guest("guest:x", stranger)
    assert (place_of(account), waiting(all_kept)) == (1, 1)


def test_an_old_checkout_stands_in_the_way_until_it_is_swept(all_kept: Variant) -> None:
    bagels = other_shop(Show.objects.get())
    wait(all_kept)
    let_expire(hold(bagels, buyer="guest:w"))
    give_up(all_kept)
    assert kept_for("guest:w") == 0
    for _ in range(2):
        actions.give_back_expired(timezone.now())
    assert kept_for("guest:w") == 1
