"""What is owed back, asked of the gateways it came by: rows first, so that nothing is given back twice."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from golmok.domain.orders.gateways.gateway import RefundAsked
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, PaymentEvent, Refund
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.pay import Record
from golmok.messages import text
from golmok.problems import Problem

CLAIMED_FOR = timedelta(minutes=3)
"""Longer than a gateway may take to answer three questions."""
SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=6)
AT_ONCE = 20


def checkouts_owing(gateways: Collection[str]) -> list[UUID]:
    """Those for which `ask_back` has something to do, seen without a lock. What only somebody's hand can give
    back is left alone."""
    owing = Checkout.objects.filter(owes_back=True, payment_events__gateway__in=gateways).distinct()
    wanted = owing.order_by("pk").prefetch_related("payment_events", "orders__refunds", "asked_refunds")
    return [one.pk for one in wanted if one.refund_due == 0 or _settled(one) or _new_rows(one, gateways)]


@transaction.atomic
def ask_back(checkout: UUID, gateways: Collection[str]) -> int:
    """Adds a row for what is owed back and not asked for yet; how many rows."""
    locked = Checkout.objects.select_for_update().get(pk=checkout)
    if locked.refund_due == 0:
        # Noted by the migration for all that were paid before it.
        Checkout.objects.filter(pk=checkout).update(owes_back=False)
        return 0
    _close(_settled(locked))
    return len(Refund.objects.bulk_create(_new_rows(locked, gateways)))


@transaction.atomic
def ask_again(refund: UUID) -> None:
    """Ask its gateway once more for what it refused, under a new key. 409 `refund-not-refused`."""
    row = _refused(refund)
    row.status, row.round, row.tries, row.next_at = Refund.Status.ASKED, row.round + 1, 0, timezone.now()
    row.save(update_fields=["status", "round", "tries", "next_at"])


@transaction.atomic
def note_sent_back(refund: UUID) -> int:
    """Somebody gave back by hand what its gateway refused; won, at most what is still owed.

    409 `refund-not-refused`.
    """
    row = _refused(refund)
    amount = min(row.amount, row.checkout.back_by_part.get(row.order_id, 0))
    if amount > 0:
        name, kind = f"sent-back-{uuid4().hex}", PaymentEvent.Kind.REFUNDED
        run(Record(row.checkout_id.hex, BANK_TRANSFER, name, kind, amount, row.order_id))
    _close([row])
    return amount


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
    if checkout.back_by_part.get(refund.order_id, 0) >= refund.amount:
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


def _settled(checkout: Checkout) -> list[Refund]:
    """Refused ones of which less is owed than they asked for: they keep nothing from being asked any more."""
    parts, refused = checkout.back_by_part, Refund.Status.REFUSED
    asked = (one for one in checkout.asked_refunds.all() if one.status == refused)
    return [one for one in asked if parts.get(one.order_id, 0) < one.amount]


def close_settled(checkout: UUID) -> None:
    """Money went back by hand: what was refused of it is asked of nobody any more."""
    _close(_settled(Checkout.objects.get(pk=checkout)))


def _close(refunds: Collection[Refund]) -> None:
    Refund.objects.filter(pk__in=[one.pk for one in refunds]).update(status=Refund.Status.DONE)


def _refused(refund: UUID) -> Refund:
    """With its checkout locked. Raises Problem 409."""
    checkout = Checkout.objects.select_for_update(of=("self",)).filter(asked_refunds=refund).first()
    row = Refund.objects.filter(pk=refund, status=Refund.Status.REFUSED).first()
    if checkout is None or row is None:
        raise Problem(409, "refund-not-refused")
    row.checkout = checkout
    return row


def _new_rows(checkout: Checkout, gateways: Collection[str]) -> list[Refund]:
    """For what is owed back and no row asks for."""
    settled = {one.pk for one in _settled(checkout)}
    asked = list(checkout.asked_refunds.all())
    standing = [one for one in asked if one.status != Refund.Status.DONE and one.pk not in settled]
    done = [one for one in asked if one not in standing]
    rows: list[Refund] = []
    for order, due in checkout.back_by_part.items():
        missing = due - sum(one.amount for one in standing if one.order_id == order)
        left = _left_in_payments(checkout, [*standing, *rows], done)
        for payment, amount in _from_payments(left, gateways, missing):
            rows.append(_row(checkout, order, payment, amount))
    return rows


def _from_payments(
    left: Mapping[PaymentEvent, int], gateways: Collection[str], missing: int
) -> Iterator[tuple[PaymentEvent, int]]:
    """Which payments give it back, the latest first: what was paid twice goes back to where it came from."""
    for payment, most in left.items():
        amount = min(missing, most)
        if amount > 0 and payment.gateway in gateways:
            missing -= amount
            yield payment, amount


def _left_in_payments(
    checkout: Checkout, standing: Collection[Refund], done: Collection[Refund]
) -> dict[PaymentEvent, int]:
    """Won that each payment can still give back, the latest payment first."""
    events = sorted(checkout.payment_events.all(), key=lambda one: (one.recorded_at, one.pk), reverse=True)
    payments = [one for one in events if one.kind == PaymentEvent.Kind.APPROVED]
    back = Counter[str]()
    for event in events:
        back[event.gateway] += event.amount if event.kind == PaymentEvent.Kind.REFUNDED else 0
    left = {one: one.amount for one in payments}
    # What went back does not say of which payment. Of those that were asked, as far as they were; then any.
    for most in ({one: _asked_of(one, done) for one in payments}, dict(left)):
        for payment in payments:
            gave = min(back[payment.gateway], most[payment], left[payment])
            left[payment] -= gave
            back[payment.gateway] -= gave
    return {one: won - _asked_of(one, standing) for one, won in left.items()}


def _asked_of(payment: PaymentEvent, refunds: Collection[Refund]) -> int:
    """Won."""
    name = (payment.gateway, payment.reference)
    return sum(one.amount for one in refunds if (one.gateway, one.payment) == name)


def _row(checkout: Checkout, order: str | None, payment: PaymentEvent, amount: int) -> Refund:
    return Refund(
        checkout=checkout,
        order_id=order,
        gateway=payment.gateway,
        payment=payment.reference,
        amount=amount,
    )
