"""Buying and selling: the verbs of everybody who is not at the till itself (see till/)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from golmok.configuration import CONFIGURATION
from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import may_broadcast
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import CartLine, Checkout, Order, PaymentEvent, Stock
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.cancel import CancelOrder
from golmok.domain.orders.till.give_back import Extend, GiveBackExpired, GiveUp
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.sales import CloseSales, SetTotal
from golmok.domain.orders.till.start import MOST_LINES, MOST_UNITS, Line, Start
from golmok.domain.orders.till.waiting import Join, Leave
from golmok.domain.shops.models import Variant
from golmok.problems import Problem


def put_in_cart(*, buyer: str, variant: Variant, quantity: int, show: Show | None) -> None:
    """Have `quantity` units of the variant in the cart; 0 takes it out. 422 `bad-quantity`, `bad-cart`."""
    if not 0 <= quantity <= MOST_UNITS:
        raise Problem(422, "bad-quantity", {"most": MOST_UNITS})
    mine = CartLine.objects.filter(buyer=buyer)
    if quantity == 0:
        mine.filter(variant=variant).delete()
        return
    if mine.exclude(variant=variant).count() >= MOST_LINES:
        raise Problem(422, "bad-cart", {"most": MOST_LINES})
    wanted = {"quantity": quantity, "show": show}
    CartLine.objects.update_or_create(buyer=buyer, variant=variant, defaults=wanted)


def empty_cart(buyer: str) -> None:
    CartLine.objects.filter(buyer=buyer).delete()


def start_checkout(*, buyer: str, lines: Sequence[Line], language: str = "ko") -> Checkout:
    """Keep stock for the lines at the prices of now (see `Start`)."""
    return _stored(run(Start(buyer, tuple(lines), CONFIGURATION.hold_seconds, language)))


def extend_checkout(checkout: UUID, buyer: str) -> Checkout:
    """More time, once (see `Extend`)."""
    return _stored(run(Extend(buyer, checkout.hex, CONFIGURATION.hold_seconds)))


def give_up_checkout(checkout: UUID, buyer: str) -> Checkout:
    """Let go of what is kept or ordered and not paid (see `GiveUp`)."""
    return _stored(run(GiveUp(buyer, checkout.hex)))


def place_orders(
    *,
    buyer: str,
    user: User | None,
    checkout: UUID,
    key: str,
    recipient: Recipient,
    shops: Mapping[int, ShopWish],
    consent: bool,
    language: str = "ko",
    gateway: str = "test",
) -> Checkout:
    """Order what the checkout keeps, one order for each shop (see `Place`)."""
    user_id = user.pk if user else None
    return _stored(
        run(Place(buyer, user_id, checkout.hex, key, recipient, shops, consent, language, gateway))
    )


def cancel_order(order: Order, buyer: str) -> Checkout:
    """The buyer's own cancelling, before or after paying (see `CancelOrder`)."""
    return _stored(run(CancelOrder(buyer, order.checkout_id.hex, order.pk)))


def record_payment(
    checkout: UUID,
    *,
    gateway: str,
    reference: str,
    kind: PaymentEvent.Kind,
    amount: int,
    order: str | None = None,
) -> Checkout:
    """Keep what the gateway told (see `Record`)."""
    return _stored(run(Record(checkout.hex, gateway, reference, kind, amount, order)))


def give_back_expired(now: datetime) -> int:
    """Close checkouts that ran out of time (see `GiveBackExpired`); how many."""
    return run(GiveBackExpired(), now)


def put_on_sale(variant: Variant, total: int) -> Stock:
    """Have `total` units on sale in all, those kept and sold among them (see `SetTotal`)."""
    run(SetTotal(variant.pk, total))
    return Stock.objects.get(pk=variant.pk)


def mark_sold_out(variant: Variant, show: Show, by: User) -> None:
    """Take nothing more of the variant, whatever the numbers say; holds that were promised stay good."""
    _close(variant, show, by, is_closed=True)


def reopen_sales(variant: Variant, show: Show, by: User) -> None:
    _close(variant, show, by, is_closed=False)


def wait_for(*, buyer: str, line: Line, email: str = "", language: str = "ko") -> None:
    """Join the waiting list (see `Join`)."""
    run(Join(buyer, line, email, language))


def wait_no_more(*, buyer: str, variant: Variant) -> None:
    """Leave the waiting list (see `Leave`)."""
    run(Leave(buyer, variant.pk))


def _stored(shown: Receipt) -> Checkout:
    return Checkout.objects.get(pk=shown.checkout.id)


def _close(variant: Variant, show: Show, by: User, *, is_closed: bool) -> None:
    if not may_broadcast(by, show):
        raise Problem(403, "not-yours")
    if not show.offers.filter(variant=variant).exists():
        raise Problem(409, "product-not-in-show")
    run(CloseSales(variant.pk, is_closed))
