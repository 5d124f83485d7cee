"""Every query that locks or changes stock.

`lock` is the door: it locks stock rows in the order of their keys (so two callers never wait for each
other in a ring) and gives back what expired on them, so that the numbers its caller reads are the truth.
PostgreSQL locks rows; SQLite has one writer at a time from BEGIN IMMEDIATE. A caller that also locks an
order locks it first. The database CHECK `stock_never_oversold` stands behind all of this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum

from golmok.domain.core.outbox import tell
from golmok.domain.festas.models import Offer, Show
from golmok.domain.orders.models import Hold, Order, Stock
from golmok.problems import Problem

KEPT = (Hold.Status.HELD, Hold.Status.ORDERED)


@dataclass(frozen=True)
class Wish:
    """What a buyer wants kept, at the promised price (won); `cap`: most for one buyer in the show."""

    variant_id: int
    quantity: int
    buyer: str
    show_id: str | None
    unit_price: int
    cap: int | None = None


@transaction.atomic
def take(wish: Wish, now: datetime, hold_seconds: int) -> Hold:
    """Keep stock for a buyer. A refused wish changes nothing, not even the buyer's earlier hold."""
    stock = lock([wish.variant_id], now).get(wish.variant_id)
    if stock is None:
        raise Problem(409, "sold-out")
    _replace_own_hold(stock, wish)
    _refuse_over_cap(stock, wish)
    refuse_more_than_left(stock, wish.quantity)
    stock.held += wish.quantity
    stock.save(update_fields=["held"])
    hold = Hold.objects.create(
        stock=stock,
        show_id=wish.show_id,
        buyer=wish.buyer,
        quantity=wish.quantity,
        unit_price=wish.unit_price,
        created_at=now,
        expires_at=now + timedelta(seconds=hold_seconds),
    )
    tell_stock([stock])
    return hold


def lock(variant_ids: Iterable[int], now: datetime) -> dict[int, Stock]:
    """The stock rows, locked, with everything that expired until `now` given back."""
    stocks = {row.pk: row for row in locked_rows(variant_ids)}
    expired = expired_holds(now).filter(stock__in=stocks)
    for hold in expired:
        _give_back(stocks[hold.stock_id], hold)
    return stocks


def locked_rows(variant_ids: Iterable[int]) -> QuerySet[Stock]:
    """The locking query itself."""
    return Stock.objects.select_for_update().filter(pk__in=list(variant_ids)).order_by("pk")


def locked_order(number: str) -> Order:
    return Order.objects.select_for_update().get(pk=number)


def expired_holds(now: datetime) -> QuerySet[Hold]:
    return Hold.objects.filter(status__in=KEPT, expires_at__lte=now)


def release(stock: Stock, hold: Hold) -> None:
    """Give back a kept or sold hold; its stock row is locked by the caller."""
    if hold.status == Hold.Status.SOLD:
        stock.sold -= hold.quantity
        hold.status = Hold.Status.RELEASED
        stock.save(update_fields=["sold"])
        hold.save(update_fields=["status"])
    elif hold.status in KEPT:
        _give_back(stock, hold)


def sell(stock: Stock, hold: Hold) -> None:
    """Make a hold a sale; units that were given back are taken again. Problem 409 when they are gone."""
    if hold.status == Hold.Status.RELEASED:
        refuse_more_than_left(stock, hold.quantity)
    elif hold.status in KEPT:
        stock.held -= hold.quantity
    stock.sold += hold.quantity
    hold.status = Hold.Status.SOLD
    stock.save(update_fields=["held", "sold"])
    hold.save(update_fields=["status"])


def refuse_more_than_left(stock: Stock, quantity: int) -> None:
    if stock.left <= 0:
        raise Problem(409, "sold-out")
    if quantity > stock.left:
        raise Problem(409, "not-enough-left", {"left": stock.left})


def set_total(variant_id: int, total: int, now: datetime) -> Stock:
    """Change how many units are on sale. 409 `less-than-sold` {least} below what is kept and sold."""
    stock = lock([variant_id], now)[variant_id]
    least = stock.held + stock.sold
    if total < least:
        raise Problem(409, "less-than-sold", {"least": least})
    stock.total = total
    stock.save(update_fields=["total"])
    return stock


def tell_stock(stocks: Iterable[Stock]) -> None:
    """Tell every live show that offers them what is left."""
    rows = {stock.pk: stock for stock in stocks}
    offers = Offer.objects.filter(variant__in=rows, show__status=Show.Status.LIVE)
    for show_id, variant_id in offers.order_by("pk").values_list("show_id", "variant_id"):
        stock = rows[variant_id]
        tell(show_id, "stock", variant=variant_id, left=stock.left, closed=stock.is_closed)


def _replace_own_hold(stock: Stock, wish: Wish) -> None:
    """Nobody stands in his own way: a new hold takes the place of his earlier one."""
    own = stock.holds.filter(buyer=wish.buyer, show_id=wish.show_id, status=Hold.Status.HELD)
    for hold in own:
        _give_back(stock, hold)


def _refuse_over_cap(stock: Stock, wish: Wish) -> None:
    if wish.cap is None:
        return
    kept = stock.holds.filter(buyer=wish.buyer, show_id=wish.show_id).exclude(status=Hold.Status.RELEASED)
    has = kept.aggregate(units=Sum("quantity", default=0))["units"]
    if has + wish.quantity > wish.cap:
        raise Problem(409, "per-buyer-cap", {"cap": wish.cap})


def _give_back(stock: Stock, hold: Hold) -> None:
    stock.held -= hold.quantity
    hold.status = Hold.Status.RELEASED
    stock.save(update_fields=["held"])
    hold.save(update_fields=["status"])
