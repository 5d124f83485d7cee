"""However returns, webhooks, time-outs, rounds, expiry and cancelling follow each other, all end the same.

Money at the gateway is money in our ledger is the price of what was bought, and nothing is sold without it.
"""

from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from golmok.domain.orders import actions
from golmok.domain.orders.gateways.gateway import Refused, Unreachable
from golmok.domain.orders.models import Checkout, Order, Refund, money_in
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.reserve import Reserve
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import fresh, let_expire, numbers
from tests.domain.conftest import other_shop
from tests.domain.gateways.alley import Alley, does, due_of, stock_is_explained
from tests.gateways.toss import FakeToss, Faults

BUYERS = 3
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Step: TypeAlias = tuple[str, int, int]
OFTEN = ["pay", "return", "webhook", "cancel", "refund", "lose"]
SELDOM = ["pay by a bad card", "expire", "reconcile", "give up", "by hand", "fail", "restart"]
BY_BUYERS = {"pay", "pay by a bad card", "return", "cancel", "give up"}
STEPS = st.tuples(
    st.sampled_from([*OFTEN, *OFTEN, "pay", *SELDOM]), st.integers(0, BUYERS - 1), st.integers(0, 7)
)


class Evening:
    """Three buyers of a stock that is enough for two, each ordering of two shops."""

    def __init__(self, alley: Alley, variant: Variant, bagel: Variant) -> None:
        self.alley, self.variant = alley, variant
        self.checkouts = [
            alley.placed((variant, 2), *[(bagel, 1)] * (number > 0), buyer=f"guest:{number}")
            for number in range(BUYERS - 1)
        ]
        # The third finds the goods when somebody's hold ran out.
        let_expire(self.checkouts[0])
        self.checkouts.append(alley.placed((variant, 3), buyer="guest:late"))
        self.returns: dict[int, dict[str, str]] = {}
        self.minutes = 0

    def take(self, step: Step) -> None:
        what, who, which = step
        with suppress(Problem, Unreachable):
            if what in BY_BUYERS:
                self._buyer_does(what, fresh(self.checkouts[who]), who, which)
            else:
                self._happens(what, fresh(self.checkouts[who]), which)

    def _buyer_does(self, what: str, checkout: Checkout, who: int, which: int) -> None:
        match what:
            case "pay" | "pay by a bad card":
                method = "카드" if what == "pay" else "한도초과"
                self.returns[who] = self.alley.through_the_window(checkout, method)
                # Not everybody's browser comes back.
                if which:
                    self._come_back(checkout, self.returns[who])
            case "return":
                self._come_back(checkout, self.returns.get(who, {}))
            case "cancel":
                orders = checkout.orders.order_by("shop_id")
                actions.cancel_order(orders[which % len(orders)], checkout.buyer)
            case "give up":
                actions.give_up_checkout(checkout.pk, checkout.buyer)

    def _happens(self, what: str, checkout: Checkout, which: int) -> None:
        self.minutes += which * which
        match what:
            case "webhook":
                self._hear(which)
            case "expire":
                let_expire(checkout)
                actions.give_back_expired(checkout.expires_at + DAY)
            case "reconcile":
                self.alley.reconcile(self.minutes * MINUTE)
            case "refund":
                self.alley.give_back(self.minutes * MINUTE)
            case "by hand":
                self._cancel_by_hand(checkout, which)
            case "lose":
                self.alley.fake.faults.lose_answer = which % 3
            case "fail":
                self.alley.fake.faults.fail = which % 3
            case "restart":
                self.alley.restart()

    def end(self) -> None:
        """The network is well again. No webhook comes any more; the clock goes on for days."""
        self.alley.fake.faults = Faults()
        self.alley.restart()
        for days in range(1, 3):
            self.alley.reconcile(self.minutes * MINUTE + days * DAY)
            for hours in range(4):
                self.alley.give_back(self.minutes * MINUTE + days * DAY + timedelta(hours=7 * hours))

    def _come_back(self, checkout: Checkout, brought: dict[str, str]) -> None:
        try:
            if brought:
                run(Reserve(checkout.buyer, checkout.pk.hex))
                does(self.alley.toss.confirm(due_of(checkout), brought))
        except (Problem, Refused, Unreachable):
            pass
        self.alley.ask(checkout)

    def _hear(self, which: int) -> None:
        """One of those sent, as often and in whatever order it is drawn; others are lost."""
        sent = self.alley.fake.webhooks
        if sent:
            told = sent[which % len(sent)]
            self.alley.ask(Checkout.objects.get(pk=told["data"]["orderId"]))

    def _cancel_by_hand(self, checkout: Checkout, which: int) -> None:
        payment = self.alley.fake.of_order(checkout.pk.hex)
        if payment is not None and payment["approvedAt"] and payment["balanceAmount"]:
            amount = payment["balanceAmount"] if which % 2 else min(1000, payment["balanceAmount"])
            self.alley.fake.cancel_by_hand(payment["paymentKey"], amount)
            with suppress(Unreachable):
                self.alley.ask(checkout)


def at_the_gateway(fake: FakeToss, checkout: Checkout) -> int:
    payment = fake.of_order(checkout.pk.hex)
    return int(payment["balanceAmount"]) if payment is not None and payment["approvedAt"] else 0


def check(evening: Evening) -> None:
    for checkout in Checkout.objects.filter(gateway="toss"):
        paid = money_in(checkout.payment_events.all())
        assert paid == at_the_gateway(evening.alley.fake, checkout)
        assert (checkout.refund_due, checkout.owes_back) == (0, False)
        bought = [order.total for order in checkout.orders.all() if order.status == Order.Status.PAID]
        # Somebody who gave a part back by hand, as a favour, is the only one who is short.
        assert paid <= sum(bought)
        assert bought == [] or paid > 0
    assert not Refund.objects.exclude(status=Refund.Status.DONE).exists()
    assert stock_is_explained()
    held, sold, left = numbers(evening.variant)
    assert held + sold + left == 5
    assert min(held, sold, left) >= 0


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=6, max_size=20))
def test_everything_ends_the_same(alley: Alley, variant: Variant, steps: list[Step]) -> None:
    alley.fake.payments.clear()
    alley.fake.webhooks.clear()
    alley.fake.faults = Faults()
    alley.restart()
    with transaction.atomic():
        evening = Evening(alley, variant, other_shop(variant.offers.get().show))
        for step in steps:
            evening.take(step)
        evening.end()
        check(evening)
        transaction.set_rollback(True)
