"""Whatever buyers, gateways, desks and clocks do, alone or in one batch: the till does as the model says."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import KEPT, Checkout, Hold, Order, PaymentEvent, Refund
from golmok.domain.orders.queries import stock_of
from golmok.domain.orders.refunds import ask_back, is_settled
from golmok.domain.orders.till.batch import Command, decide
from golmok.domain.orders.till.cancel import CancelOrder
from golmok.domain.orders.till.give_back import Extend, GiveBackExpired, GiveUp
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.reserve import KEPT_FOR_PAYMENT, Reserve
from golmok.domain.orders.till.sales import CloseSales, SetTotal
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.shops.models import Shop, Variant
from golmok.problems import Problem
from golmok.web.till.presenting import checkout_out
from tests.domain import books
from tests.domain.conftest import offer_product, open_show, other_shop
from tests.domain.stateful.model import Deal, Goods, Model, Money, Refused, Trip

pytestmark = pytest.mark.django_db
BUYERS = st.sampled_from(["guest:a", "guest:b", "guest:c"])
PICK = st.integers(0, 50)
EXAMPLES = int(os.environ.get("GOLMOK_TEST_EXAMPLES", "0"))
"""Of other ways that things can go each time; without it always the same few."""
MORE = st.booleans()
"""Whether others come to the till before it begins to decide."""
SECONDS = 600
Cart = dict[int, int]
"""Units by number of the variant."""
CARTS = st.dictionaries(st.integers(0, 4), st.integers(1, 3), min_size=1, max_size=3)
HOW_FAR = ("kept", "placed", "placed", "paid", "half paid")
SOMEBODY = Recipient("김서울", "010-1234-5678", "08754", "서울 관악구 난곡로 1")
OF_ADOPTION = frozenset({"a buyer has more than the cap", "a buyer keeps two checkouts"})
"""Who logs in brings along what a guest bought, whatever the account bought already."""
Expect = Callable[[Receipt | None], Refused]
"""What the model says of a command, told what the till made of it."""


class Market(RuleBasedStateMachine):
    """Two shops, five variants: one capped, one on no show, one for who pays first. Each run is undone."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = datetime(2026, 7, 20, 10, tzinfo=timezone.get_fixed_timezone(0))
        self.clock = patch.object(timezone, "now", lambda: self.now)
        self.clock.start()
        self.queue: list[tuple[Command[object], Expect]] = []
        self.but: frozenset[str] = frozenset()
        self.is_looked_at = False

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(trips=st.lists(st.tuples(BUYERS, CARTS, st.sampled_from(HOW_FAR)), min_size=2, max_size=4))
    def open(self, trips: list[tuple[str, Cart, str]]) -> None:
        self._set_up()
        for buyer, cart, how_far in trips:
            self.buy(buyer=buyer, cart=cart, how_far=how_far, more=False)

    def _set_up(self) -> None:
        first = open_show(units=7)
        self.show = Show.objects.get()
        capped = offer_product(first.product.shop, self.show, units=6, cap=3)
        bread = other_shop(self.show)
        plain = offer_product(bread.product.shop, self.show, units=5)
        Offer.objects.filter(variant=plain).delete()
        rushed = offer_product(first.product.shop, self.show, units=4, cap=3)
        Offer.objects.filter(variant=rushed).update(kind=Offer.Kind.FIRST_PAID)
        Offer.objects.filter(variant=capped).update(total_cap=4)
        self.variants = [first, capped, bread, plain, rushed]
        self.user = User.objects.create(username="member")
        fees = {shop.pk: (shop.parcel_fee, shop.free_parcel_from) for shop in Shop.objects.all()}
        self.model = Model({one.pk: goods(one) for one in self.variants}, fees)

    # --- buyers

    @rule(buyer=BUYERS, cart=CARTS, how_far=st.sampled_from(HOW_FAR), more=MORE)
    def buy(self, buyer: str, cart: Cart, how_far: str, more: bool) -> None:
        self._start(buyer, cart, more=more and how_far == "kept")
        mine = [
            name for name, trip in self.model.trips.items() if (trip.buyer, trip.state) == (buyer, "open")
        ]
        if mine and how_far != "kept":
            self._place(mine[-1], "parcel", uuid4().hex, more=more and how_far == "placed")
            share = {"paid": 10, "half paid": 5}.get(how_far)
            if share:
                self._pay(mine[-1], share, uuid4().hex, more)

    @rule(pick=PICK, deed=st.sampled_from(["place", "more time", "give up", "reserve", "take in"]), more=MORE)
    def a_buyer_acts(self, pick: int, deed: str, more: bool) -> None:
        name, trip = self._any(pick)
        until = self.now + KEPT_FOR_PAYMENT
        if deed == "place":
            self._place(name, "pickup", f"key-{pick}", more)
        elif deed == "more time":
            self._bring(Extend(trip.buyer, name, SECONDS), lambda _: self.model.extend(name, SECONDS), more)
        elif deed == "give up":
            self._bring(GiveUp(trip.buyer, name), lambda _: self.model.give_up(name), more)
        else:
            by_whom = trip.buyer if deed == "reserve" else None
            self._bring(Reserve(by_whom, name), lambda _: self.model.reserve(name, until), more)

    @rule(pick=PICK, more=MORE)
    def a_buyer_cancels_an_order(self, pick: int, more: bool) -> None:
        name, trip = self._any(pick)
        if trip.bills:
            shop = sorted(trip.bills)[pick % len(trip.bills)]
            number = Order.objects.get(checkout=UUID(name), shop=shop).number
            command = CancelOrder(trip.buyer, name, number)
            self._bring(command, lambda _: self.model.cancel(name, shop), more)

    @rule(buyer=BUYERS)
    def log_in(self, buyer: str) -> None:
        self._decide()
        adopt_guest(buyer, self.user)
        self.model.adopt(buyer, f"user:{self.user.pk}")
        self.but, self.is_looked_at = OF_ADOPTION, False

    # --- gateways

    @rule(pick=PICK, tenths=st.sampled_from([10, 10, 5, 5, 13]), times=st.integers(1, 2), more=MORE)
    def money_comes(self, pick: int, tenths: int, times: int, more: bool) -> None:
        """Whole, in part, or too much; told once or twice."""
        name, _ = self._any(pick)
        reference = uuid4().hex
        for _time in range(times):
            self._pay(name, tenths, reference, more)

    @rule(
        pick=PICK,
        tenths=st.sampled_from([10, 10, 5, 1]),
        what=st.sampled_from(["due", "sum", "order"]),
        more=MORE,
    )
    def money_goes_back(self, pick: int, tenths: int, what: str, more: bool) -> None:
        """What is owed back, or of the sum, or of one order; perhaps before its payment is told."""
        name, trip = self._any(pick)
        shop = sorted(trip.bills)[pick % len(trip.bills)] if what == "order" and trip.bills else None
        whole = trip.total if shop is None else trip.bills[shop].total
        amount = trip.refund_due if what == "due" else whole * tenths // 10
        self._tell(name, uuid4().hex, Money("refunded", max(1, amount), shop), more)

    @rule(pick=PICK, others=st.integers(0, 2))
    def what_is_owed_is_asked_back(self, pick: int, others: int) -> None:
        """By several processes at once, each from the gateway; told when it happened."""
        self._decide()
        name, trip = self._any(pick)
        for _process in range(1 + others):
            ask_back(UUID(name), ["bank"])
        rows = list(Refund.objects.filter(checkout=UUID(name), status=Refund.Status.ASKED))
        assert sum(row.amount for row in rows) <= trip.refund_due
        shops = dict(Order.objects.filter(checkout=UUID(name)).values_list("number", "shop_id"))
        for row in rows:
            shop = shops[row.order_id] if row.order_id else None
            self._tell(name, row.key, Money("refunded", row.amount, shop), more=False)
        assert all(is_settled(row) for row in rows)

    @rule(pick=PICK, other=PICK, is_known=st.booleans(), more=MORE)
    def something_strange_is_told(self, pick: int, other: int, is_known: bool, more: bool) -> None:
        """A payment that failed, or an event that was told of another checkout before."""
        name, _ = self._any(pick)
        if is_known and self.model.told:
            reference = sorted(self.model.told)[other % len(self.model.told)]
            self._tell(name, reference, Money("approved", 1000, None), more)
        else:
            self._tell(name, uuid4().hex, Money("declined", 1000, None), more)

    # --- the desk and the clock

    @rule(place=st.integers(0, 4), total=st.integers(0, 12), deed=st.integers(0, 3), more=MORE)
    def the_desk_acts(self, place: int, total: int, deed: int, more: bool) -> None:
        key = self.variants[place].pk
        if deed < 2:
            self._bring(SetTotal(key, total), lambda _: self.model.set_total(key, total), more)
        else:
            is_closed = deed == 2
            self._bring(CloseSales(key, is_closed), lambda _: self.model.close(key, is_closed), more)

    @rule(minutes=st.sampled_from([1, 2, 9, 10, 25, 61]), sweeps=st.booleans(), more=MORE)
    def time_passes(self, minutes: int, sweeps: bool, more: bool) -> None:
        self._decide()
        self.now += timedelta(minutes=minutes)
        self.is_looked_at = False
        if sweeps:
            self._bring(GiveBackExpired(), lambda _: self.model.sweep(self.now), more)

    # --- what must hold

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        if self.is_looked_at or self.queue:
            return
        self.is_looked_at = True
        self.model.time_is(self.now)
        assert books.wrongs(but=self.but) == []
        self._units_are_right()
        self._money_is_right()

    def _units_are_right(self) -> None:
        stock = stock_of([one.pk for one in self.variants])
        assert {key: one.left for key, one in stock.items()} == {key: self.model.left(key) for key in stock}
        holds = {(one.checkout_id.hex, one.stock_id): one for one in Hold.objects.all()}
        for name, trip in self.model.trips.items():
            for item in trip.items:
                hold = holds[name, item.variant]
                is_lapsed = hold.status in KEPT and hold.expires_at <= self.now
                lapsed = "wanted" if hold.status == Hold.Status.RESERVED else "released"
                assert item.state == (lapsed if is_lapsed else hold.status)

    def _money_is_right(self) -> None:
        came, went = books.money()
        assert came - went == sum(trip.paid for trip in self.model.trips.values())
        rows = Checkout.objects.prefetch_related("payment_events", "orders__refunds")
        for row in rows:
            trip = self.model.trips[row.pk.hex]
            said = (row.buyer, row.status, row.total, row.paid, row.refund_due)
            assert row.owes_back == (trip.refund_due > 0)
            assert said == (trip.buyer, trip.state, trip.total, trip.paid, trip.refund_due)
            assert sum(row.refunds_due.values()) <= row.refund_due
            bills = {order.shop_id: (order.total, order.status) for order in row.orders.all()}
            assert bills == {shop: (bill.total, bill.state) for shop, bill in trip.bills.items()}

    # --- within

    def _start(self, buyer: str, cart: Cart, more: bool) -> None:
        chosen = [(self.variants[place].pk, units, self._show_of(place)) for place, units in cart.items()]
        until = self.now + timedelta(seconds=SECONDS)

        def expect(got: Receipt | None) -> Refused:
            return self.model.start(got.checkout.id if got else "nothing", buyer, chosen, until)

        self._bring(Start(buyer, tuple(Line(*wish) for wish in chosen), SECONDS), expect, more)

    def _place(self, name: str, how: str, key: str, more: bool) -> None:
        trip = self.model.trips[name]
        wishes = {shop: ShopWish(how) for shop in self._shops_of(trip)}
        command = Place(trip.buyer, None, name, key, SOMEBODY, wishes, False)
        self._bring(command, lambda _: self.model.place(name, key, how), more)

    def _pay(self, name: str, tenths: int, reference: str, more: bool) -> None:
        whole = self.model.trips[name].total or 10_000
        self._tell(name, reference, Money("approved", whole * tenths // 10, None), more)

    def _bring(self, command: Command[object], expect: Expect, more: bool) -> None:
        self.queue.append((command, expect))
        if not more:
            self._decide()

    def _decide(self) -> None:
        commands, self.queue = self.queue, []
        if not commands:
            return
        self.model.time_is(self.now)
        self.is_looked_at = False
        results = decide([command for command, _ in commands], self.now)
        for (command, expect), result in zip(commands, results, strict=True):
            got = result.code if isinstance(result, Problem) else None
            assert expect(result if isinstance(result, Receipt) else None) == got, command
        for result in results:
            if isinstance(result, Receipt):
                self._receipt_is_right(result)

    def _receipt_is_right(self, got: Receipt) -> None:
        trip = self.model.trips[got.checkout.id]
        shown = checkout_out(got, self.now, "en")
        assert (shown["status"], shown["refund_due"]) == (trip.state, trip.refund_due)
        assert (shown["total"], got.paid) == (trip.total, trip.paid)
        assert sorted(order["status"] for order in shown["orders"]) == sorted(
            one.state for one in trip.bills.values()
        )

    def _tell(self, name: str, reference: str, money: Money, more: bool) -> None:
        number = None
        if money.shop is not None:
            number = Order.objects.get(checkout=UUID(name), shop=money.shop).number
        kind = PaymentEvent.Kind(money.kind)
        command = Record(name, "bank", reference, kind, money.amount, number)
        self._bring(command, lambda _: self.model.record(name, reference, money), more)

    def _any(self, pick: int) -> tuple[str, Trip]:
        """One of the checkouts, the latest first."""
        name = list(self.model.trips)[-1 - pick % len(self.model.trips)]
        return name, self.model.trips[name]

    def _show_of(self, place: int) -> str | None:
        return None if place == 3 else self.show.pk

    def _shops_of(self, trip: Trip) -> set[int]:
        return {self.model.goods[item.variant].shop for item in trip.items}


def goods(variant: Variant) -> Goods:
    deals = {one.show_id: deal(one) for one in variant.offers.all()}
    return Goods(variant.product.shop_id, variant.price, variant.stock.total, deals)


def deal(offer: Offer) -> Deal:
    is_first_paid = offer.kind == Offer.Kind.FIRST_PAID
    return Deal(offer.price, offer.per_buyer_cap, offer.total_cap, is_first_paid)


TestMarket = Market.TestCase
TestMarket.settings = settings(
    max_examples=EXAMPLES or (20 if connection.vendor == "sqlite" else 6),
    derandomize=not EXAMPLES,
    database=None,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.generate],
)
