"""Locking and reading what a batch works on, in the same number of queries for one command and for hundreds.

Checkouts are locked before stock, each in the order of their keys, so that two batches never wait for each
other in a ring. PostgreSQL locks rows; SQLite has one writer at a time from BEGIN IMMEDIATE. What expired on
the locked stock is given back first, so that every command sees what is truly left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from golmok.domain.orders.models import BANK_TRANSFER, KEPT, Checkout
from golmok.domain.orders.till.ledger import OPEN, Ledger
from golmok.domain.orders.till.rows import CheckoutRow, StockRow
from golmok.domain.orders.till.tables import Table, listed, moment, tables

R = TypeVar("R")
K = TypeVar("K", int, str)
RUN_OUT_MOST = 200
"""Closed in one transaction; more at once would keep buyers waiting for the hot row."""
WAITING = (OPEN, Checkout.Status.PLACED.value)
KEPT_HOLD = "status IN ('held', 'ordered')"
"""As the partial indexes say it, so that they are used."""
WAITING_CHECKOUT = "status IN ('open', 'placed')"


@dataclass(frozen=True)
class Wants:
    """What a command needs locked and loaded."""

    checkouts: Sequence[str] = ()
    """With their holds, orders, payment events and stock."""
    buyer: str = ""
    """Whose open checkouts are needed too, and what they bought of capped offers among `variants`."""
    variants: Sequence[int] = ()
    references: Sequence[tuple[str, str]] = ()
    """Payment events by gateway and reference, whatever checkout they belong to."""
    key: str = ""
    """The idempotency key that `buyer` uses: the checkout that was placed with it is needed too."""
    user: int | None = None
    """The account that orders, if it is still there."""
    run_out: bool = False
    """Checkouts whose time is over, the first `RUN_OUT_MOST` of them."""


def load(wants: Iterable[Wants], now: datetime, *, lock: bool = True) -> Ledger:
    wanted = list(wants)
    ledger = Ledger(now)
    buyers = {one.buyer for one in wanted if one.buyer}
    if lock:
        tables().dialect.begin()
    if lock and buyers:
        tables().dialect.lock_names(list(buyers))
    ledger.know(_checkouts(wanted, now, lock=lock))
    variants = {variant for one in wanted for variant in one.variants} | _variants_of(ledger.checkouts)
    ledger.know(locked_stock(variants) if lock else _stock(variants, lock=False))
    _load_goods(ledger, variants)
    _load_holds(ledger, buyers | {checkout.buyer for checkout in ledger.checkouts.values()})
    _load_orders(ledger, [reference for one in wanted for reference in one.references])
    ledger.users = _users({one.user for one in wanted if one.user is not None})
    _give_back_expired(ledger)
    return ledger


def locked_stock(variants: Iterable[int]) -> list[StockRow]:
    """The query that locks stock; there is no other."""
    return _stock(variants, lock=True)


def _stock(variants: Iterable[int], *, lock: bool) -> list[StockRow]:
    stocks = tables().stocks
    return stocks.select(stocks.any_of("variant_id"), listed(sorted(variants)), lock=lock)


def _checkouts(wanted: list[Wants], now: datetime, *, lock: bool) -> list[CheckoutRow]:
    """All that are wanted, locked in one pass.

    Buyers are locked by name before: two tabs at the same moment would both find nothing open.
    """
    checkouts = tables().checkouts
    keys = {key for one in wanted for key in one.checkouts} | _placed_with(wanted)
    if any(one.run_out for one in wanted):
        keys |= _run_out(now)
    conditions: list[tuple[str, object]] = []
    if keys:
        conditions.append((checkouts.any_of("id"), listed(list(keys))))
    if buyers := [one.buyer for one in wanted if one.buyer]:
        conditions.append((f"(status = 'open' AND {checkouts.any_of('buyer')})", listed(buyers)))
    if not conditions:
        return []
    texts, values = zip(*conditions, strict=True)
    return checkouts.select(" OR ".join(texts), *values, lock=lock)


def _placed_with(wanted: list[Wants]) -> set[str]:
    """Checkouts placed with the idempotency keys that are used now; a key is its buyer's own."""
    used = {(one.buyer, one.key) for one in wanted if one.key}
    if not used:
        return set()
    checkouts = tables().checkouts
    condition = f"{checkouts.any_of('buyer')} AND {checkouts.any_of('idempotency_key')}"
    buyers, keys = ({pair[n] for pair in used} for n in (0, 1))
    rows = checkouts.select(condition, listed(list(buyers)), listed(list(keys)))
    return {row.id for row in rows if (row.buyer, row.idempotency_key) in used}


def _run_out(now: datetime) -> set[str]:
    """Seen without a lock: who closes them looks again."""
    late = f"{WAITING_CHECKOUT} AND expires_at <= %s"
    return {row.id for row in tables().checkouts.select(late, moment(now), most=RUN_OUT_MOST)}


def _users(wanted: set[int]) -> set[int]:
    """Those who still have an account; a pass outlives it by hours."""
    users = tables().users
    return {row.id for row in users.select(users.any_of("id"), listed(list(wanted)))} if wanted else set()


def _variants_of(checkouts: Iterable[str]) -> set[int]:
    holds = tables().holds
    keys = list(checkouts)
    if not keys:
        return set()
    return {hold.stock_id for hold in holds.select(holds.any_of("checkout_id"), listed(keys))}


def _load_goods(ledger: Ledger, variants: set[int]) -> None:
    """Variants with product and shop, and every show's offer of them."""
    all_tables = tables()
    found = all_tables.variants.select(all_tables.variants.any_of("id"), listed(list(variants)))
    products = _by_id(all_tables.products, {variant.product_id for variant in found})
    shops = _by_id(all_tables.shops, {product.shop_id for product in products.values()})
    for product in products.values():
        product.shop = shops[product.shop_id]
    for variant in found:
        variant.product = products[variant.product_id]
        ledger.variants[variant.id] = variant
    offers = all_tables.offers.select(all_tables.offers.any_of("variant_id"), listed(list(variants)))
    shows = _by_id(all_tables.shows, {offer.show_id for offer in offers})
    for offer in offers:
        offer.show = shows[offer.show_id]
        ledger.offers[offer.show_id, offer.variant_id] = offer


def _by_id(table: Table[R], keys: set[K]) -> dict[K, R]:
    rows = table.select(table.any_of("id"), listed(list(keys))) if keys else []
    return {cast(Any, row).id: row for row in rows}


def _load_holds(ledger: Ledger, buyers: set[str]) -> None:
    """Read after the stock is locked: only who has the lock changes them."""
    holds = tables().holds
    if ledger.checkouts:
        ledger.know(holds.select(holds.any_of("checkout_id"), listed(list(ledger.checkouts))))
    if ledger.stocks:
        expired = f"{holds.any_of('stock_id')} AND {KEPT_HOLD} AND expires_at <= %s"
        ledger.know(holds.select(expired, listed(list(ledger.stocks)), moment(ledger.now)))
    capped = [variant for (_, variant), offer in ledger.offers.items() if offer.per_buyer_cap is not None]
    if buyers and capped:
        of_buyers = f"{holds.any_of('buyer')} AND {holds.any_of('stock_id')}"
        ledger.know(holds.select(of_buyers, listed(list(buyers)), listed(capped)))


def _load_orders(ledger: Ledger, references: list[tuple[str, str]]) -> None:
    orders, events = tables().orders, tables().events
    placed = [key for key, checkout in ledger.checkouts.items() if checkout.placed_at is not None]
    if placed:
        ledger.know(orders.select(orders.any_of("checkout_id"), listed(placed)))
    if ledger.checkouts:
        ledger.know(events.select(events.any_of("checkout_id"), listed(list(ledger.checkouts))))
    waiting = [key for key in placed if ledger.checkouts[key].gateway == BANK_TRANSFER]
    if waiting:
        expected = tables().expected
        ledger.know(expected.select(expected.any_of("checkout_id"), listed(waiting)))
    if references:
        gateways, names = zip(*references, strict=True)
        told = f"{events.any_of('gateway')} AND {events.any_of('reference')}"
        ledger.know(events.select(told, listed(sorted(set(gateways))), listed(names)))


def _give_back_expired(ledger: Ledger) -> None:
    for hold in list(ledger.holds.values()):
        is_over = hold.status in KEPT and hold.expires_at <= ledger.now
        if is_over and hold.stock_id in ledger.stocks:
            ledger.release(hold)
