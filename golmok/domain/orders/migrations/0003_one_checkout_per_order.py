"""What was bought before checkouts existed: each order, and each hold without one, gets a checkout of its own."""

from typing import Any

from django.db import migrations

STATUS = {"awaiting_payment": "placed", "paid": "paid", "cancelled": "over"}


def _status(apps: Any, order: Any) -> str:
    """Money that came for an order that could not be filled is still to be given back: that is a paid one."""
    events = apps.get_model("orders", "PaymentEvent").objects.filter(order=order, kind="approved")
    came = sum(event.amount for event in events)
    is_short = came < order.goods_total + order.delivery_fee
    return STATUS[order.status] if is_short or order.cancelled_by_buyer else "paid"


def give_checkouts(apps: Any, _editor: Any) -> None:
    checkouts = apps.get_model("orders", "Checkout").objects
    holds = apps.get_model("orders", "Hold").objects
    for order in apps.get_model("orders", "Order").objects.all():
        mine = holds.filter(order_line__order=order)
        first = mine.order_by("created_at").first()
        order.checkout = checkouts.create(
            buyer=order.buyer,
            status=_status(apps, order),
            started_at=first.created_at if first else order.placed_at,
            expires_at=first.expires_at if first else order.placed_at,
            placed_at=order.placed_at,
            idempotency_key=order.idempotency_key,
            total=order.goods_total + order.delivery_fee,
            gateway="test",
            language=order.language,
            given_up=order.cancelled_by_buyer,
        )
        order.save(update_fields=["checkout"])
        holds.filter(pk__in=list(mine.values_list("pk", flat=True))).update(checkout=order.checkout)
        apps.get_model("orders", "PaymentEvent").objects.filter(order=order).update(checkout=order.checkout, order=None)
    for hold in holds.filter(checkout=None):
        hold.checkout = checkouts.create(
            buyer=hold.buyer,
            status="open" if hold.status == "held" else "over",
            started_at=hold.created_at,
            expires_at=hold.expires_at,
        )
        hold.save(update_fields=["checkout"])


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_checkout")]
    operations = [migrations.RunPython(give_checkouts, migrations.RunPython.noop)]
