"""The bank transfers' page: what came and is nobody's, what is awaited, and cash receipts to issue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.orders import deposits
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Deposit, ExpectedDeposit, Order
from golmok.domain.orders.statements import read_statement
from golmok.domain.orders.transfer import masked_receipt_id
from golmok.messages import text
from golmok.problems import Problem
from golmok.web.desk.orders import ReadOnly
from golmok.web.desk.refunds import of_checkouts_with_refund_due, with_money
from golmok.web.desk.refusals import saying_why_not
from golmok.web.desk.site import desk
from golmok.web.language import language_of

MOST_SHOWN = 200
"""Rows of a card."""
AWAITED_COLUMNS = ("transfer-until", "transfer-depositor", "transfer-missing", "desk-orders")
SETTLED_COLUMNS = ("transfer-at", "transfer-depositor", "transfer-amount", "transfer-what-for", "transfer-by")
PAGE = "admin:orders_deposit_changelist"


class StatementForm(forms.Form):
    file = forms.FileField(
        label=label("transfer-file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.xls,.xlsx"}),
    )
    pasted = forms.CharField(
        label=label("transfer-paste"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )

    def content(self) -> bytes:
        """What was given. Raises Problem 422 when it was nothing."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["pasted"].encode()
        if not content.strip():
            raise Problem(422, "statement-missing")
        return content


class HandForm(forms.Form):
    at = forms.DateTimeField(
        label=label("transfer-at"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    amount = forms.IntegerField(
        label=label("transfer-amount"), min_value=1, max_value=2**31 - 1, widget=UnfoldAdminIntegerFieldWidget
    )
    depositor = forms.CharField(
        label=label("transfer-depositor"), max_length=60, widget=UnfoldAdminTextInputWidget
    )


@dataclass(frozen=True)
class Awaiting:
    """An awaited transfer as the page shows it."""

    expected: ExpectedDeposit

    @property
    def checkout(self) -> Checkout:
        return self.expected.checkout

    @property
    def numbers(self) -> str:
        return numbers_of(self.checkout)

    @property
    def missing(self) -> int:
        """Won."""
        return self.checkout.total - self.checkout.paid

    @property
    def masked_id(self) -> str:
        return masked_receipt_id(self.expected.receipt_id)


@dataclass(frozen=True)
class SendBack:
    """Money to be sent back by hand."""

    order: Order
    """One of those paid together, for the buyer's name and phone."""
    part: str | None
    """The number of the cancelled order; None for what no order explains."""
    amount: int
    """Won."""


@admin.register(Deposit, site=desk)
class DepositPage(ReadOnly, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One page for all of it; each of its buttons posts to it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        forms_shown = {"statement": StatementForm(), "hand": HandForm(initial={"at": _now()})}
        if request.method == "POST":
            if not request.user.has_perm("orders.change_deposit"):
                raise PermissionDenied
            wrong = do(request)
            if wrong is None:
                return redirect(PAGE)
            forms_shown |= wrong
        context = desk.each_context(request) | {"title": label("transfer-title"), "opts": self.opts}
        return render(request, "desk/deposits.html", context | shown() | forms_shown)


def shown() -> dict[str, object]:
    return {
        "todo": [(one, f"transfer-reason-{one.reason}") for one in deposits.deposits_to_do()],
        "awaited": [Awaiting(one) for one in deposits.expected_deposits()[:MOST_SHOWN]],
        "receipts": [Awaiting(one) for one in deposits.receipts_to_issue()[:MOST_SHOWN]],
        "to_send_back": list(to_send_back()),
        "settled": deposits.settled_deposits()[:50],
        "awaited_columns": AWAITED_COLUMNS,
        "settled_columns": SETTLED_COLUMNS,
    }


def to_send_back() -> Iterator[SendBack]:
    """What came by transfer and is owed back, by order."""
    owing = of_checkouts_with_refund_due(Order.objects.filter(checkout__gateway=BANK_TRANSFER))
    orders = with_money(owing.select_related("checkout").order_by("checkout", "pk"))[:MOST_SHOWN]
    for order in {one.checkout_id: one for one in orders}.values():
        for part, amount in order.checkout.back_by_part.items():
            yield SendBack(order, part, amount)


def do(request: HttpRequest) -> dict[str, forms.Form] | None:
    """What a button asked for; the form with what is wrong in it, None when nothing is."""
    verbs: dict[str, Callable[[HttpRequest], dict[str, forms.Form] | None]] = {
        "read": _read,
        "enter": _enter,
        "assign": _assign,
        "aside": _set_aside,
        "receipt": _note_receipt,
        "sent": _note_sent_back,
    }
    verb = verbs.get(request.POST.get("do", ""))
    return verb(request) if verb else None


def numbers_of(checkout: Checkout) -> str:
    """``220720-k7m4pqxw, 220720-…``: the orders that one transfer pays."""
    return ", ".join(sorted(order.number for order in checkout.orders.all()))


def _read(request: HttpRequest) -> dict[str, forms.Form] | None:
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return {"statement": form}
    language = language_of(request)
    with saying_why_not(request, label("transfer-statement")):
        read = deposits.read_deposits(read_statement(form.content()))
        said = text("transfer-was-read", language, new=read.new, known=read.known, matched=read.matched)
        messages.success(request, said)
    return None


def _enter(request: HttpRequest) -> dict[str, forms.Form] | None:
    form = HandForm(request.POST)
    if not form.is_valid():
        return {"hand": form}
    with saying_why_not(request, form.cleaned_data["depositor"]):
        entered = deposits.enter_deposit(**form.cleaned_data)
        key = "transfer-was-matched" if entered.checkout else "transfer-was-entered"
        messages.success(request, text(key, language_of(request), name=entered.depositor))
    return None


def _assign(request: HttpRequest) -> None:
    with saying_why_not(request, label("transfer-deposit")):
        checkout = deposits.assign_deposit(
            _number(request, "deposit"), _checkout(request), cast(User, request.user)
        )
        key = "transfer-was-assigned" if checkout.status == Checkout.Status.PAID else "transfer-not-whole-yet"
        messages.success(request, text(key, language_of(request), orders=numbers_of(checkout)))


def _set_aside(request: HttpRequest) -> None:
    with saying_why_not(request, label("transfer-deposit")):
        why = request.POST.get("why", "").strip() or text("transfer-for-no-order", language_of(request))
        deposits.set_deposit_aside(_number(request, "deposit"), why)
        messages.success(request, text("transfer-was-set-aside", language_of(request)))


def _note_receipt(request: HttpRequest) -> None:
    with saying_why_not(request, label("transfer-receipt")):
        deposits.note_receipt(_checkout(request), request.POST.get("number", ""))
        messages.success(request, text("transfer-receipt-was-noted", language_of(request)))


def _note_sent_back(request: HttpRequest) -> None:
    with saying_why_not(request, label("transfer-back")):
        part = request.POST.get("part") or None
        deposits.note_sent_back(_checkout(request), part, _number(request, "amount"))
        messages.success(request, text("transfer-back-was-noted", language_of(request)))


def _number(request: HttpRequest, field: str) -> int:
    typed = request.POST.get(field, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0


def _checkout(request: HttpRequest) -> UUID:
    """By its key, or by the number of one of its orders. 404 `checkout-unknown`."""
    if number := request.POST.get("order", "").strip():
        found = Order.objects.filter(number=number).values_list("checkout", flat=True).first()
    else:
        found = _uuid(request.POST.get("checkout", ""))
    if found is None:
        raise Problem(404, "checkout-unknown")
    return found


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _now() -> str:
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}"
