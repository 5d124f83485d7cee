"""The rows a batch works on, in memory. Commands read them and change them through these verbs alone."""

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import datetime

from golmok.domain.orders.models import BANK_TRANSFER, KEPT, TAKEN, Checkout, Hold
from golmok.domain.orders.till.rows import (
    CapCountRow,
    CheckoutRow,
    EventRow,
    ExpectedRow,
    HoldRow,
    LineRow,
    OfferRow,
    OrderRow,
    Row,
    StockRow,
    VariantRow,
    WaitingRow,
)
from golmok.problems import Problem

HELD = Hold.Status.HELD.value
ORDERED = Hold.Status.ORDERED.value
SOLD = Hold.Status.SOLD.value
RELEASED = Hold.Status.RELEASED.value
WANTED = Hold.Status.WANTED.value
RESERVED = Hold.Status.RESERVED.value
OPEN = Checkout.Status.OPEN.value


class Ledger:
    """Everything a batch loaded (see loading.py), and what became of it (see writing.py)."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.stocks: dict[int, StockRow] = {}
        self.variants: dict[int, VariantRow] = {}
        """With product and shop."""
        self.offers: dict[tuple[str, int], OfferRow] = {}
        """By show and variant, with the show."""
        self.cap_counts: dict[tuple[str, int], CapCountRow] = {}
        """Of the offers with a total cap, by show and variant."""
        self.checkouts: dict[str, CheckoutRow] = {}
        self.holds: dict[str, HoldRow] = {}
        self.waiters: dict[str, WaitingRow] = {}
        """Of the waiting lists, as far as they were looked at."""
        self.joined: dict[int, list[WaitingRow]] = defaultdict(list)
        """Who joined a list in this batch, by variant in the order of arrival."""
        self.awaited: set[int] = set()
        """Variants that somebody waits for."""
        self.unread: dict[tuple[str, int], int] = {}
        """Where more wait than were looked at, by show and variant: the last number that was."""
        self.users: set[int] = set()
        """Accounts that order and are still there."""
        self.added: dict[type[Row], list[Row]] = defaultdict(list)
        self.changed: dict[type[Row], dict[int, Row]] = defaultdict(dict)
        """By identity."""
        self.stock_to_tell: dict[int, StockRow] = {}
        self.ordered: list[HoldRow] = []
        """Lines that became an order."""
        self.bought: list[tuple[OrderRow, HoldRow]] = []
        """Lines that became a purchase."""
        self._new: set[int] = set()
        self._of_buyer: dict[str, list[CheckoutRow]] = defaultdict(list)
        self._holds: dict[str, list[HoldRow]] = defaultdict(list)
        self._units: dict[tuple[str, int], list[HoldRow]] = defaultdict(list)
        self._orders: dict[str, list[OrderRow]] = defaultdict(list)
        self._expected: dict[str, ExpectedRow] = {}
        self._events: dict[str, list[EventRow]] = defaultdict(list)
        self._waits: dict[tuple[str, int], WaitingRow] = {}
        self._references: dict[tuple[str, str], EventRow] = {}

    # --- reading

    def checkout_of(self, buyer: str, key: str) -> CheckoutRow:
        """The buyer's own. Raises Problem 404 `checkout-unknown`."""
        found = self.checkouts.get(key)
        if found is None or found.buyer != buyer:
            raise Problem(404, "checkout-unknown")
        return found

    def open_checkouts(self, buyer: str) -> list[CheckoutRow]:
        return [one for one in self._of_buyer[buyer] if one.status == OPEN]

    def awaited_transfers(self, buyer: str) -> list[CheckoutRow]:
        """The buyer's checkouts whose money is to come by bank transfer. Looked at for who wants another."""
        mine = (one for one in self._of_buyer[buyer] if one.gateway == BANK_TRANSFER)
        return [one for one in mine if one.status == Checkout.Status.PLACED and one.expires_at > self.now]

    def placed_with(self, buyer: str, key: str) -> CheckoutRow | None:
        """The buyer's checkout that was placed with this idempotency key."""
        mine = self._of_buyer[buyer]
        return next((one for one in mine if one.idempotency_key == key), None)

    def holds_of(self, checkout: CheckoutRow) -> list[HoldRow]:
        return self._holds[checkout.id]

    def orders_of(self, checkout: CheckoutRow) -> list[OrderRow]:
        return self._orders[checkout.id]

    def holds_of_order(self, order: OrderRow) -> list[HoldRow]:
        return [hold for hold in self._holds[order.checkout_id] if self.shop_of(hold) == order.shop_id]

    def shop_of(self, hold: HoldRow) -> int:
        return self.variants[hold.stock_id].product.shop_id

    def events_of(self, checkout: CheckoutRow) -> list[EventRow]:
        return self._events[checkout.id]

    def expected_of(self, checkout: CheckoutRow) -> ExpectedRow | None:
        """The bank transfer that it waits for."""
        return self._expected.get(checkout.id)

    def event(self, gateway: str, reference: str) -> EventRow | None:
        return self._references.get((gateway, reference))

    def units(self, buyer: str, offer: OfferRow, states: Container[str] = TAKEN) -> int:
        """Units of a capped offer that the buyer has in these states: keeps or bought in its show."""
        mine = self._units[buyer, offer.variant_id]
        return sum(hold.quantity for hold in mine if hold.show_id == offer.show_id and hold.status in states)

    def left(self, stock: StockRow, offer: OfferRow | None) -> int:
        """Units the next buyer may take in the offer's show, or outside of any."""
        room = self.room(offer) if offer is not None and offer.is_live else None
        return stock.left if room is None else max(0, min(stock.left, room))

    def room(self, offer: OfferRow) -> int | None:
        """Units that its total cap still allows at the live price; None without a cap. Below 0 when it was
        lowered."""
        count = self.cap_counts.get(offer.key)
        if offer.total_cap is None or count is None:
            return None
        return offer.total_cap - count.units

    def looked_until(self, variant_id: int) -> int | None:
        """The number after which others in the waiting list, not looked at yet, come before anybody else.

        None when there are none who could get something.
        """
        ends = (end for key, end in self.unread.items() if key[1] == variant_id and self._has_room(key))
        return min(ends, default=None)

    def _has_room(self, key: tuple[str, int]) -> bool:
        offer = self.offers.get(key)
        room = self.room(offer) if offer is not None and offer.is_live else None
        return room is None or room > 0

    def waits(self, buyer: str, variant_id: int) -> WaitingRow | None:
        """The buyer's open entry in the waiting list, if it was looked at."""
        mine = self._waits.get((buyer, variant_id))
        return mine if mine is not None and mine.left_at is None else None

    # --- the waiting list

    def join(self, waiter: WaitingRow) -> None:
        """At the end of the list; its number is given here."""
        stock = self.stocks[waiter.stock_id]
        stock.last_place += 1
        stock.waiting += 1
        waiter.number = stock.last_place
        self.awaited.add(stock.variant_id)
        self.joined[stock.variant_id].append(waiter)
        self.change(stock)
        self.add(waiter)

    def leave(self, waiter: WaitingRow, served: CheckoutRow | None = None) -> None:
        """Close an open entry: served with a checkout, or not."""
        stock = self.stocks[waiter.stock_id]
        stock.waiting -= 1
        waiter.left_at = self.now
        waiter.served_id = served.id if served else None
        if served is None:
            waiter.email = ""
        self.change(stock)
        self.change(waiter)

    # --- stock

    def keep(self, hold: HoldRow) -> None:
        """Count a new hold on its stock. The caller has seen that enough is left."""
        self._count(hold, 1 if hold.status in KEPT else 0, 0)
        self.add(hold)

    def keep_again(self, hold: HoldRow) -> None:
        """Keep for its order what was given back or only wanted. The caller has seen that enough is left."""
        self._move(hold, RESERVED if hold.status == WANTED else ORDERED)

    def release(self, hold: HoldRow) -> None:
        """Give back what is kept or sold; nothing for what was given back before."""
        if hold.status != RELEASED:
            self._move(hold, RELEASED)

    def lapse(self, hold: HoldRow) -> None:
        """Its time is over, or its payment failed: what is sold to who pays first is only wanted again."""
        self._move(hold, WANTED if hold.status == RESERVED else RELEASED)

    def sell(self, hold: HoldRow) -> None:
        """Make a hold a sale. What was given back is taken again: the caller has seen that enough is left."""
        self._move(hold, SOLD)

    def _move(self, hold: HoldRow, status: str) -> None:
        before, hold.status = hold.status, status
        self._count(hold, (status in KEPT) - (before in KEPT), (status == SOLD) - (before == SOLD))
        self.change(hold)

    def _count(self, hold: HoldRow, held: int, sold: int) -> None:
        """Count the units of a hold once more (1) or no more (-1) among those held and sold."""
        if not held and not sold:
            return
        stock = self.stocks[hold.stock_id]
        stock.held += held * hold.quantity
        stock.sold += sold * hold.quantity
        self.touch_stock(stock)
        count = self.cap_counts.get((hold.show_id or "", hold.stock_id)) if hold.at_live_price else None
        if count is not None and held + sold:
            count.units += (held + sold) * hold.quantity
            self.change(count)

    def touch_stock(self, stock: StockRow) -> None:
        """The stock row changed, or its number may be stale on somebody's screen."""
        self.change(stock)
        self.stock_to_tell[stock.variant_id] = stock

    # --- rows

    def add(self, row: Row) -> None:
        self.added[type(row)].append(row)
        self._new.add(id(row))
        self.know([row])

    def change(self, row: Row) -> None:
        if id(row) not in self._new:
            self.changed[type(row)][id(row)] = row

    def know(self, rows: Sequence[Row]) -> None:
        """Make loaded or new rows findable."""
        for row in rows:
            match row:
                case HoldRow():
                    self._know_hold(row)
                case CheckoutRow():
                    self.checkouts[row.id] = row
                    self._of_buyer[row.buyer].append(row)
                case OrderRow():
                    self._orders[row.checkout_id].append(row)
                case EventRow():
                    self._know_event(row)
                case StockRow():
                    self.stocks[row.variant_id] = row
                case CapCountRow():
                    self.cap_counts[row.show_id, row.stock_id] = row
                case WaitingRow():
                    self._know_waiter(row)
                case ExpectedRow():
                    self._expected[row.checkout_id] = row
                case LineRow():
                    pass

    def _know_hold(self, hold: HoldRow) -> None:
        if hold.id not in self.holds:
            self.holds[hold.id] = hold
            self._holds[hold.checkout_id].append(hold)
            self._units[hold.buyer, hold.stock_id].append(hold)

    def _know_waiter(self, waiter: WaitingRow) -> None:
        if waiter.id not in self.waiters:
            self.waiters[waiter.id] = self._waits[waiter.buyer, waiter.stock_id] = waiter

    def _know_event(self, event: EventRow) -> None:
        reference = (event.gateway, event.reference)
        if reference not in self._references:
            self._references[reference] = event
            self._events[event.checkout_id].append(event)
