"""What is owed back, asked of the gateways it came by: rows first, so that nothing is given back twice."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from golmok.domain.orders.gateways.gateway import RefundAsked
from golmok.domain.orders.models import Checkout, PaymentEvent, Refund
from golmok.messages import text

CLAIMED_FOR = timedelta(minutes=3)
"""Longer than a gateway may take to answer three questions."""
SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=6)
AT_ONCE = 20


def checkouts_owing(gateways: Collection[str]) -> list[UUID]:
    """Those that owe something back which came by one of the gateways; few at any time."""
    owing = Checkout.objects.filter(owes_back=True, payment_events__gateway__in=gateways)
    return list(owing.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def ask_back(checkout: UUID, gateways: Collection[str]) -> int:
    """Adds a row for what is owed back and not asked for yet; how many rows."""
    locked = Checkout.objects.select_for_update().get(pk=checkout)
    if locked.refund_due == 0:
        # Noted by the migration for all that were paid before it.
        Checkout.objects.filter(pk=checkout).update(owes_back=False)
        return 0
    asked = list(locked.asked_refunds.all())
    rows: list[Refund] = []
    for order, due in _parts(locked).items():
        open_rows = (one for one in asked if one.order_id == order and one.status != Refund.Status.DONE)
        missing = due - sum(one.amount for one in open_rows)
        for payment, amount in _from_payments(locked, [*asked, *rows], gateways, missing):
            rows.append(_row(locked, order, payment, amount))
    Refund.objects.bulk_create(rows)
    return len(rows)


def claim_some(now: datetime) -> list[Refund]:
    """Rows to ask for now, which no other process takes in the next minutes."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = Refund.objects.filter(free, status=Refund.Status.ASKED, next_at__lte=now)
    claimed = []
    for key in waiting.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE]:
        mine = Refund.objects.filter(free, pk=key, status=Refund.Status.ASKED)
        if mine.update(claimed_until=now + CLAIMED_FOR, tries=F("tries") + 1):
            claimed.append(Refund.objects.select_related("checkout").get(pk=key))
    return claimed


def asked_of(refund: Refund) -> RefundAsked:
    """The row in the words of the seam. The reason carries the order's number, and is told again."""
    language = refund.checkout.language
    about = refund.order_id or ""
    reason = text("orders-refund-reason" if about else "orders-refund-reason-double", language, number=about)
    return RefundAsked(
        refund.key, refund.checkout_id.hex, refund.payment, refund.amount, refund.order_id, reason
    )


def is_settled(refund: Refund) -> bool:
    """Whether less is owed than the row asks for; then the row is done, and what is left gets a new one."""
    checkout = Checkout.objects.get(pk=refund.checkout_id)
    if _parts(checkout).get(refund.order_id, 0) >= refund.amount:
        return False
    _change(refund, status=Refund.Status.DONE)
    return True


def come_back_later(refund: Refund) -> None:
    """Nobody knows, or it is not told of yet: the same key again, at growing intervals."""
    wait = min(SOONEST * 2 ** min(refund.tries, 12), LATEST)
    _change(refund, next_at=timezone.now() + wait)


def note_refusal(refund: Refund, code: str, *, for_now: bool) -> None:
    """The gateway said no: for ever, or until its hours begin, and then under a new key."""
    if for_now:
        come_back_later(refund)
        Refund.objects.filter(pk=refund.pk).update(round=F("round") + 1, refused_as=code[:80])
    else:
        _change(refund, status=Refund.Status.REFUSED, refused_as=code[:80])


def _change(refund: Refund, **values: object) -> None:
    Refund.objects.filter(pk=refund.pk).update(claimed_until=None, **values)


def _parts(checkout: Checkout) -> dict[str | None, int]:
    """Won owed back for each cancelled order, and under None what no order explains."""
    parts: dict[str | None, int] = {}
    parts.update(checkout.refunds_due)
    parts[None] = checkout.refund_due - sum(parts.values())
    return parts


def _from_payments(
    checkout: Checkout, asked: Collection[Refund], gateways: Collection[str], missing: int
) -> Iterator[tuple[PaymentEvent, int]]:
    """Which payments give it back, the latest first: what was paid twice goes back to where it came from."""
    approved = checkout.payment_events.filter(kind=PaymentEvent.Kind.APPROVED, gateway__in=gateways)
    for payment in approved.order_by("-recorded_at", "-pk"):
        taken = sum(
            one.amount for one in asked if (one.gateway, one.payment) == (payment.gateway, payment.reference)
        )
        amount = min(missing, payment.amount - taken)
        if amount > 0:
            missing -= amount
            yield payment, amount


def _row(checkout: Checkout, order: str | None, payment: PaymentEvent, amount: int) -> Refund:
    return Refund(
        checkout=checkout,
        order_id=order,
        gateway=payment.gateway,
        payment=payment.reference,
        amount=amount,
    )
