"""What became of orders, put into letters: who is told what, once.

The till says nothing extra. An order whose status differs from `told`, a refund that is not `is_told` and a
checkout that awaits a transfer stand in small partial indexes; a worker finds them there afterwards. Whatever
moment it dies at, a change is either still in its index or in a letter, never in neither.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import F

from golmok.domain.orders.models import (
    BY_TRANSFER,
    Audience,
    Checkout,
    Letter,
    News,
    Order,
    PaymentEvent,
    Step,
)
from golmok.messages import DEFAULT_LANGUAGE

MOST_NOTED, MOST_WRITTEN = 200, 20
"""Checkouts in one transaction, without mail and with: a few milliseconds in which the till may wait for it.
Letters are written one by one."""
SHOP_PAUSE = timedelta(minutes=5)
"""A shop gets its first order at once, then one letter with all that came meanwhile."""


@dataclass(frozen=True)
class Told:
    """A step of an order that nobody was told of yet."""

    order: Order
    step: Step
    refund: PaymentEvent | None = None


def write_letters(now: datetime, *, mail: bool) -> bool:
    """Put what happened into letters; whether there may be more. Without `mail` it is only noted."""
    most = MOST_WRITTEN if mail else MOST_NOTED
    wanted, has_more = _checkouts_with_news(most)
    if wanted:
        _write(wanted, now, mail=mail)
    return has_more


def announce_transfer(checkout_id: UUID, now: datetime) -> None:
    """A gateway's window ended with an account to send the money to: tell the buyer by letter, once.

    Only the gateway knows of it (`Gateway.deposit`), so whoever asked it says so here.
    """
    waiting = Checkout.objects.filter(pk=checkout_id, status=Checkout.Status.PLACED, waiting_told=False)
    if not waiting.exists():
        return
    with transaction.atomic():
        for checkout in waiting.select_for_update(no_key=True):
            _letter_to_buyer(checkout, [Told(order, Step.WAITING) for order in checkout.orders.all()], now)
            Checkout.objects.filter(pk=checkout_id).update(waiting_told=True)


def _checkouts_with_news(most: int) -> tuple[list[UUID], bool]:
    """And whether there may be more. Read without a lock, each from its index: most of the time there is
    nothing."""
    orders = Order.objects.exclude(told=F("status")).order_by().values_list("checkout_id", flat=True)
    refunds = PaymentEvent.objects.filter(kind=PaymentEvent.Kind.REFUNDED, is_told=False)
    waiting = Checkout.objects.filter(
        status=Checkout.Status.PLACED, gateway__in=BY_TRANSFER, waiting_told=False
    )
    looks = (waiting.values_list("pk", flat=True), refunds.values_list("checkout_id", flat=True), orders)
    found = [list(look.order_by()[:most]) for look in looks]
    keys = list(dict.fromkeys(chain.from_iterable(found)))
    return keys[:most], len(keys) > most or any(len(one) == most for one in found)


@transaction.atomic
def _write(wanted: Iterable[UUID], now: datetime, *, mail: bool) -> None:
    """What the till holds at this moment is left for the next time: nobody there waits for letters."""
    free = Checkout.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=list(wanted))
    checkouts = list(free.order_by("pk").prefetch_related("orders__shop", "orders__news", "payment_events"))
    if mail:
        by_shop: dict[int, list[Told]] = defaultdict(list)
        for checkout in checkouts:
            _to_buyer(checkout, now)
            for told in _of_shops(checkout):
                by_shop[told.order.shop_id].append(told)
        for shop_id in sorted(by_shop):
            _to_shop(shop_id, by_shop[shop_id], now)
    _mark(checkouts)


def _to_buyer(checkout: Checkout, now: datetime) -> None:
    told = [*_waiting(checkout), *_changed(checkout, Audience.BUYER), *_refunded(checkout)]
    _letter_to_buyer(checkout, told, now)


def _letter_to_buyer(checkout: Checkout, told: list[Told], now: datetime) -> None:
    """One letter about all orders of the checkout; none without an address."""
    reachable = [one for one in told if one.order.email]
    if reachable:
        letter = Letter.objects.create(
            audience=Audience.BUYER,
            checkout=checkout,
            language=checkout.language,
            made_at=now,
            next_try_at=now,
        )
        _add(letter, reachable)


def _waiting(checkout: Checkout) -> list[Told]:
    is_new = checkout.status == Checkout.Status.PLACED and not checkout.waiting_told
    if not is_new or checkout.gateway not in BY_TRANSFER:
        return []
    return [Told(order, Step.WAITING) for order in checkout.orders.all()]


def _changed(checkout: Checkout, audience: Audience) -> list[Told]:
    steps = {Order.Status.PAID.value: Step.PAID, Order.Status.CANCELLED.value: Step.CANCELLED}
    changed = [order for order in checkout.orders.all() if order.told != order.status]
    told = [Told(order, steps[order.status]) for order in changed if order.status in steps]
    return [one for one in told if one.step == Step.PAID or _concerns(one.order, checkout, audience)]


def _concerns(cancelled: Order, checkout: Checkout, audience: Audience) -> bool:
    """Who never heard of an order need not hear that it is off, unless their money came."""
    heard = any(one.audience == audience and one.step != Step.CANCELLED for one in cancelled.news.all())
    return heard or (audience == Audience.BUYER and checkout.status == Checkout.Status.PAID)


def _refunded(checkout: Checkout) -> list[Told]:
    """A refund of the whole sum is told with the first order: it belongs to all of them."""
    orders = sorted(checkout.orders.all(), key=lambda order: order.shop_id)
    by_number = {order.number: order for order in orders}
    refunds = [
        event
        for event in checkout.payment_events.all()
        if event.kind == PaymentEvent.Kind.REFUNDED and not event.is_told
    ]
    return [
        Told(by_number.get(event.order_id or "", orders[0]), Step.REFUNDED, event)
        for event in refunds
        if orders
    ]


def _of_shops(checkout: Checkout) -> list[Told]:
    return [one for one in _changed(checkout, Audience.SHOP) if one.order.shop.email]


def _to_shop(shop_id: int, told: list[Told], now: datetime) -> None:
    """Added to the letter that still waits for its time: a busy evening is not five hundred letters."""
    letters = Letter.objects.select_for_update().filter(audience=Audience.SHOP, shop_id=shop_id)
    waiting = letters.filter(state=Letter.State.WAITING, attempts=0).first()
    _add(waiting or _new_shop_letter(shop_id, now), told)


def _new_shop_letter(shop_id: int, now: datetime) -> Letter:
    last = Letter.objects.filter(shop_id=shop_id).order_by("-made_at").first()
    earliest = (last.sent_at or last.next_try_at) + SHOP_PAUSE if last else now
    return Letter.objects.create(
        audience=Audience.SHOP,
        shop_id=shop_id,
        language=DEFAULT_LANGUAGE,
        made_at=now,
        next_try_at=max(now, earliest),
    )


def _add(letter: Letter, told: Iterable[Told]) -> None:
    News.objects.bulk_create(
        [
            News(letter=letter, order=one.order, audience=letter.audience, step=one.step, refund=one.refund)
            for one in told
        ],
        ignore_conflicts=True,
    )


def _mark(checkouts: list[Checkout]) -> None:
    """Everything that was looked at is known from now on, whoever was told of it."""
    orders = Order.objects.filter(checkout__in=checkouts).exclude(told=F("status"))
    orders.update(told=F("status"))
    events = [event.pk for checkout in checkouts for event in checkout.payment_events.all()]
    PaymentEvent.objects.filter(pk__in=events, kind=PaymentEvent.Kind.REFUNDED, is_told=False).update(
        is_told=True
    )
    waiting = [checkout.pk for checkout in checkouts if _waiting(checkout)]
    Checkout.objects.filter(pk__in=waiting).update(waiting_told=True)
