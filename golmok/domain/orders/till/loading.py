"""Locking and reading what a batch works on, in the same number of queries for one command and for hundreds.

Checkouts are locked before stock, each in the order of their keys, so that two batches never wait for each
other in a ring. PostgreSQL locks rows; SQLite has one writer at a time from BEGIN IMMEDIATE. What expired on
the locked stock is given back first, so that every command sees what is truly left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from golmok.domain.orders.models import BANK_TRANSFER, KEPT, Checkout
from golmok.domain.orders.till.capping import load_cap_counts
from golmok.domain.orders.till.dialects import listed
from golmok.domain.orders.till.ledger import OPEN, Ledger
from golmok.domain.orders.till.rows import CheckoutRow, StockRow
from golmok.domain.orders.till.tables import Part, moment, read_together, tables

RUN_OUT_MOST = 200
"""Closed in one transaction; more at once would keep buyers waiting for the hot row."""
WAITING = (OPEN, Checkout.Status.PLACED.value)
KEPT_HOLD = "status IN ('held', 'ordered', 'reserved')"
"""As the partial indexes say it, so that they are used."""
WAITING_CHECKOUT = "status IN ('open', 'placed')"
WITH_KEY = "NOT (idempotency_key = '')"
TOLD_AS = ("gateway", "reference")
PLACED_WITH = ("buyer", "idempotency_key")
AWAITING = f"status = 'placed' AND gateway = '{BANK_TRANSFER}' AND {WITH_KEY}"


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
    transfers: bool = False
    """The checkouts too for which a bank transfer of `buyer` is awaited."""
    run_out: bool = False
    """Checkouts whose time is over, the first `RUN_OUT_MOST` of them."""
    waits: bool = False
    """The open entries of `buyer` in the waiting lists of `variants` too."""
    recount: bool = False
    """What is taken of the total caps on `variants` is to be counted anew."""


def load(wants: Iterable[Wants], now: datetime, *, lock: bool = True) -> Ledger:
    wanted = list(wants)
    ledger = Ledger(now)
    buyers = {one.buyer for one in wanted if one.buyer}
    if lock:
        tables().dialect.begin()
    if lock and buyers:
        tables().dialect.lock_names(list(buyers))
    ledger.know(_checkouts(wanted, now, lock=lock))
    variants = {variant for one in wanted for variant in one.variants}
    if lock and any(one.run_out for one in wanted):
        variants |= _left_for_waiters()
    ledger.know(locked_stock(variants, ledger.checkouts) if lock else _stock(variants, ledger.checkouts))
    ledger.awaited = {stock.variant_id for stock in ledger.stocks.values() if stock.waiting}
    _load_rest(ledger, wanted, variants | ledger.stocks.keys())
    if lock:
        load_cap_counts(ledger, {variant for one in wanted if one.recount for variant in one.variants})
    _give_back_expired(ledger)
    return ledger


def locked_stock(variants: Iterable[int], checkouts: Iterable[str] = ()) -> list[StockRow]:
    """The query that locks stock, of variants and of what checkouts keep; there is no other."""
    return _stock(variants, checkouts, lock=True)


def _stock(variants: Iterable[int], checkouts: Iterable[str], *, lock: bool = False) -> list[StockRow]:
    stocks, holds = tables().stocks, tables().holds
    kept = holds.values_of("stock_id", holds.any_of("checkout_id"))
    either = stocks.among("variant_id", f"{stocks.given('variant_id')} UNION {kept}")
    return stocks.select(either, listed(sorted(variants)), listed(list(checkouts)), lock=lock)


def _checkouts(wanted: list[Wants], now: datetime, *, lock: bool) -> list[CheckoutRow]:
    """All that are wanted, locked in one pass.

    Buyers are locked by name before: two tabs at the same moment would both find nothing open. What others
    changed between finding and locking is seen: rows are as they were locked.
    """
    checkouts = tables().checkouts
    keys = {key for one in wanted for key in one.checkouts}
    if any(one.run_out for one in wanted):
        keys |= _run_out(now)
    buyers = [one.buyer for one in wanted if one.buyer]
    senders = [one.buyer for one in wanted if one.transfers]
    used = sorted({(one.buyer, one.key) for one in wanted if one.key})
    if not (keys or buyers):
        return []
    values = (listed(sorted(keys)), listed(buyers), listed(senders), checkouts.listed(PLACED_WITH, used))
    return checkouts.select(_wanted_checkouts(), *values, lock=lock)


def _wanted_checkouts() -> str:
    """By key; open ones and awaited transfers by buyer; and by the idempotency keys that are used now.

    Each is looked up in its own index: in one condition PostgreSQL reads all that are open.
    """
    checkouts = tables().checkouts
    of_buyers = checkouts.any_of("buyer")
    found = [
        checkouts.given("id"),
        checkouts.values_of("id", f"status = 'open' AND {of_buyers}"),
        checkouts.values_of("id", f"{AWAITING} AND {of_buyers}"),
        checkouts.values_of("id", f"{WITH_KEY} AND {checkouts.alike(PLACED_WITH)}"),
    ]
    return checkouts.among("id", " UNION ".join(found))


def _run_out(now: datetime) -> set[str]:
    """Seen without a lock: who closes them looks again."""
    late = f"{WAITING_CHECKOUT} AND expires_at <= %s"
    return {row.id for row in tables().checkouts.first(RUN_OUT_MOST, "expires_at", late, moment(now))}


def _load_rest(ledger: Ledger, wanted: list[Wants], variants: set[int]) -> None:
    """Read after the stock is locked: only who has the lock changes any of it."""
    goods, holds, money = _goods(variants), _holds(ledger, wanted, variants), _money(ledger, wanted)
    users = tables().users
    accounts = [one.user for one in wanted if one.user is not None]
    of_users = Part(users, users.any_of("id"), (listed(accounts),))
    found = read_together(*goods, *holds, *money, _waiters(ledger, wanted), of_users)
    _know_goods(ledger, found[: len(goods)])
    for rows in found[len(goods) : -1]:
        ledger.know(rows)
    ledger.users = {row.id for row in found[-1]}


def _goods(variants: set[int]) -> list[Part]:
    """Variants with product and shop, and every show's offer of them."""
    all_tables = tables()
    one_of = all_tables.variants.any_of("id")
    products = all_tables.products.among("id", all_tables.variants.values_of("product_id", one_of))
    shops = all_tables.shops.among("id", all_tables.products.values_of("shop_id", products))
    offered = all_tables.offers.any_of("variant_id")
    shows = all_tables.shows.among("id", all_tables.offers.values_of("show_id", offered))
    values = (listed(list(variants)),)
    return [
        Part(all_tables.variants, one_of, values),
        Part(all_tables.products, products, values),
        Part(all_tables.shops, shops, values),
        Part(all_tables.offers, offered, values),
        Part(all_tables.shows, shows, values),
    ]


def _know_goods(ledger: Ledger, found: list[list[Any]]) -> None:
    variants, products, shops, offers, shows = found
    by_product = {product.id: product for product in products}
    by_shop = {shop.id: shop for shop in shops}
    by_show = {show.id: show for show in shows}
    for product in products:
        product.shop = by_shop[product.shop_id]
    for variant in variants:
        variant.product = by_product[variant.product_id]
        variant.on_sale = ledger.stocks[variant.id].total if variant.id in ledger.stocks else 0
        ledger.variants[variant.id] = variant
    for offer in offers:
        offer.show = by_show[offer.show_id]
        ledger.offers[offer.show_id, offer.variant_id] = offer


def _holds(ledger: Ledger, wanted: list[Wants], variants: set[int]) -> list[Part]:
    """Of the checkouts; expired on the locked stock; and of the buyers, where an offer is capped."""
    holds, offers = tables().holds, tables().offers
    buyers = {one.buyer for one in wanted if one.buyer}
    buyers |= {checkout.buyer for checkout in ledger.checkouts.values()}
    expired = f"{holds.any_of('stock_id')} AND {KEPT_HOLD} AND expires_at <= %s"
    capped = offers.values_of("variant_id", f"{offers.any_of('variant_id')} AND per_buyer_cap IS NOT NULL")
    of_buyers = f"{holds.any_of('buyer')} AND {holds.among('stock_id', capped)}"
    return [
        Part(holds, holds.any_of("checkout_id"), (listed(list(ledger.checkouts)),)),
        Part(holds, expired, (listed(list(ledger.stocks)), moment(ledger.now))),
        Part(holds, of_buyers, (listed(list(buyers)), listed(list(variants)))),
    ]


def _waiters(ledger: Ledger, wanted: list[Wants]) -> Part:
    """The buyers' own open entries in the waiting lists of what is taken or waited for."""
    waiters = tables().waiters
    mine = f"left_at IS NULL AND {waiters.any_of('buyer')} AND {waiters.any_of('stock_id')}"
    buyers = {one.buyer for one in wanted if one.waits} if ledger.awaited else set()
    return Part(waiters, mine, (listed(sorted(buyers)), listed(sorted(ledger.awaited))))


def _left_for_waiters() -> set[int]:
    """Variants of which some are left although somebody waits: nobody of them could take any before."""
    left = "waiting > 0 AND NOT is_closed AND total > held + sold"
    return {row.variant_id for row in tables().stocks.first(RUN_OUT_MOST, "variant_id", left)}


def _money(ledger: Ledger, wanted: list[Wants]) -> list[Part]:
    """Orders of the placed checkouts, payment events, also by the gateways' own names, and transfers that are
    waited for."""
    orders, events, expected = tables().orders, tables().events, tables().expected
    placed = [key for key, checkout in ledger.checkouts.items() if checkout.placed_at is not None]
    told = [reference for one in wanted for reference in one.references]
    waiting = [key for key in placed if ledger.checkouts[key].gateway == BANK_TRANSFER]
    return [
        Part(orders, orders.any_of("checkout_id"), (listed(placed),)),
        Part(events, events.any_of("checkout_id"), (listed(list(ledger.checkouts)),)),
        Part(events, events.alike(TOLD_AS), (events.listed(TOLD_AS, told),)),
        Part(expected, expected.any_of("checkout_id"), (listed(waiting),)),
    ]


def _give_back_expired(ledger: Ledger) -> None:
    for hold in list(ledger.holds.values()):
        is_over = hold.status in KEPT and hold.expires_at <= ledger.now
        if is_over and hold.stock_id in ledger.stocks:
            ledger.lapse(hold)
