"""What is owed back goes back through the gateway it came by: by itself, once, also after a crash."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from golmok.domain.festas.models import Show
from golmok.domain.orders import actions, refunds
from golmok.domain.orders.gateways import rounds
from golmok.domain.orders.gateways.rounds import Reconciler, Refunder
from golmok.domain.orders.models import Checkout, Order, PaymentEvent, Refund
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, hold, let_expire, numbers, order, pay, refund
from tests.domain.conftest import other_shop
from tests.domain.gateways.alley import Alley, at_once, does, record

HOUR = timedelta(hours=1)


@pytest.fixture
def bagel(show: Show) -> Variant:
    return other_shop(show)


def cancelled_one_of_two(alley: Alley, variant: Variant, bagel: Variant) -> tuple[Checkout, Order]:
    checkout = alley.bought((variant, 2), (bagel, 1))
    first = checkout.orders.order_by("shop_id").first()
    assert first is not None
    actions.cancel_order(first, checkout.buyer)
    return fresh(checkout), fresh(first)


def test_a_cancelled_order_goes_on_sale_and_its_money_back(
    alley: Alley, variant: Variant, bagel: Variant
) -> None:
    checkout, cancelled = cancelled_one_of_two(alley, variant, bagel)
    assert (cancelled.status, cancelled.refund_due) == ("cancelled", cancelled.total)
    assert numbers(variant) == (0, 0, 5)
    assert numbers(bagel)[1] == 1

    alley.give_back()

    assert alley.fake.money == checkout.total - cancelled.total
    assert (fresh(checkout).refund_due, fresh(checkout).owes_back) == (0, False)
    back = cancelled.refunds.get()
    assert (back.gateway, back.amount) == ("toss", cancelled.total)
    assert Refund.objects.get().status == Refund.Status.DONE
    assert alley.give_back(HOUR) == 0


def test_cancelling_twice_is_cancelling_once(alley: Alley, variant: Variant, bagel: Variant) -> None:
    checkout, cancelled = cancelled_one_of_two(alley, variant, bagel)
    alley.give_back()
    actions.cancel_order(cancelled, checkout.buyer)
    alley.give_back(HOUR)

    assert alley.fake.money == checkout.total - cancelled.total
    assert numbers(variant) == (0, 0, 5)


def test_only_its_buyer_cancels_an_order(alley: Alley, variant: Variant) -> None:
    bought = alley.bought((variant, 1)).orders.get()
    with pytest.raises(Problem, match="checkout-unknown"):
        actions.cancel_order(bought, "guest:b")
    assert fresh(bought).status == Order.Status.PAID


@pytest.mark.parametrize(("consented", "minutes"), [(False, 60), (True, 10)])
def test_what_may_have_left_the_shop_is_not_cancelled_by_itself(
    variant: Variant, consented: bool, minutes: int
) -> None:
    bought = pay(order(hold(variant, 2)))
    if consented:
        Order.objects.filter(pk=bought.pk).update(withdrawal_notice_at=timezone.now())

    paid_before(bought, minutes, seconds=1)
    with pytest.raises(Problem, match="order-not-cancellable"):
        actions.cancel_order(bought, bought.buyer)
    assert (fresh(bought).status, numbers(variant)[1]) == ("paid", 2)

    paid_before(bought, minutes, seconds=-30)
    actions.cancel_order(bought, bought.buyer)
    assert fresh(bought).status == "cancelled"


def paid_before(bought: Order, minutes: int, *, seconds: int) -> None:
    """As if the money had come so long ago."""
    ago = timedelta(minutes=minutes, seconds=seconds)
    PaymentEvent.objects.filter(checkout=bought.checkout_id).update(recorded_at=timezone.now() - ago)


def test_a_test_payment_is_given_back_at_once(variant: Variant) -> None:
    bought = pay(order(hold(variant, 2)))
    checkout = actions.cancel_order(bought, bought.buyer)

    assert (checkout.paid, checkout.refund_due, checkout.owes_back) == (0, 0, False)
    assert fresh(bought).refunds.get().amount == bought.total
    assert numbers(variant) == (0, 0, 5)


@pytest.mark.parametrize("fault", ["lose_answer", "fail", "busy"])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_it_goes_back_once_whatever_the_network_loses(
    alley: Alley, variant: Variant, bagel: Variant, fault: str, lost: int
) -> None:
    checkout, cancelled = cancelled_one_of_two(alley, variant, bagel)
    setattr(alley.fake.faults, fault, lost)
    for hours in range(lost + 1):
        alley.give_back(HOUR * hours)

    assert alley.fake.money == checkout.total - cancelled.total
    assert fresh(checkout).refund_due == 0
    assert cancelled.refunds.count() == 1


STEPS = ["ask_back", "claim_some", "asked_of", "is_settled", "come_back_later"]


@pytest.mark.parametrize("moment", [(step, before) for step in STEPS for before in (True, False)])
def test_a_crash_between_any_two_steps_loses_and_doubles_nothing(
    alley: Alley, variant: Variant, bagel: Variant, moment: tuple[str, bool]
) -> None:
    checkout, cancelled = cancelled_one_of_two(alley, variant, bagel)
    # So that there is something to come back later for.
    alley.fake.faults.lose_answer = 1 if moment[0] == "come_back_later" else 0
    with pytest.MonkeyPatch.context() as monkeypatch:
        die_at(*moment, monkeypatch)
        for _ in range(3):
            with suppress(KilledHere):
                alley.give_back()
            alley.restart()
    for hours in range(1, 4):
        alley.give_back(HOUR * hours)

    assert alley.fake.money == checkout.total - cancelled.total
    assert fresh(checkout).refund_due == 0
    assert cancelled.refunds.count() == 1


class KilledHere(BaseException):
    """Nothing runs after it, as after kill -9."""


def die_at(step: str, before: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    true = getattr(refunds, step)

    def dying(*args: object) -> object:
        if not before:
            true(*args)
        raise KilledHere

    monkeypatch.setattr(refunds, step, dying)


def test_two_processes_do_not_take_the_same_row(alley: Alley, variant: Variant, bagel: Variant) -> None:
    checkout, _ = cancelled_one_of_two(alley, variant, bagel)
    refunds.ask_back(checkout.pk, ["toss"])
    now = fresh(checkout).started_at + HOUR

    assert len(refunds.claim_some(now)) == 1
    assert refunds.claim_some(now) == []
    # The process that took it died: its claim runs out.
    assert len(refunds.claim_some(now + HOUR)) == 1


def test_money_that_came_too_late_goes_back(alley: Alley, variant: Variant) -> None:
    late = alley.placed((variant, 5))
    alley.confirm(late)
    let_expire(late)
    actions.give_back_expired(late.expires_at)
    pay(order(hold(variant, 5, buyer="guest:b")))

    alley.ask(late)
    assert fresh(late).refund_due == late.total
    alley.give_back()

    assert alley.fake.money == 0
    assert (fresh(late).refund_due, late.orders.get().status) == (0, "cancelled")


def test_money_after_giving_up_goes_back(alley: Alley, variant: Variant) -> None:
    given_up = alley.placed((variant, 1))
    alley.confirm(given_up)
    actions.give_up_checkout(given_up.pk, given_up.buyer)

    alley.ask(given_up)
    alley.give_back()

    assert (alley.fake.money, fresh(given_up).paid) == (0, 0)


def test_what_somebody_gave_back_by_hand_is_not_given_again(alley: Alley, variant: Variant) -> None:
    checkout = alley.bought((variant, 1))
    actions.cancel_order(checkout.orders.get(), checkout.buyer)
    key = next(iter(alley.fake.payments))
    alley.fake.cancel_by_hand(key, checkout.total)

    alley.give_back()

    assert (alley.fake.money, fresh(checkout).refund_due) == (0, 0)
    assert Refund.objects.get().status == Refund.Status.DONE


def refused(alley: Alley, *lines: tuple[Variant, int]) -> Checkout:
    """Bought and cancelled; the gateway will not give it back."""
    checkout = alley.bought(*lines)
    actions.cancel_order(checkout.orders.get(), checkout.buyer)
    alley.fake.faults.refuse.append((403, "EXCEED_MAX_REFUND_DUE"))
    alley.give_back()
    return fresh(checkout)


def test_a_refusal_waits_for_somebody(alley: Alley, variant: Variant) -> None:
    checkout = refused(alley, (variant, 1))
    alley.give_back(HOUR)

    row = Refund.objects.get()
    assert (row.status, row.refused_as) == (Refund.Status.REFUSED, "EXCEED_MAX_REFUND_DUE")
    assert checkout.refund_due == checkout.total
    # Given back over the counter and recorded: nothing is owed any more.
    refund(checkout.orders.get(), checkout.total)
    assert fresh(checkout).owes_back is False


def test_what_was_refused_once_is_asked_again_when_somebody_says_so(alley: Alley, variant: Variant) -> None:
    checkout = refused(alley, (variant, 1))
    refunds.ask_again(Refund.objects.get().pk)
    alley.give_back(HOUR)

    assert (alley.fake.money, fresh(checkout).refund_due) == (0, 0)
    assert Refund.objects.get().status == Refund.Status.DONE
    with pytest.raises(Problem, match="refund-not-refused"):
        refunds.ask_again(Refund.objects.get().pk)


def test_what_was_sent_back_by_hand_is_asked_of_nobody(alley: Alley, variant: Variant) -> None:
    checkout = refused(alley, (variant, 1))
    row = Refund.objects.get()
    assert refunds.note_sent_back(row.pk) == checkout.total
    alley.give_back(HOUR)

    assert (fresh(checkout).refund_due, fresh(checkout).owes_back) == (0, False)
    assert fresh(checkout.orders.get()).refunds.get().gateway == "bank_transfer"
    # Nothing of it went back through the gateway.
    assert alley.fake.money == checkout.total
    with pytest.raises(Problem, match="refund-not-refused"):
        refunds.note_sent_back(row.pk)


def test_a_refusal_is_asked_in_smaller_parts_when_some_went_back(alley: Alley, variant: Variant) -> None:
    checkout = refused(alley, (variant, 1))
    alley.fake.cancel_by_hand(next(iter(alley.fake.payments)), 1000, checkout.orders.get().number)
    alley.ask(checkout)
    alley.give_back(HOUR)

    assert (alley.fake.money, fresh(checkout).refund_due) == (0, 0)
    assert {row.status for row in Refund.objects.all()} == {Refund.Status.DONE}


def test_what_only_a_hand_gives_back_is_looked_at_without_a_lock(alley: Alley, variant: Variant) -> None:
    checkout = refused(alley, (variant, 1))
    assert fresh(checkout).owes_back
    assert refunds.checkouts_owing(["toss"]) == []


def test_a_row_that_went_back_in_part_leaves_the_rest_to_be_asked_for(
    alley: Alley, variant: Variant, bagel: Variant
) -> None:
    checkout, first = cancelled_one_of_two(alley, variant, bagel)
    refunds.ask_back(checkout.pk, ["toss"])
    # Most of it was given back in Toss's own administration before the row was worked on.
    alley.fake.cancel_by_hand(next(iter(alley.fake.payments)), first.total - 1000, first.number)
    for hours in range(2):
        alley.give_back(HOUR * hours)
    assert fresh(first).refund_due == 0
    actions.cancel_order(checkout.orders.get(status="paid"), checkout.buyer)
    for hours in range(2, 4):
        alley.give_back(HOUR * hours)

    assert (alley.fake.money, fresh(checkout).refund_due) == (0, 0)


def test_outside_the_banks_hours_it_is_asked_again(alley: Alley, variant: Variant) -> None:
    checkout = alley.bought((variant, 1))
    actions.cancel_order(checkout.orders.get(), checkout.buyer)
    alley.fake.faults.refuse.append((403, "NOT_AVAILABLE_BANK"))
    alley.give_back()
    assert Refund.objects.get().status == Refund.Status.ASKED
    alley.give_back(HOUR)

    assert (alley.fake.money, fresh(checkout).refund_due) == (0, 0)


def test_it_is_not_asked_all_the_time(alley: Alley, variant: Variant) -> None:
    checkout = alley.bought((variant, 1))
    actions.cancel_order(checkout.orders.get(), checkout.buyer)
    alley.fake.faults.fail = 100
    worked = [alley.give_back(timedelta(seconds=seconds)) for seconds in (0, 10, 20, 100, 110)]

    assert worked == [1, 0, 0, 1, 0]


def cancel(checkout: Checkout) -> None:
    actions.cancel_order(checkout.orders.get(), checkout.buyer)


class AsksForHours(Reconciler):
    """Its gateway keeps it waiting."""

    async def round(self, now: datetime | None = None) -> int:
        await asyncio.Event().wait()
        return 0


class SaysWhenItWorked(Refunder):
    worked: asyncio.Event

    async def round(self, now: datetime | None = None) -> int:
        rows = await super().round(now)
        if rows:
            self.worked.set()
        return rows


def test_money_goes_back_while_others_are_asked_about_for_hours(
    alley: Alley, variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkouts = [alley.bought((variant, 1), buyer=buyer) for buyer in ("guest:a", "guest:b")]
    monkeypatch.setattr(rounds, "EVERY", 0.01)
    busy = AsksForHours({"toss": alley.toss}, record, at_once)
    refunder = SaysWhenItWorked({"toss": alley.toss}, record, at_once)

    async def for_a_while() -> None:
        making = asyncio.create_task(rounds.keep_making(busy, refunder, at_once, "here"))
        for checkout in checkouts:
            refunder.worked = asyncio.Event()
            await at_once(cancel, checkout)
            await refunder.worked.wait()
        making.cancel()

    does(asyncio.wait_for(for_a_while(), 20))
    assert alley.fake.money == 0
