"""What comes free goes to who waits for it, in the order of arrival, before anybody else can take it.

Nobody waits: nothing is asked. Somebody does, and units are left: the heads of the lists are read, once for a
batch, in as many statements for one as for a hundred. Whoever keeps something else at this moment is passed
over and keeps their place, so that no checkout of theirs is lost; so is who could get nothing because of a
cap. When fewer are left than were waited for, the first gets those.
"""

from collections import Counter
from datetime import timedelta

from golmok.configuration import CONFIGURATION
from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.orders.models import TAKEN
from golmok.domain.orders.till.dialects import listed
from golmok.domain.orders.till.ledger import WANTED, Ledger
from golmok.domain.orders.till.rows import CheckoutRow, HoldRow, OfferRow, StockRow, WaitingRow
from golmok.domain.orders.till.tables import moment, tables

HEADS = 100
"""Entries read of each list and show; more than these are served in the next batch, at the latest by the
sweeper."""
LOOKED_AT = 1000
"""Entries of a list in which the heads are looked for: who cannot be served costs no more than this."""
# Busy is who keeps something else; full is whose own cap is used up. Which states count as in `Ledger.units`.
_FIRST = """
WITH free_ones AS (
  SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.stock_id, w.show_id ORDER BY w.number) AS place
  FROM ({first}) AS w
  WHERE NOT EXISTS (SELECT 1 FROM orders_checkout c WHERE c.buyer = w.buyer AND c.status = 'open')
  AND NOT EXISTS (
    SELECT 1 FROM festas_offer o JOIN festas_show s ON s.id = o.show_id
    WHERE o.variant_id = w.stock_id AND o.show_id = w.show_id AND s.status = 'live'
    AND o.per_buyer_cap <= (
      SELECT COALESCE(SUM(h.quantity), 0) FROM orders_hold h
      WHERE h.buyer = w.buyer AND h.stock_id = w.stock_id AND h.show_id = w.show_id
      AND (h.status IN ('sold', 'reserved', 'wanted')
        OR h.status IN ('held', 'ordered') AND h.expires_at > %s))))
SELECT id FROM free_ones WHERE place <= {heads}
"""


class Server:
    """Serves the waiting lists of one batch, whenever a command has been decided."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._heads: dict[int, list[WaitingRow]] = {}

    def serve(self) -> None:
        ledger = self._ledger
        stocks = (ledger.stocks[one] for one in sorted(ledger.awaited))
        due = [stock for stock in stocks if stock.waiting and stock.left > 0]
        if due:
            self._read_heads()
        for stock in due:
            _serve(ledger, stock, self._in_line(stock.variant_id))

    def _in_line(self, variant: int) -> list[WaitingRow]:
        return [*self._heads.get(variant, ()), *self._ledger.joined[variant]]

    def _read_heads(self) -> None:
        """Of all lists at once, so that it is one query for a batch."""
        ledger = self._ledger
        fresh = sorted(ledger.awaited - self._heads.keys())
        if not fresh:
            return
        heads = _free(_heads(ledger, fresh))
        ledger.know(heads)
        _load_units(ledger, heads)
        for variant in fresh:
            self._heads[variant] = [ledger.waiters[one.id] for one in heads if one.stock_id == variant]


def first_of_lists() -> str:
    """A relation: the keys of the heads. Its parameters are the listed variants and the moment."""
    first = tables().waiters.first_of_each("stock_id", "number", "left_at IS NULL", LOOKED_AT)
    return _FIRST.format(first=first, heads=HEADS)


def _heads(ledger: Ledger, variants: list[int]) -> list[WaitingRow]:
    """The first of each list, in the order of arrival, without those who could get nothing.

    By show, since a cap may hold up everybody from one show and nobody from another.
    """
    waiters = tables().waiters
    first = f"id IN ({first_of_lists()})"
    found = waiters.select(first, listed(variants), moment(ledger.now))
    found.sort(key=lambda one: (one.number, one.stock_id))
    counted = Counter((one.show_id or "", one.stock_id) for one in found)
    for one in found:
        key = (one.show_id or "", one.stock_id)
        if counted[key] >= HEADS:
            ledger.unread[key] = one.number
    return found


def _free(heads: list[WaitingRow]) -> list[WaitingRow]:
    """Those who start nothing else at this moment: their names are locked, and looked at once more.

    Stock is locked already, so nobody may be waited for here: who is busy is passed over.
    """
    if not heads:
        return []
    checkouts = tables().checkouts
    names = tables().dialect.try_names(sorted({one.buyer for one in heads}))
    still_open = f"status = 'open' AND {checkouts.any_of('buyer')}"
    busy = {one.buyer for one in checkouts.select(still_open, listed(names))}
    return [one for one in heads if one.buyer in names and one.buyer not in busy]


def _load_units(ledger: Ledger, heads: list[WaitingRow]) -> None:
    """What they keep or bought already of offers with a cap for each buyer."""
    capped = {variant for (_, variant), offer in ledger.offers.items() if offer.per_buyer_cap is not None}
    concerned = [one for one in heads if one.stock_id in capped]
    if concerned:
        holds = tables().holds
        condition = f"{holds.any_of('buyer')} AND {holds.any_of('stock_id')}"
        buyers = sorted({one.buyer for one in concerned})
        ledger.know(holds.select(condition, listed(buyers), listed(sorted(capped))))


def _serve(ledger: Ledger, stock: StockRow, in_line: list[WaitingRow]) -> None:
    for waiter in in_line:
        until = ledger.looked_until(stock.variant_id)
        if stock.left <= 0 or (until is not None and waiter.number > until):
            return
        if waiter.left_at is None and not ledger.open_checkouts(waiter.buyer):
            _offer(ledger, stock, waiter)


def _offer(ledger: Ledger, stock: StockRow, waiter: WaitingRow) -> None:
    """Keep for them what they wait for, or as many as there are; nothing when a cap leaves them none."""
    offer = ledger.offers.get((waiter.show_id or "", stock.variant_id))
    offer = offer if offer is not None and offer.is_live else None
    quantity = min(waiter.quantity, ledger.left(stock, offer), _allowed(ledger, waiter, offer))
    if quantity <= 0:
        return
    checkout = CheckoutRow(
        id=ordered_uuid().hex,
        buyer=waiter.buyer,
        started_at=ledger.now,
        expires_at=ledger.now + timedelta(seconds=CONFIGURATION.hold_seconds),
        language=waiter.language,
    )
    ledger.add(checkout)
    ledger.keep(_hold(ledger, checkout, waiter, offer, quantity))
    ledger.leave(waiter, checkout)


def _allowed(ledger: Ledger, waiter: WaitingRow, offer: OfferRow | None) -> int:
    if offer is None or offer.per_buyer_cap is None:
        return waiter.quantity
    return offer.per_buyer_cap - ledger.units(waiter.buyer, offer, (*TAKEN, WANTED))


def _hold(
    ledger: Ledger, checkout: CheckoutRow, waiter: WaitingRow, offer: OfferRow | None, quantity: int
) -> HoldRow:
    """Kept also where others must pay first: it is their turn."""
    return HoldRow(
        id=ordered_uuid().hex,
        checkout_id=checkout.id,
        stock_id=waiter.stock_id,
        show_id=waiter.show_id,
        buyer=waiter.buyer,
        quantity=quantity,
        unit_price=offer.price if offer else ledger.variants[waiter.stock_id].price,
        created_at=ledger.now,
        expires_at=checkout.expires_at,
        at_live_price=offer is not None,
    )
