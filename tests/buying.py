"""Short forms of what a buyer does."""

from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from django.utils import timezone

from golmok.domain.festas.models import Show
from golmok.domain.orders import actions
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import Checkout, Hold, Order, PaymentEvent, Stock
from golmok.domain.orders.till.start import Line
from golmok.domain.shops.models import Variant

R = TypeVar("R", Order, Checkout)
PERSON = {
    "name": "김서울",
    "phone": "01012345678",
    "postcode": "08754",
    "address": "서울 관악구 난곡로 1",
    "email": "",
}


def keep(*lines: tuple[Variant, int], buyer: str = "guest:a") -> Checkout:
    chosen = [Line(variant.pk, quantity, show_of(variant)) for variant, quantity in lines]
    return actions.start_checkout(buyer=buyer, lines=chosen)


def show_of(variant: Variant) -> str | None:
    show = Show.objects.filter(offers__variant=variant).first()
    return show.pk if show else None


def hold(variant: Variant, quantity: int = 1, buyer: str = "guest:a") -> Checkout:
    return keep((variant, quantity), buyer=buyer)


def place(
    checkout: Checkout,
    *,
    key: str = "",
    consent: bool = False,
    fulfilment: str = "parcel",
    memo: str = "",
    buyer: str = "",
    gateway: str = "test",
    **typed: str,
) -> Checkout:
    shops = {held.stock.variant.product.shop_id for held in checkout.holds.all()}
    return actions.place_orders(
        buyer=buyer or checkout.buyer,
        user=None,
        checkout=checkout.pk,
        key=key or uuid4().hex,
        recipient=Recipient(**(PERSON | typed)),
        shops={shop: ShopWish(fulfilment, memo) for shop in shops},
        consent=consent,
        gateway=gateway,
    )


def order(checkout: Checkout, *, key: str = "", consent: bool = False, **typed: str) -> Order:
    """The one order of a checkout of one shop."""
    return place(checkout, key=key, consent=consent, **typed).orders.get()


def pay(placed: R, amount: int | None = None, reference: str = "") -> R:
    checkout = placed.checkout if isinstance(placed, Order) else placed
    actions.record_payment(
        checkout.pk,
        gateway="test",
        reference=reference or uuid4().hex,
        kind=PaymentEvent.Kind.APPROVED,
        amount=checkout.total if amount is None else amount,
    )
    return fresh(placed)


def refund(placed: Order, amount: int, *, whole: bool = False) -> Order:
    actions.record_payment(
        placed.checkout_id,
        gateway="test",
        reference=uuid4().hex,
        kind=PaymentEvent.Kind.REFUNDED,
        amount=amount,
        order=None if whole else placed.pk,
    )
    return fresh(placed)


def fresh(row: R) -> R:
    """As the database has it now, without what was read before."""
    now: R = type(row)._default_manager.get(pk=row.pk)
    return now


def let_expire(*checkouts: Checkout) -> None:
    past = timezone.now() - timedelta(seconds=1)
    keys = [one.pk for one in checkouts]
    Checkout.objects.filter(pk__in=keys).update(expires_at=past)
    Hold.objects.filter(checkout__in=keys).update(expires_at=past)


def numbers(variant: Variant) -> tuple[int, int, int]:
    """Held, sold, left."""
    stock = Stock.objects.get(pk=variant.pk)
    return stock.held, stock.sold, stock.left
