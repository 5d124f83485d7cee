"""Looking for news every two seconds costs the same after a million orders: it reads one small index."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from golmok.domain.orders.models import BY_TRANSFER, Checkout, Letter, Order, PaymentEvent

pytestmark = pytest.mark.django_db
LOOKS: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "order_untold": lambda: Order.objects.exclude(told=F("status")).order_by().values_list("checkout_id"),
    "refund_untold": lambda: (
        PaymentEvent.objects.filter(kind="refunded", is_told=False).order_by().values_list("checkout_id")
    ),
    "checkout_waiting_untold": lambda: Checkout.objects.filter(
        status="placed", gateway__in=BY_TRANSFER, waiting_told=False
    ).values_list("pk"),
    "letter_to_send": lambda: (
        Letter.objects.filter(state="waiting").order_by("next_try_at", "pk").values_list("pk")
    ),
}


@pytest.mark.parametrize("index", LOOKS)
def test_a_look_reads_its_index(index: str) -> None:
    look = LOOKS[index]()[:200]
    if connection.vendor == "postgresql":
        # So few rows would be read whole.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in look.explain()
