"""Keeping stock for a buyer, and giving it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from golmok.configuration import CONFIGURATION
from golmok.domain.festas.models import Show
from golmok.domain.orders import stock as stocks
from golmok.domain.orders.models import Hold, Order
from golmok.domain.orders.queries import offer_now
from golmok.domain.shops.models import Variant
from golmok.problems import Problem

MOST_UNITS = 99


def hold_stock(*, buyer: str, variant: Variant, quantity: int, show: Show | None) -> Hold:
    """Keep `quantity` units for `buyer` at the price of now.

    409 `sold-out`, `not-enough-left` {left}, `per-buyer-cap` {cap}, `product-not-in-show`;
    422 `bad-quantity`.
    """
    if not 1 <= quantity <= MOST_UNITS:
        raise Problem(422, "bad-quantity", {"most": MOST_UNITS})
    if show is not None and not show.offers.filter(variant=variant).exists():
        raise Problem(409, "product-not-in-show")
    offer = offer_now(variant, show)
    wish = stocks.Wish(
        variant_id=variant.pk,
        quantity=quantity,
        buyer=buyer,
        show_id=show.pk if show else None,
        unit_price=offer.price if offer else variant.price,
        cap=offer.per_buyer_cap if offer else None,
    )
    return stocks.take(wish, timezone.now(), CONFIGURATION.hold_seconds)


@transaction.atomic
def release_hold(hold_id: UUID, buyer: str) -> None:
    """Give the buyer's hold back; one that is gone, ordered or another's is left as it is."""
    found = Hold.objects.filter(pk=hold_id, buyer=buyer).values_list("stock_id", flat=True).first()
    if found is None:
        return
    stock = stocks.lock([found], timezone.now())[found]
    hold = Hold.objects.get(pk=hold_id)
    if hold.status == Hold.Status.HELD:
        stocks.release(stock, hold)
    stocks.tell_stock([stock])


def give_back_expired(now: datetime) -> int:
    """Give back every expired hold and cancel the orders that still waited for payment; how many holds.

    Buying does not wait for this: the next taker of a variant gives back what expired on it.
    """
    expired = list(stocks.expired_holds(now).values_list("pk", "stock_id"))
    for number in _orders_out_of_time(now):
        _cancel_out_of_time(number, now)
    for variant_id in sorted({variant_id for _pk, variant_id in expired}):
        _give_back_on(variant_id, now)
    given_back = Hold.objects.filter(pk__in=[pk for pk, _variant in expired], status=Hold.Status.RELEASED)
    return given_back.count()


def _orders_out_of_time(now: datetime) -> list[str]:
    waiting = Order.objects.filter(status=Order.Status.AWAITING_PAYMENT, lines__hold__expires_at__lte=now)
    return list(waiting.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def _cancel_out_of_time(number: str, now: datetime) -> None:
    order = stocks.locked_order(number)
    if order.status == Order.Status.AWAITING_PAYMENT:
        cancel_locked(order, now)


@transaction.atomic
def _give_back_on(variant_id: int, now: datetime) -> None:
    stocks.tell_stock(stocks.lock([variant_id], now).values())


def cancel_locked(order: Order, now: datetime) -> None:
    """Cancel an order whose row is locked, and give back all that is kept or sold under it."""
    locked = stocks.lock(order.lines.values_list("hold__stock_id", flat=True), now)
    for hold in Hold.objects.filter(order_line__order=order).order_by("stock_id"):
        stocks.release(locked[hold.stock_id], hold)
    order.status = Order.Status.CANCELLED
    order.save(update_fields=["status", "cancelled_by_buyer"])
    stocks.tell_stock(locked.values())
