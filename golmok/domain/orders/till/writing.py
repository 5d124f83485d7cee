"""Putting a batch's rows back in a few statements, and telling the rooms what changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from golmok.domain.core.wakeup import wake_on_commit
from golmok.domain.festas.models import Show
from golmok.domain.orders.names import masked_name
from golmok.domain.orders.till.debts import note_debts
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.rows import (
    CapCountRow,
    CartRow,
    CheckoutRow,
    EventRow,
    ExpectedRow,
    FactRow,
    HoldRow,
    LineRow,
    OrderRow,
    Row,
    StockRow,
    WaitingRow,
)
from golmok.domain.orders.till.tables import Table, tables

TOLD = (Show.Status.SCHEDULED, Show.Status.LIVE)
TICKER_MOST = 3
"""Purchases told to a room per batch: the ticker shows that people buy, it does not list them."""
STOCK_CHANGES = ("total", "held", "sold", "is_closed", "waiting", "last_place")
WAITING_CHANGES = ("show_id", "quantity", "email", "left_at", "served_id")
CHECKOUT_CHANGES = (
    "status",
    "expires_at",
    "extended_at",
    "placed_at",
    "idempotency_key",
    "digest",
    "total",
    "gateway",
    "language",
    "given_up",
    "owes_back",
)


def write(ledger: Ledger) -> None:
    note_debts(ledger)
    all_tables = tables()
    # A row comes after the rows it points at, and a new place in a list after the one that was left.
    _insert(ledger, (CheckoutRow, all_tables.checkouts))
    all_tables.waiters.update(_changed(ledger, WaitingRow), WAITING_CHANGES)
    _insert(
        ledger,
        (StockRow, all_tables.stocks),
        (CapCountRow, all_tables.cap_counts),
        (WaitingRow, all_tables.waiters),
        (HoldRow, all_tables.holds),
        (OrderRow, all_tables.orders),
        (LineRow, all_tables.lines),
        (EventRow, all_tables.events),
        (ExpectedRow, all_tables.expected),
    )
    all_tables.stocks.update(_changed(ledger, StockRow), STOCK_CHANGES)
    all_tables.cap_counts.update(_changed(ledger, CapCountRow), ("units",))
    all_tables.checkouts.update(_changed(ledger, CheckoutRow), CHECKOUT_CHANGES)
    all_tables.holds.update(_changed(ledger, HoldRow), ("status", "expires_at"))
    all_tables.orders.update(_changed(ledger, OrderRow), ("status", "given_up"))
    _empty_carts(ledger)
    _tell(ledger)


def _insert(ledger: Ledger, *pairs: tuple[type[Row], Table[Any]]) -> None:
    for kind, table in pairs:
        table.insert(ledger.added[kind])


def _changed(ledger: Ledger, kind: type[Row]) -> Sequence[Any]:
    return list(ledger.changed[kind].values())


def _empty_carts(ledger: Ledger) -> None:
    """What is ordered is in no cart any more."""
    done = {(hold.buyer, hold.stock_id) for hold in ledger.ordered}
    tables().carts.delete([CartRow(*one) for one in sorted(done)], ("buyer", "variant_id"))


def _tell(ledger: Ledger) -> None:
    facts = [*_stock_facts(ledger), *_ticker_facts(ledger)]
    tables().facts.insert(facts)
    for show_id in {fact.show_id for fact in facts}:
        wake_on_commit(show_id)


def _stock_facts(ledger: Ledger) -> Iterable[FactRow]:
    """What is left, for every show that offers it and is not over: people wait in rooms before the start."""
    for (show_id, variant_id), offer in ledger.offers.items():
        stock = ledger.stock_to_tell.get(variant_id)
        if stock is not None and offer.show.status in TOLD:
            left = ledger.left(stock, offer)
            fields = {"variant": variant_id, "left": left, "closed": stock.is_closed}
            yield FactRow(show_id=show_id, kind="stock", fields=fields, created_at=ledger.now)


def _ticker_facts(ledger: Ledger) -> Iterable[FactRow]:
    told: Counter[str] = Counter()
    live = {show_id for (show_id, _), offer in ledger.offers.items() if offer.show.status == Show.Status.LIVE}
    for order, hold in reversed(ledger.bought):
        if hold.show_id is not None and hold.show_id in live and told[hold.show_id] < TICKER_MOST:
            told[hold.show_id] += 1
            product = ledger.variants[hold.stock_id].product_id
            fields = {"name": masked_name(order.name), "product": product, "quantity": hold.quantity}
            yield FactRow(show_id=hold.show_id, kind="order", fields=fields, created_at=ledger.now)
