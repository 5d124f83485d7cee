"""Money: payment events are only ever added, and an order's state is recalculated from all of them."""

from django.db import transaction
from django.utils import timezone

from golmok.domain.core.outbox import tell
from golmok.domain.festas.models import Show
from golmok.domain.orders import stock as stocks
from golmok.domain.orders.holds import cancel_locked
from golmok.domain.orders.models import Hold, Order, PaymentEvent
from golmok.domain.orders.queries import masked_name
from golmok.problems import Problem


@transaction.atomic
def record_payment(
    order: Order, *, gateway: str, reference: str, kind: PaymentEvent.Kind, amount: int
) -> Order:
    """Keep what the gateway told (once for each `reference`) and recalculate the order.

    Money is never refused: when it comes too late and the goods are gone, the order is cancelled and
    `refund_due` says what to give back. 409 `payment-of-another-order`, 422 `bad-amount`.
    """
    if amount <= 0:
        raise Problem(422, "bad-amount")
    row = stocks.locked_order(order.pk)
    event, is_new = PaymentEvent.objects.get_or_create(
        gateway=gateway, reference=reference, defaults={"order": row, "kind": kind, "amount": amount}
    )
    if event.order_id != row.pk:
        raise Problem(409, "payment-of-another-order")
    if is_new:
        _recalculate(row)
    return row


def _recalculate(order: Order) -> None:
    paid = order.paid
    if order.status == Order.Status.PAID:
        if paid <= 0:
            cancel_locked(order, timezone.now())
    elif paid >= order.total and not order.cancelled_by_buyer:
        _settle(order)


def _settle(order: Order) -> None:
    """Sell what a fully paid order asked for, or cancel it when that is gone."""
    try:
        _sell(order)
    except Problem:
        cancel_locked(order, timezone.now())
    else:
        _tell_ticker(order)


@transaction.atomic
def _sell(order: Order) -> None:
    """All lines or none: a refused line undoes the savepoint."""
    locked = stocks.lock(order.lines.values_list("hold__stock_id", flat=True), timezone.now())
    for hold in Hold.objects.filter(order_line__order=order).order_by("stock_id"):
        stocks.sell(locked[hold.stock_id], hold)
    order.status = Order.Status.PAID
    order.save(update_fields=["status"])
    stocks.tell_stock(locked.values())


def _tell_ticker(order: Order) -> None:
    if order.show is None or order.show.status != Show.Status.LIVE:
        return
    for line in order.lines.all():
        name = masked_name(order.name)
        tell(order.show.pk, "order", name=name, product=line.product_id, quantity=line.quantity)
