"""Buying and selling: the only writers of holds, orders, payments and stock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import may_broadcast
from golmok.domain.orders import stock as stocks
from golmok.domain.orders.checkout import Recipient, checked
from golmok.domain.orders.holds import cancel_locked, give_back_expired, hold_stock, release_hold
from golmok.domain.orders.models import Hold, Order, OrderLine, Stock
from golmok.domain.orders.payments import record_payment
from golmok.domain.orders.queries import delivery_fee
from golmok.domain.shops.models import Variant
from golmok.problems import Problem

__all__ = [
    "cancel_order",
    "give_back_expired",
    "hold_stock",
    "mark_sold_out",
    "place_order",
    "put_on_sale",
    "record_payment",
    "release_hold",
    "reopen_sales",
]


def place_order(
    *,
    buyer: str,
    user: User | None,
    hold_ids: Sequence[UUID],
    name: str,
    phone: str,
    fulfilment: str,
    postcode: str,
    address: str,
    memo: str,
    language: str,
    idempotency_key: str,
    consent_to_exception: bool,
) -> Order:
    """Order what the buyer's holds keep; the same `idempotency_key` again is the same order.

    422 `form-invalid` {errors}, 409 `hold-gone`, 409 `one-shop-an-order`, 422 `key-missing`.
    """
    if not 1 <= len(idempotency_key) <= 64:
        raise Problem(422, "key-missing")
    typed = Recipient(name, phone, fulfilment, postcode, address, memo)
    order = Order(buyer=buyer, user=user, idempotency_key=idempotency_key, language=language)
    try:
        return _placed(buyer, idempotency_key) or _place(order, hold_ids, typed, consent_to_exception)
    except (IntegrityError, Problem):
        # Another request with the same key may have placed it, and used up the holds, in the meantime.
        earlier = _placed(buyer, idempotency_key)
        if earlier is None:
            raise
        return earlier


@transaction.atomic
def cancel_order(order: Order, buyer: str) -> Order:
    """The buyer takes an unpaid order back. 404 `order-unknown`, 409 `order-not-cancellable`."""
    if order.buyer != buyer:
        raise Problem(404, "order-unknown")
    row = stocks.locked_order(order.pk)
    if row.status == Order.Status.PAID:
        raise Problem(409, "order-not-cancellable")
    if row.status == Order.Status.AWAITING_PAYMENT:
        row.cancelled_by_buyer = True
        cancel_locked(row, timezone.now())
    return row


def mark_sold_out(variant: Variant, show: Show, by: User) -> None:
    """Take nothing more of the variant, whatever the numbers say; holds that were promised stay good."""
    _close(variant, show, by, is_closed=True)


def reopen_sales(variant: Variant, show: Show, by: User) -> None:
    _close(variant, show, by, is_closed=False)


@transaction.atomic
def put_on_sale(variant: Variant, total: int) -> Stock:
    """Have `total` units on sale in all, those kept and sold among them. 409 `less-than-sold` {least}."""
    Stock.objects.get_or_create(variant=variant, defaults={"total": 0})
    stock = stocks.set_total(variant.pk, total, timezone.now())
    stocks.tell_stock([stock])
    return stock


def _placed(buyer: str, idempotency_key: str) -> Order | None:
    return Order.objects.filter(buyer=buyer, idempotency_key=idempotency_key).first()


@transaction.atomic
def _place(order: Order, hold_ids: Sequence[UUID], typed: Recipient, consent: bool) -> Order:
    now = timezone.now()
    holds = _own_good_holds(hold_ids, order.buyer, now)
    products = [hold.stock.variant.product for hold in holds]
    if len({product.shop_id for product in products}) > 1:
        raise Problem(409, "one-shop-an-order")
    to = checked(typed, products, consent=consent)
    order.shop, order.show, order.placed_at = products[0].shop, holds[0].show, now
    order.name, order.phone, order.fulfilment = to.name, to.phone, to.fulfilment
    order.postcode, order.address, order.memo = to.postcode, to.address, to.memo
    order.goods_total = sum(hold.goods_total for hold in holds)
    order.delivery_fee = delivery_fee(order.shop, order.goods_total, to.fulfilment)
    order.withdrawal_notice_at = now if any(product.needs_consent for product in products) else None
    order.save(force_insert=True)
    OrderLine.objects.bulk_create([_line(order, hold) for hold in holds])
    Hold.objects.filter(pk__in=[hold.pk for hold in holds]).update(status=Hold.Status.ORDERED)
    return order


def _own_good_holds(hold_ids: Sequence[UUID], buyer: str, now: datetime) -> list[Hold]:
    """The buyer's holds, their stock rows locked. 409 `hold-gone` when one is not good any more."""
    wanted = Hold.objects.filter(pk__in=hold_ids, buyer=buyer)
    stocks.lock(wanted.values_list("stock_id", flat=True), now)
    good = wanted.filter(status=Hold.Status.HELD).order_by("created_at", "pk")
    holds = list(good.select_related("show", "stock__variant__product__shop"))
    if not holds or len(holds) != len(set(hold_ids)):
        raise Problem(409, "hold-gone")
    return holds


def _line(order: Order, hold: Hold) -> OrderLine:
    variant = hold.stock.variant
    return OrderLine(
        order=order,
        hold=hold,
        product=variant.product,
        product_name=variant.product.name,
        option_name=variant.name,
        origin=variant.product.origin,
        unit_price=hold.unit_price,
        quantity=hold.quantity,
    )


@transaction.atomic
def _close(variant: Variant, show: Show, by: User, *, is_closed: bool) -> None:
    if not may_broadcast(by, show):
        raise Problem(403, "not-yours")
    if not show.offers.filter(variant=variant).exists():
        raise Problem(409, "product-not-in-show")
    stock = stocks.lock([variant.pk], timezone.now()).get(variant.pk)
    if stock is None:
        raise Problem(409, "sold-out")
    stock.is_closed = is_closed
    stock.save(update_fields=["is_closed"])
    stocks.tell_stock([stock])
