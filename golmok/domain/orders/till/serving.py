"""What comes free goes to who waits for it, in the order of arrival, before anybody else can take it.

Nobody waits: nothing is asked. Somebody does, and units are left: the heads of the lists are read, once for a
batch, in as many statements for one as for a hundred. Whoever keeps something else at this moment is passed
over and keeps their place, so that no checkout of theirs is lost; when fewer are left than were waited for,
the first gets those.
"""

from collections import Counter
from datetime import timedelta

from golmok.configuration import CONFIGURATION
from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.orders.models import TAKEN
from golmok.domain.orders.till.dialects import listed
from golmok.domain.orders.till.ledger import WANTED, Ledger
from golmok.domain.orders.till.rows import CheckoutRow, HoldRow, OfferRow, StockRow, WaitingRow
from golmok.domain.orders.till.tables import tables

HEADS = 100
"""Entries read of each list; more than these are served in the next batch, at the latest by the sweeper."""


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
        joined = [] if variant in self._ledger.promised else self._ledger.joined[variant]
        return [*self._heads.get(variant, ()), *joined]

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


def _heads(ledger: Ledger, variants: list[int]) -> list[WaitingRow]:
    """The first of each list, in the order of arrival, without those who keep something else."""
    waiters = tables().waiters
    busy = "SELECT 1 FROM orders_checkout WHERE buyer = orders_waiting.buyer AND status = 'open'"
    free = f"left_at IS NULL AND {waiters.any_of('stock_id')} AND NOT EXISTS ({busy})"
    place = "ROW_NUMBER() OVER (PARTITION BY stock_id ORDER BY number) AS place"
    places = f"SELECT id, {place} FROM orders_waiting WHERE {free}"  # noqa: S608 - names of ours
    first = f"id IN (SELECT id FROM ({places}) AS free_ones WHERE place <= {HEADS})"  # noqa: S608
    found = waiters.select(first, listed(variants))
    counted = Counter(one.stock_id for one in found)
    ledger.promised |= {variant for variant, many in counted.items() if many >= HEADS}
    return sorted(found, key=lambda one: one.number)


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
        if stock.left <= 0:
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
