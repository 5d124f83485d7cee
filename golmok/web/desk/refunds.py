"""Money that is owed back, as the desk finds and shows it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from golmok.domain.core.labels import label
from golmok.domain.orders import refunds
from golmok.domain.orders.models import Checkout, Order, PaymentEvent, Refund
from golmok.messages import text
from golmok.problems import Problem
from golmok.web.desk.refusals import saying_why_not
from golmok.web.language import language_of
from golmok.web.words import say_won

SIGNED = Case(
    When(kind=PaymentEvent.Kind.APPROVED, then=F("amount")),
    When(kind=PaymentEvent.Kind.REFUNDED, then=-F("amount")),
    default=0,
    output_field=BigIntegerField(),
)


class RefundDue(admin.SimpleListFilter):
    title = label("desk-refund-due")
    parameter_name = "refund"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - Django's
        return [
            ("order", label("desk-refund-of-order")),
            ("checkout", label("desk-refund-of-checkout")),
            ("by-hand", label("desk-refund-by-hand")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if self.value() == "by-hand":
            return to_give_back_by_hand(queryset)
        if self.value() == "order":
            return with_refund_due(queryset)
        return of_checkouts_with_refund_due(queryset) if self.value() == "checkout" else queryset


def with_money(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what `Order.refund_due` and `Checkout.refund_due` ask for, in five queries for any number."""
    wanted = ("checkout__payment_events", "checkout__orders__refunds", "refunds")
    return orders.prefetch_related(*wanted)


def with_refund_due(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those of which a part is owed back; the few that may be are recalculated one by one."""
    cancelled = Order.objects.filter(status=Order.Status.CANCELLED, checkout__status=Checkout.Status.PAID)
    candidates = with_money(of_checkouts_with_refund_due(cancelled))
    return orders.filter(pk__in=[order.pk for order in candidates if order.refund_due])


def to_give_back_by_hand(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those whose gateway would not give back what is still owed."""
    refused = Refund.objects.filter(status=Refund.Status.REFUSED, checkout__owes_back=True)
    of_all = refused.filter(order=None).values("checkout")
    return orders.filter(Q(pk__in=refused.values("order")) | Q(checkout__in=of_all))


def refused_of(number: str) -> QuerySet[Refund]:
    """What gateways would not give back of all that was paid together with an order, and is still owed."""
    refused = Refund.objects.filter(status=Refund.Status.REFUSED, checkout__owes_back=True)
    return refused.filter(checkout__orders=number).order_by("created_at")


def settle_refused(request: HttpRequest, number: str) -> None:
    """What a button of the page of refused refunds asked for, said on the next page."""
    language = language_of(request)
    with saying_why_not(request, label("desk-refused-refunds")):
        chosen = request.POST.get("refund", "")
        refund = next((one for one in refused_of(number) if str(one.pk) == chosen), None)
        if refund is None:
            raise Problem(409, "refund-not-refused")
        if request.POST.get("do") == "again":
            refunds.ask_again(refund.pk)
            messages.success(request, text("desk-refund-asked-again", language))
        elif request.POST.get("do") == "sent":
            amount = say_won(refunds.note_sent_back(refund.pk), language)
            messages.success(request, text("desk-refund-sent-noted", language, amount=amount))


def of_checkouts_with_refund_due(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those whose checkout has more money than its goods cost, found by the database."""
    events = PaymentEvent.objects.filter(checkout=OuterRef("checkout")).order_by().values("checkout")
    standing = Order.objects.filter(checkout=OuterRef("checkout"), status=Order.Status.PAID)
    totals = standing.order_by().values("checkout").annotate(won=Sum(F("goods_total") + F("delivery_fee")))
    owed = Case(
        When(checkout__status=Checkout.Status.PAID, then=_won(totals)),
        When(checkout__status=Checkout.Status.PLACED, then=F("checkout__total")),
        default=0,
        output_field=BigIntegerField(),
    )
    return orders.alias(money_in=_won(events.annotate(won=Sum(SIGNED))), owed=owed).filter(
        money_in__gt=F("owed")
    )


def _won(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("won")), Value(0), output_field=BigIntegerField())
