"""Whatever who waits, buys, pays first or gives up does: the books are right, and nobody is passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, PaymentEvent, Stock, Waiting
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.pay import PayTest
from golmok.domain.orders.till.reserve import Reserve
from golmok.domain.orders.till.start import Line
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import hold, place
from tests.domain import books
from tests.domain.conftest import offer_product, open_show

pytestmark = pytest.mark.django_db
BUYERS = st.sampled_from([f"guest:{letter}" for letter in "abcde"])
PICK = st.integers(0, 50)
UNITS = st.integers(1, 3)
KINDS = st.sampled_from([PaymentEvent.Kind.APPROVED, PaymentEvent.Kind.DECLINED])


@contextmanager
def refusals_allowed() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        assert problem.status in (404, 409), problem


class Lists(RuleBasedStateMachine):
    """Kept for the buyer, first paid, and one with both caps; each run is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        if connection.vendor == "postgresql":
            # The till's plans stay for the whole run here; compiling the sums of the books took most of it.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL jit = off")
        self.now = datetime(2026, 7, 20, 10, tzinfo=timezone.get_fixed_timezone(0))
        self.clock = patch.object(timezone, "now", lambda: self.now)
        self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        kept = open_show(units=3)
        show = Show.objects.get()
        first_paid, capped = (offer_product(kept.product.shop, show, units=4) for _ in range(2))
        Offer.objects.filter(variant=first_paid).update(kind=Offer.Kind.FIRST_PAID)
        Offer.objects.filter(variant=capped).update(per_buyer_cap=2, total_cap=3)
        self.goods = [kept, first_paid, capped]

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(buyer=BUYERS, pick=PICK, quantity=UNITS)
    def take(self, buyer: str, pick: int, quantity: int) -> None:
        with refusals_allowed():
            hold(self.variant(pick), quantity, buyer)

    @rule(buyer=BUYERS, pick=PICK, quantity=UNITS)
    def wait(self, buyer: str, pick: int, quantity: int) -> None:
        with refusals_allowed():
            line = Line(self.variant(pick).pk, quantity, Show.objects.get().pk)
            actions.wait_for(buyer=buyer, line=line)

    @rule(buyer=BUYERS, pick=PICK)
    def wait_no_more(self, buyer: str, pick: int) -> None:
        actions.wait_no_more(buyer=buyer, variant=self.variant(pick))

    @rule(pick=PICK)
    def place(self, pick: int) -> None:
        if (kept := self.any_of(pick, Checkout.Status.OPEN)) is not None:
            with refusals_allowed():
                place(kept)

    @rule(pick=PICK, kind=KINDS)
    def pay(self, pick: int, kind: PaymentEvent.Kind) -> None:
        if (placed := self.any_of(pick, Checkout.Status.PLACED, Checkout.Status.OVER)) is not None:
            with refusals_allowed():
                run(PayTest(placed.buyer, placed.pk.hex, uuid4().hex, kind))

    @rule(pick=PICK)
    def reserve(self, pick: int) -> None:
        if (placed := self.any_of(pick, Checkout.Status.PLACED, Checkout.Status.OVER)) is not None:
            with refusals_allowed():
                run(Reserve(None, placed.pk.hex))

    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        if (kept := self.any_of(pick, Checkout.Status.OPEN, Checkout.Status.PLACED)) is not None:
            actions.give_up_checkout(kept.pk, kept.buyer)

    @rule(pick=PICK, more=st.integers(0, 2))
    def restock(self, pick: int, more: int) -> None:
        variant = self.variant(pick)
        actions.put_on_sale(variant, Stock.objects.get(pk=variant.pk).total + more)

    @rule()
    def sweep(self) -> None:
        """After two sweeps nobody who could be served waits for what is there."""
        for _ in range(2):
            actions.give_back_expired(self.now)
        for waiter in Waiting.objects.filter(left_at=None):
            is_busy = Checkout.objects.filter(buyer=waiter.buyer, status=Checkout.Status.OPEN).exists()
            is_capped = waiter.stock_id == self.goods[2].pk
            assert is_busy or is_capped or Stock.objects.get(pk=waiter.stock_id).left == 0

    @invariant()
    def the_books_are_right(self) -> None:
        assert books.wrongs() == []

    @invariant()
    def nothing_is_oversold(self) -> None:
        for stock in Stock.objects.all():
            assert stock.left >= 0
            assert stock.held + stock.sold + stock.left == stock.total

    def variant(self, pick: int) -> Variant:
        return self.goods[pick % len(self.goods)]

    def any_of(self, pick: int, *states: Checkout.Status) -> Checkout | None:
        found = list(Checkout.objects.filter(status__in=states).order_by("started_at", "pk"))
        return found[pick % len(found)] if found else None


TestLists = Lists.TestCase
TestLists.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
