"""Bank transfers: what came to the account finds its checkout, or waits for the organiser.

The money itself is told to the till (`Record`) like every payment; a deposit is assigned once and for good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.orders import refunds
from golmok.domain.orders.matching import SEOUL, Awaited, Came, Finding, Reason, assign, find, same_name
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Deposit, ExpectedDeposit, PaymentEvent
from golmok.domain.orders.statements import Line
from golmok.domain.orders.till.batch import decide, run
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.transfer import masked_receipt_id
from golmok.problems import Problem

MATCHED_FOR = timedelta(days=30)
"""How long after a checkout was placed a deposit may still be for it."""
KEPT_AFTER = timedelta(days=30)
"""How long the number for a cash receipt is kept when no money came."""


@dataclass(frozen=True)
class Read:
    """What reading a statement came to."""

    new: int
    known: int
    """Lines that were read before, or entered by hand."""
    matched: int


@dataclass(frozen=True)
class ToDo:
    """A deposit that nobody is found for."""

    deposit: Deposit
    reason: Reason
    suggestions: Sequence[Checkout]


def read_deposits(lines: Iterable[Line]) -> Read:
    """Keep each line of a statement once, and assign what is plain."""
    added = [_keep(line) for line in lines]
    return Read(new=sum(added), known=len(added) - sum(added), matched=match_deposits())


def enter_deposit(*, at: datetime, amount: int, depositor: str) -> Deposit:
    """By hand, before the statement tells it. 422 `bad-amount`; 409 `deposit-known` when it was told."""
    if amount <= 0:
        raise Problem(422, "bad-amount")
    if _alike(Deposit.objects.all(), at, amount, depositor):
        raise Problem(409, "deposit-known")
    entered = Deposit.objects.create(
        at=at,
        amount=amount,
        depositor=depositor,
        source=Deposit.Source.HAND,
        fingerprint=f"hand-{uuid4().hex}",
    )
    match_deposits()
    entered.refresh_from_db()
    return entered


@transaction.atomic
def match_deposits() -> int:
    """Assign every deposit that only one awaited transfer can be meant by; how many."""
    # Two organisers at once would both find the same transfer open.
    waiting = {one.pk: one for one in _unassigned().select_for_update().order_by("pk")}
    findings = assign([_came(one) for one in waiting.values()], _awaited())
    fits = [(waiting[came.key], found) for came, found in findings if found.reason == Reason.FITS]
    _assign([(deposit, found.candidates[0].checkout) for deposit, found in fits], None)
    return len(fits)


def assign_deposit(deposit: int, checkout: UUID, by: User) -> Checkout:
    """The organiser says which checkout a deposit is for; its name, sum and moment do not matter.

    404 `deposit-unknown`, `checkout-unknown`; 409 `deposit-assigned`.
    """
    with transaction.atomic():
        row = _free(deposit)
        if not ExpectedDeposit.objects.filter(checkout=checkout).exists():
            raise Problem(404, "checkout-unknown")
        _assign([(row, checkout)], by)
    # What was one of two may now be the only one.
    match_deposits()
    return Checkout.objects.get(pk=checkout)


@transaction.atomic
def set_deposit_aside(deposit: int, why: str) -> None:
    """It is for no order: interest, a mistake that was sent back.

    404 `deposit-unknown`, 409 `deposit-assigned`.
    """
    row = _free(deposit)
    row.set_aside = why[:200]
    row.save(update_fields=["set_aside"])


@transaction.atomic
def note_sent_back(checkout: UUID, order: str | None, amount: int) -> None:
    """The organiser sent money back by hand, for a cancelled order or, with None, of what no order explains.

    409 `refund-not-due` {due} when so much is not owed back, or not any more.
    """
    locked = Checkout.objects.select_for_update().get(pk=checkout)
    due = locked.back_by_part.get(order, 0)
    if not 0 < amount <= due:
        raise Problem(409, "refund-not-due", {"due": due})
    kind, name = PaymentEvent.Kind.REFUNDED, f"sent-back-{uuid4().hex}"
    run(Record(checkout.hex, BANK_TRANSFER, name, kind, amount, order))
    refunds.close_settled(checkout)


def note_receipt(checkout: UUID, number: str) -> None:
    """The cash receipt was issued under this approval number; whose it is needs not be known any more."""
    expected = ExpectedDeposit.objects.get(pk=checkout)
    expected.receipt_issued_no = number.strip()[:20]
    expected.receipt_id = masked_receipt_id(expected.receipt_id)
    expected.save(update_fields=["receipt_issued_no", "receipt_id"])


def forget_receipts(now: datetime) -> int:
    """Mask the numbers for receipts of checkouts that are over and were not paid; how many."""
    over = ExpectedDeposit.objects.filter(
        checkout__status=Checkout.Status.OVER, checkout__expires_at__lt=now - KEPT_AFTER
    ).exclude(receipt_id="")
    forgotten = [one for one in over if "*" not in one.receipt_id]
    for one in forgotten:
        one.receipt_id = masked_receipt_id(one.receipt_id)
    return ExpectedDeposit.objects.bulk_update(forgotten, ["receipt_id"])


# --- what the desk shows


def expected_deposits() -> QuerySet[ExpectedDeposit]:
    """Transfers that are awaited, those that run out first on top."""
    waiting = ExpectedDeposit.objects.filter(checkout__status=Checkout.Status.PLACED)
    return _with_orders(waiting).order_by("checkout__expires_at", "pk")


def receipts_to_issue() -> QuerySet[ExpectedDeposit]:
    """Paid transfers whose cash receipt was not issued yet, the oldest first."""
    paid = ExpectedDeposit.objects.filter(checkout__status=Checkout.Status.PAID, receipt_issued_no="")
    wanted = paid.exclude(receipt_type=ExpectedDeposit.ReceiptType.NONE)
    return _with_orders(wanted).order_by("checkout__placed_at", "pk")


def deposits_to_do() -> list[ToDo]:
    """What came and is nobody's yet, the oldest first, with who might be meant."""
    awaited = _awaited()
    found = [(one, find(_came(one), awaited)) for one in _unassigned().order_by("at", "pk")]
    meant = {candidate.checkout for _, finding in found for candidate in finding.candidates}
    checkouts = Checkout.objects.filter(pk__in=meant).prefetch_related("orders__shop", "payment_events")
    by_key = {one.pk: one for one in checkouts.select_related("expected_deposit")}
    return [ToDo(one, finding.reason, _suggested(finding, by_key)) for one, finding in found]


def settled_deposits() -> QuerySet[Deposit]:
    """What is assigned or set aside, the latest first."""
    done = Deposit.objects.exclude(checkout=None, set_aside="")
    return done.select_related("checkout", "assigned_by").prefetch_related("checkout__orders")


def _suggested(finding: Finding, by_key: dict[UUID, Checkout]) -> list[Checkout]:
    return [by_key[candidate.checkout] for candidate in finding.candidates[:5]]


def _with_orders(expected: QuerySet[ExpectedDeposit]) -> QuerySet[ExpectedDeposit]:
    return expected.select_related("checkout").prefetch_related(
        "checkout__orders__shop", "checkout__payment_events"
    )


# --- finding and keeping


@transaction.atomic
def _keep(line: Line) -> bool:
    """Whether it is new. What was entered by hand on that day is the same money."""
    if Deposit.objects.filter(fingerprint=line.fingerprint).exists():
        return False
    by_hand = Deposit.objects.select_for_update().filter(source=Deposit.Source.HAND)
    entered = _alike(by_hand, line.at, line.amount, line.name)
    if entered is not None:
        entered.at, entered.depositor = line.at, line.name
        entered.source, entered.fingerprint = Deposit.Source.STATEMENT, line.fingerprint
        entered.save(update_fields=["at", "depositor", "source", "fingerprint"])
        return False
    told = {"at": line.at, "amount": line.amount, "depositor": line.name}
    return Deposit.objects.get_or_create(fingerprint=line.fingerprint, defaults=told)[1]


def _alike(among: QuerySet[Deposit], at: datetime, amount: int, name: str) -> Deposit | None:
    """The same sum of the same name on the same day in Seoul."""
    day = at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    that_day = among.filter(at__gte=day, at__lt=day + timedelta(days=1), amount=amount)
    return next((one for one in that_day.order_by("pk") if _same_name(one.depositor, name)), None)


def _same_name(one: str, other: str) -> bool:
    """Either may be the one that the bank cut off."""
    return same_name(one, other) or same_name(other, one)


def _free(deposit: int) -> Deposit:
    row = Deposit.objects.select_for_update().filter(pk=deposit).first()
    if row is None:
        raise Problem(404, "deposit-unknown")
    if row.checkout_id is not None or row.set_aside:
        raise Problem(409, "deposit-assigned")
    return row


def _assign(found: Sequence[tuple[Deposit, UUID]], by: User | None) -> None:
    """All in one batch: the till locks what it needs in its own order, and nobody waits in a ring."""
    for deposit, checkout in found:
        deposit.checkout_id, deposit.assigned_by, deposit.assigned_at = checkout, by, timezone.now()
        deposit.save(update_fields=["checkout", "assigned_by", "assigned_at"])
    for outcome in decide([_record(deposit, checkout) for deposit, checkout in found]):
        if isinstance(outcome, Problem):
            raise outcome


def _record(deposit: Deposit, checkout: UUID) -> Record:
    kind = PaymentEvent.Kind.APPROVED
    return Record(checkout.hex, BANK_TRANSFER, deposit.reference, kind, deposit.amount)


def _unassigned() -> QuerySet[Deposit]:
    return Deposit.objects.filter(checkout=None, set_aside="")


def _came(deposit: Deposit) -> Came:
    return Came(deposit.pk, deposit.at, deposit.amount, deposit.depositor)


def _awaited() -> list[Awaited]:
    """Every transfer that a deposit of the last weeks may be for, paid ones among them: people pay twice."""
    since = timezone.now() - MATCHED_FOR
    recent = ExpectedDeposit.objects.filter(checkout__placed_at__gte=since).order_by("pk")
    with_money = recent.select_related("checkout").prefetch_related("checkout__payment_events")
    return [_open(one) for one in with_money]


def _open(expected: ExpectedDeposit) -> Awaited:
    checkout = expected.checkout
    is_paid = checkout.status == Checkout.Status.PAID
    return Awaited(
        checkout=checkout.pk,
        name=expected.depositor,
        amount=0 if is_paid else max(0, checkout.total - checkout.paid),
        since=checkout.placed_at or checkout.started_at,
        until=checkout.expires_at,
        is_given_up=checkout.given_up,
    )
