"""Short forms of what a buyer does."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from golmok.domain.festas.models import Show
from golmok.domain.orders import actions
from golmok.domain.orders.models import Hold, Order, PaymentEvent, Stock
from golmok.domain.shops.models import Variant

FORM = {
    "name": "김서울",
    "phone": "01012345678",
    "fulfilment": "parcel",
    "postcode": "08754",
    "address": "서울 관악구 난곡로 1",
    "memo": "",
}


def hold(variant: Variant, quantity: int = 1, buyer: str = "guest:a") -> Hold:
    return actions.hold_stock(buyer=buyer, variant=variant, quantity=quantity, show=Show.objects.first())


def order(*holds: Hold, key: str = "", consent: bool = False, **typed: str) -> Order:
    return actions.place_order(
        buyer=holds[0].buyer,
        user=None,
        hold_ids=[one.pk for one in holds],
        language="ko",
        idempotency_key=key or uuid4().hex,
        consent_to_exception=consent,
        **(FORM | typed),
    )


def pay(placed: Order, amount: int | None = None, reference: str = "") -> Order:
    return actions.record_payment(
        placed,
        gateway="test",
        reference=reference or uuid4().hex,
        kind=PaymentEvent.Kind.APPROVED,
        amount=placed.total if amount is None else amount,
    )


def refund(placed: Order, amount: int) -> Order:
    return actions.record_payment(
        placed, gateway="test", reference=uuid4().hex, kind=PaymentEvent.Kind.REFUNDED, amount=amount
    )


def let_expire(*holds: Hold) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Hold.objects.filter(pk__in=[one.pk for one in holds]).update(expires_at=past)


def numbers(variant: Variant) -> tuple[int, int, int]:
    """Held, sold, left."""
    stock = Stock.objects.get(pk=variant.pk)
    return stock.held, stock.sold, stock.left
