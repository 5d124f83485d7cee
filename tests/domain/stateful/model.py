"""What the till ought to do, said a second time and as plainly as possible: no rows, no batches, no locks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

KEPT = ("held", "ordered", "reserved")
TAKEN = (*KEPT, "sold")
WAITING = ("open", "placed")
LONGEST_TO_PAY = timedelta(minutes=40)
"""From placing on."""
CANCEL_WITHIN = timedelta(hours=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
Refused = str | None
"""The code of the problem; None when it was done."""


@dataclass
class Deal:
    """A live offer."""

    price: int
    cap: int | None
    total_cap: int | None
    is_first_paid: bool


@dataclass
class Goods:
    shop: int
    price: int
    """Won, outside of any show."""
    total: int
    deals: Mapping[str, Deal]
    """By show, of shows on the air."""
    is_closed: bool = False


@dataclass
class Item:
    variant: int
    units: int
    show: str | None
    price: int
    until: datetime
    state: str

    def lapse(self) -> None:
        self.state = "wanted" if self.state == "reserved" else "released"


@dataclass
class Bill:
    """One shop's order."""

    total: int
    state: str = "awaiting_payment"


@dataclass
class Money:
    kind: str
    amount: int
    shop: int | None


@dataclass
class Trip:
    """A checkout."""

    buyer: str
    items: list[Item]
    until: datetime
    state: str = "open"
    was_extended: bool = False
    since: datetime = LONG_AGO
    """Since when some of it is kept without a break."""
    key: str = ""
    asked: str = ""
    bills: dict[int, Bill] = field(default_factory=dict)
    events: list[Money] = field(default_factory=list)
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    """When money came last."""
    is_off: bool = False
    """Money that comes now is no purchase any more."""

    @property
    def total(self) -> int:
        return sum(bill.total for bill in self.bills.values())

    @property
    def approved(self) -> int:
        return sum(one.amount for one in self.events if one.kind == "approved")

    @property
    def paid(self) -> int:
        return self.approved - sum(one.amount for one in self.events if one.kind == "refunded")

    @property
    def owed(self) -> int:
        if self.state == "paid":
            return sum(bill.total for bill in self.bills.values() if bill.state == "paid")
        return self.total if self.state == "placed" else 0

    @property
    def refund_due(self) -> int:
        return max(0, self.paid - self.owed)


Wish = tuple[int, int, str | None]
"""Variant, units, show."""


@dataclass
class Model:
    goods: dict[int, Goods]
    fees: Mapping[int, tuple[int, int | None]]
    """What a parcel costs and from which sum it is free, by shop; in won."""
    trips: dict[str, Trip] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Which checkout each payment event belongs to."""
    now: datetime = LONG_AGO

    # --- numbers

    def taken(self, variant: int, *states: str) -> int:
        return sum(item.units for item in self._items() if item.variant == variant and item.state in states)

    def left(self, variant: int) -> int:
        goods = self.goods[variant]
        return 0 if goods.is_closed else goods.total - self.taken(variant, *TAKEN)

    def room(self, variant: int, show: str | None) -> int:
        """What is left at the live price, or for the price outside of any show."""
        deal = self._deal(variant, show)
        if deal is None or deal.total_cap is None:
            return self.goods[variant].total
        at_live_price = [item for item in self._items() if (item.variant, item.show) == (variant, show)]
        return deal.total_cap - sum(item.units for item in at_live_price if item.state in TAKEN)

    def time_is(self, now: datetime) -> None:
        self.now = now
        for item in self._items():
            if item.state in KEPT and item.until <= now:
                item.lapse()

    # --- buying

    def start(self, name: str, buyer: str, wishes: Sequence[Wish], until: datetime) -> Refused:
        before = [trip for trip in self.trips.values() if trip.buyer == buyer and trip.state == "open"]
        own = [item for trip in before for item in trip.items if item.state in ("held", "wanted")]
        for wish in wishes:
            if (refused := self._refused(buyer, wish, own)) is not None:
                return refused
        trip = Trip(buyer, [], until, since=self.now)
        for old in before:
            if any(item.state in KEPT and item.variant in {wish[0] for wish in wishes} for item in old.items):
                longest = old.since + 2 * (until - self.now)
                trip.until = max(old.until, min(until, longest))
                trip.since, trip.was_extended = old.since, old.was_extended
            self._let_go(old)
        trip.items = [self._item(wish, trip.until) for wish in wishes]
        self.trips[name] = trip
        return None

    def _item(self, wish: Wish, until: datetime) -> Item:
        variant, _, show = wish
        deal = self._deal(variant, show)
        price = deal.price if deal else self.goods[variant].price
        return Item(*wish, price, until, "wanted" if deal and deal.is_first_paid else "held")

    def _refused(self, buyer: str, wish: Wish, own: Sequence[Item]) -> Refused:
        variant, units, show = wish
        mine = [item for item in own if item.variant == variant]
        same_show = [item for item in mine if item.show == show]
        more = units - sum(item.units for item in same_show)
        if self._is_over_cap(buyer, variant, show, more, (*TAKEN, "wanted")):
            return "per-buyer-cap"
        left = 0 if self.goods[variant].is_closed else self.left(variant) + _kept(mine)
        left = min(left, self.room(variant, show) + _kept(same_show))
        if left <= 0:
            return "sold-out"
        return "not-enough-left" if units > left else None

    def _is_over_cap(
        self, buyer: str, variant: int, show: str | None, more: int, states: Sequence[str]
    ) -> bool:
        deal = self._deal(variant, show)
        mine = (item for trip in self.trips.values() for item in trip.items if trip.buyer == buyer)
        bought = (item for item in mine if (item.variant, item.show) == (variant, show))
        has = sum(item.units for item in bought if item.state in states)
        return deal is not None and deal.cap is not None and has + more > deal.cap

    def _deal(self, variant: int, show: str | None) -> Deal | None:
        return self.goods[variant].deals.get(show) if show else None

    def place(self, name: str, key: str, asked: str) -> Refused:
        """`asked` is how its goods are received: "parcel" or "pickup"."""
        trip = self.trips[name]
        for other_name, other in self.trips.items():
            if other.buyer == trip.buyer and other.key == key:
                return None if (other_name, other.asked) == (name, asked) else "key-reused"
        if trip.state != "open" or any(item.state not in ("held", "wanted") for item in trip.items):
            return "hold-gone"
        trip.state, trip.key, trip.asked, trip.placed_at = "placed", key, asked, self.now
        for item in trip.items:
            item.state = "ordered" if item.state == "held" else item.state
            shop = self.goods[item.variant].shop
            trip.bills.setdefault(shop, Bill(0)).total += item.price * item.units
        for shop, bill in trip.bills.items():
            fee, free_from = self.fees[shop]
            is_free = asked == "pickup" or (free_from is not None and bill.total >= free_from)
            bill.total += 0 if is_free else fee
        self._settle(trip)
        return None

    def extend(self, name: str, seconds: int) -> Refused:
        trip = self.trips[name]
        if trip.state not in WAITING or any(item.state not in (*KEPT, "wanted") for item in trip.items):
            return "hold-gone"
        if trip.was_extended:
            return "extended-before"
        trip.was_extended = True
        trip.until += timedelta(seconds=seconds)
        for item in trip.items:
            item.until = item.until if item.state == "reserved" else trip.until
        return None

    def reserve(self, name: str, until: datetime) -> Refused:
        trip = self.trips[name]
        if trip.state == "paid":
            return "paid-already"
        if trip.is_off:
            return "hold-gone"
        if not trip.bills:
            return "nothing-to-pay" if trip.state in WAITING else "hold-gone"
        if trip.placed_at and until > max(trip.until, trip.placed_at + LONGEST_TO_PAY):
            return "hold-gone"
        if any(self._is_gone(trip, item) for item in trip.items):
            return "sold-out"
        trip.state = "placed"
        for bill in trip.bills.values():
            bill.state = "awaiting_payment"
        trip.until = max(trip.until, until)
        for item in trip.items:
            again = "reserved" if item.state == "wanted" else "ordered"
            item.state = item.state if item.state in KEPT else again
            item.until = until if item.state == "reserved" else trip.until
        return None

    def give_up(self, name: str) -> Refused:
        trip = self.trips[name]
        if trip.state == "paid":
            return "order-not-cancellable"
        trip.is_off = True
        if trip.state in WAITING:
            self._let_go(trip)
        return None

    def cancel(self, name: str, shop: int) -> Refused:
        """One order; what it cost goes back at once, since no money moved in the test."""
        trip = self.trips[name]
        if shop not in trip.bills:
            return "order-unknown"
        if trip.state != "paid":
            return self.give_up(name)
        if trip.bills[shop].state == "paid":
            if trip.paid_at is None or self.now > trip.paid_at + CANCEL_WITHIN:
                return "order-not-cancellable"
            self._cancel(trip, shop)
            due = min(trip.bills[shop].total, trip.refund_due)
            if due > 0:
                trip.events.append(Money("refunded", due, shop))
        return None

    def sweep(self, now: datetime) -> None:
        for trip in self.trips.values():
            if trip.state in WAITING and trip.until <= now:
                self._let_go(trip)

    def adopt(self, guest: str, user: str) -> None:
        for trip in self.trips.values():
            if trip.buyer == guest:
                trip.buyer = user

    # --- selling

    def set_total(self, variant: int, total: int) -> Refused:
        if total < self.taken(variant, *TAKEN):
            return "less-than-sold"
        self.goods[variant].total = total
        return None

    def close(self, variant: int, is_closed: bool) -> Refused:
        self.goods[variant].is_closed = is_closed
        return None

    # --- money

    def record(self, name: str, reference: str, money: Money) -> Refused:
        if reference in self.told:
            return None if self.told[reference] == name else "payment-of-another-order"
        self.told[reference] = name
        trip = self.trips[name]
        trip.events.append(money)
        trip.paid_at = self.now if money.kind == "approved" else trip.paid_at
        # A part that went back before the whole was there: what comes later is no purchase any more.
        is_part_back = money.kind == "refunded" and money.shop is None and trip.approved > 0
        if is_part_back and trip.state != "paid":
            trip.is_off = True
        if money.kind == "declined":
            for item in trip.items:
                if item.state == "reserved":
                    item.lapse()
        self._settle(trip)
        return None

    def _settle(self, trip: Trip) -> None:
        is_whole = trip.approved > 0 and trip.approved >= trip.total
        if trip.bills and trip.state != "paid" and not trip.is_off and is_whole:
            trip.state = "paid"
            for shop, bill in trip.bills.items():
                self._deliver(trip, shop, bill)
        if trip.state == "paid":
            self._cancel_what_went_back(trip)

    def _deliver(self, trip: Trip, shop: int, bill: Bill) -> None:
        items = self._items_of(trip, shop)
        is_there = not any(self._is_gone(trip, item) for item in items)
        bill.state = "paid" if is_there else "cancelled"
        for item in items:
            item.state = "sold" if is_there else "released"

    def _cancel_what_went_back(self, trip: Trip) -> None:
        for shop, bill in trip.bills.items():
            went = sum(one.amount for one in trip.events if one.kind == "refunded" and one.shop == shop)
            if bill.state == "paid" and (trip.paid <= 0 or went >= bill.total):
                self._cancel(trip, shop)

    # --- within

    def _cancel(self, trip: Trip, shop: int) -> None:
        trip.bills[shop].state = "cancelled"
        for item in self._items_of(trip, shop):
            item.state = "released"

    def _is_gone(self, trip: Trip, item: Item) -> bool:
        if item.state in TAKEN:
            return False
        left = min(self.left(item.variant), self.room(item.variant, item.show))
        is_over = self._is_over_cap(trip.buyer, item.variant, item.show, item.units, TAKEN)
        return is_over or item.units > left

    @staticmethod
    def _let_go(trip: Trip) -> None:
        trip.state = "over"
        for item in trip.items:
            item.state = "released"
        for bill in trip.bills.values():
            bill.state = "cancelled"

    def _items_of(self, trip: Trip, shop: int) -> list[Item]:
        return [item for item in trip.items if self.goods[item.variant].shop == shop]

    def _items(self) -> Iterator[Item]:
        return (item for trip in self.trips.values() for item in trip.items)


def _kept(items: Sequence[Item]) -> int:
    return sum(item.units for item in items if item.state in KEPT)
