"""Whatever buyers, clocks and gateways do, every unit is held, sold or left, and never two of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, Hold, Order, Stock
from golmok.domain.orders.queries import stock_of
from golmok.problems import Problem
from tests.buying import hold, order, pay, refund
from tests.domain.conftest import open_show

pytestmark = pytest.mark.django_db
BUYERS = st.sampled_from(["guest:a", "guest:b", "guest:c"])
PICK = st.integers(0, 50)
TOTAL = 7


@contextmanager
def refusals_allowed() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        assert problem.status in (404, 409), problem


class Market(RuleBasedStateMachine):
    """One variant of seven units; each run is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = datetime(2026, 7, 20, 10, tzinfo=timezone.get_fixed_timezone(0))
        self.clock = patch.object(timezone, "now", lambda: self.now)
        self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.variant = open_show(units=TOTAL)

    @rule(minutes=st.integers(0, 15))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(buyer=BUYERS, quantity=st.integers(1, TOTAL + 1))
    def take(self, buyer: str, quantity: int) -> None:
        with refusals_allowed():
            hold(self.variant, quantity, buyer)

    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        if (kept := self.any_checkout(pick)) is not None:
            actions.give_up_checkout(kept.pk, kept.buyer)

    @rule(pick=PICK)
    def ask_for_more_time(self, pick: int) -> None:
        if (kept := self.any_checkout(pick)) is not None:
            with refusals_allowed():
                actions.extend_checkout(kept.pk, kept.buyer)

    @rule(pick=PICK)
    def place(self, pick: int) -> None:
        if (kept := self.any_checkout(pick)) is not None:
            with refusals_allowed():
                order(kept)

    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        if (placed := self.any_order(pick)) is not None:
            pay(placed)

    @rule(pick=PICK)
    def refund(self, pick: int) -> None:
        paid = [placed for placed in Order.objects.order_by("placed_at", "pk") if placed.checkout.paid > 0]
        if paid:
            placed = paid[pick % len(paid)]
            refund(placed, placed.checkout.paid)

    @rule(buyer=BUYERS, quantity=st.integers(1, 3))
    def take_and_pay(self, buyer: str, quantity: int) -> None:
        with refusals_allowed():
            pay(order(hold(self.variant, quantity, buyer)))

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if (placed := self.any_order(pick)) is not None:
            with refusals_allowed():
                actions.give_up_checkout(placed.checkout_id, placed.buyer)

    @rule()
    def sweep(self) -> None:
        actions.give_back_expired(self.now)
        assert not Order.objects.filter(
            status=Order.Status.AWAITING_PAYMENT, checkout__expires_at__lte=self.now
        ).exists()

    @rule(total=st.integers(0, 12))
    def change_the_total(self, total: int) -> None:
        with refusals_allowed():
            actions.put_on_sale(self.variant, total)

    @invariant()
    def every_unit_is_in_one_place(self) -> None:
        stock = Stock.objects.get()
        assert stock.held + stock.sold + stock.left == stock.total
        assert stock.left >= 0
        assert stock.held == units(Hold.Status.HELD, Hold.Status.ORDERED)
        assert stock.sold == units(Hold.Status.SOLD)
        assert stock.left <= stock_of([stock.pk])[stock.pk].left <= stock.total - stock.sold

    @invariant()
    def money_is_for_goods_or_owed_back(self) -> None:
        for placed in Order.objects.select_related("checkout"):
            is_sold = placed.lines.filter(hold__status=Hold.Status.SOLD).exists()
            assert is_sold == (placed.status == Order.Status.PAID)
            if placed.status != Order.Status.AWAITING_PAYMENT:
                owed = placed.total if is_sold else 0
                assert placed.checkout.refund_due == max(0, placed.checkout.paid - owed)

    def any_checkout(self, pick: int) -> Checkout | None:
        """One whose stock is kept and that is not ordered yet."""
        waiting = Checkout.objects.filter(status=Checkout.Status.OPEN).order_by("started_at", "pk")
        kept = list(waiting)
        return kept[pick % len(kept)] if kept else None

    def any_order(self, pick: int) -> Order | None:
        orders = list(Order.objects.order_by("placed_at", "pk"))
        return orders[pick % len(orders)] if orders else None


def units(*states: Hold.Status) -> int:
    counted: int = Hold.objects.filter(status__in=states).aggregate(units=Sum("quantity", default=0))["units"]
    return counted


TestMarket = Market.TestCase
TestMarket.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
