"""Stock, changed only under its lock, and orders, which are read and never written here."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.inlines.admin import NonrelatedTabularInline

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.festas.models import Show
from golmok.domain.orders.actions import reopen_sales
from golmok.domain.orders.models import BANK_TRANSFER, Order, OrderLine, PaymentEvent, Refund, Stock
from golmok.domain.orders.names import masked_name
from golmok.messages import text
from golmok.web.desk import chips
from golmok.web.desk.refunds import RefundDue, refused_of, settle_refused, with_money
from golmok.web.desk.refusals import saying_why_not
from golmok.web.desk.shops import sell
from golmok.web.desk.site import desk
from golmok.web.desk.typed import button, column
from golmok.web.language import language_of
from golmok.web.words import say_won


@admin.register(Stock, site=desk)
class StockPage(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    list_display = ("variant", "shop", "total", "held", "sold", "left_now", "state")
    list_filter = ("is_closed", ("variant__product__shop", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("variant__product__shop",)
    search_fields = ("variant__name", "variant__product__name", "variant__product__shop__name")
    fields = ("variant", "total", "held", "sold", "is_closed")
    readonly_fields = ("variant", "held", "sold", "is_closed")
    actions = ("reopen_many",)
    actions_submit_line = ("reopen",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        rows: QuerySet[Stock] = super().get_queryset(request)
        return rows.select_related("variant__product__shop")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Stock, form: forms.ModelForm[Stock], change: bool
    ) -> None:
        """The row that was read is already old; only the new total is used, under the lock."""
        sell(request, obj.variant, form.cleaned_data["total"])
        if "orders_stock_reopen" in request.POST:
            self.reopen(request, obj)

    @admin.action(description=label("desk-reopen-many"), permissions=["change"])
    def reopen_many(self, request: HttpRequest, stocks: QuerySet[Stock]) -> None:
        for stock in stocks.filter(is_closed=True):
            reopen(request, stock)

    def has_reopen_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Offered where somebody said "sold out"; pressed, Unfold asks again without the id."""
        if object_id is None:
            return bool(self.has_change_permission(request))
        is_number = object_id.isdecimal()
        return is_number and Stock.objects.filter(pk=int(object_id), is_closed=True).exists()

    @button(label("desk-reopen"), permission="reopen", icon="lock_open")
    def reopen(self, request: HttpRequest, stock: Stock) -> None:
        reopen(request, stock)

    @column(label("desk-shop"), ordering="variant__product__shop__name")
    def shop(self, stock: Stock) -> str:
        return str(stock.variant.product.shop)

    @column(label("desk-stock-left"))
    def left_now(self, stock: Stock) -> int:
        return stock.left

    @column(label("desk-status"), chips={"open": "success", "out": "warning", "closed": "danger"})
    def state(self, stock: Stock) -> tuple[str, Any]:
        if stock.is_closed:
            return "closed", label("desk-stock-closed")
        return ("open", label("desk-stock-open")) if stock.left else ("out", label("desk-stock-out"))


def reopen(request: HttpRequest, stock: Stock) -> None:
    """Sell again what was marked sold out, also after the show, and say so, or say why not."""
    variant, language = stock.variant, language_of(request)
    show = Show.objects.filter(offers__variant=variant).order_by("-starts_at").first()
    if show is None:
        messages.error(request, text("desk-reopen-no-show", language, name=str(variant)))
        return
    with saying_why_not(request, variant):
        reopen_sales(variant, show, cast(User, request.user))
        messages.success(request, text("desk-reopened", language, name=str(variant)))


class ReadOnly:
    """Inlines and pages that show and never write."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LinesInline(ReadOnly, TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = OrderLine
    extra = 0
    fields = ("product_name", "option_name", "origin", "unit_price", "quantity")
    verbose_name_plural = label("desk-order-lines")


class PaymentsInline(ReadOnly, NonrelatedTabularInline):  # type: ignore[misc]  # Unfold ships no types
    """Money comes for the whole checkout, whose other orders it may be about too."""

    model = PaymentEvent
    extra = 0
    hide_title = True
    fields = ("told_at", "told_by", "told_as", "what", "won", "about")
    readonly_fields = fields
    verbose_name_plural = label("desk-payments")

    def get_form_queryset(self, order: Order) -> QuerySet[PaymentEvent]:
        return PaymentEvent.objects.filter(checkout=order.checkout_id)

    @column(label("desk-payment-at"))
    def told_at(self, event: PaymentEvent) -> str:
        return date_format(localtime(event.recorded_at), "DATETIME_FORMAT")

    @column(label("desk-payment-gateway"))
    def told_by(self, event: PaymentEvent) -> str:
        return event.gateway

    @column(label("desk-payment-reference"))
    def told_as(self, event: PaymentEvent) -> str:
        return event.reference

    @column(label("desk-payment-kind"))
    def what(self, event: PaymentEvent) -> str:
        return event.get_kind_display()

    @column(label("desk-payment-amount"))
    def won(self, event: PaymentEvent) -> str:
        return say_won(event.amount, get_language() or "ko")

    @column(label("desk-payment-order"))
    def about(self, event: PaymentEvent) -> str:
        return event.order_id or str(label("desk-payment-whole"))


class RefundsInline(ReadOnly, NonrelatedTabularInline):  # type: ignore[misc]  # Unfold ships no types
    """What gateways were asked to give back of the whole checkout, and what they would not."""

    model = Refund
    extra = 0
    hide_title = True
    fields = ("asked_by", "won", "status", "refused_as", "about")
    readonly_fields = fields
    verbose_name_plural = label("desk-asked-refunds")

    def get_form_queryset(self, order: Order) -> QuerySet[Refund]:
        return Refund.objects.filter(checkout=order.checkout_id).order_by("created_at")

    @column(label("desk-payment-gateway"))
    def asked_by(self, refund: Refund) -> str:
        return refund.gateway

    @column(label("orders-refund-amount"))
    def won(self, refund: Refund) -> str:
        return say_won(refund.amount, get_language() or "ko")

    @column(label("desk-payment-order"))
    def about(self, refund: Refund) -> str:
        return refund.order_id or str(label("desk-payment-whole"))


@admin.register(Order, site=desk)
class OrderPage(ReadOnly, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    list_display = (
        "number",
        "shop",
        "show",
        "buyer_name",
        "masked_phone",
        "amount",
        "state",
        "refund",
        "placed_at",
    )
    list_filter = ("status", RefundDue, "fulfilment", ("shop", admin.RelatedOnlyFieldListFilter), "placed_at")
    list_select_related = ("shop", "show")
    search_fields = ("number", "name", "phone", "shop__name")
    date_hierarchy = "placed_at"
    inlines = (LinesInline, PaymentsInline, RefundsInline)
    actions_detail = ("refused_refunds",)
    fieldsets = (
        (None, {"fields": ("number", "status", "shop", "show", "placed_at")}),
        (
            label("desk-fields-buyer"),
            {"fields": (("name", "phone"), "fulfilment", "postcode", "address", "memo")},
        ),
        (
            label("desk-fields-money"),
            {"fields": (("goods_total", "delivery_fee"), "amount", ("refund", "checkout_refund"))},
        ),
    )
    readonly_fields = ("status", "amount", "refund", "checkout_refund")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return with_money(super().get_queryset(request))

    def has_refused_refunds_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Offered where a gateway would not give back what is still owed; who pressed hears why not."""
        is_there = object_id is None or request.method == "POST" or refused_of(object_id).exists()
        return is_there and request.user.has_perm("orders.change_refund")

    @button(label("desk-refused-refunds"), permission="refused_refunds", icon="currency_exchange")
    def refused_refunds(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was refused, and what somebody can do about it; each of its buttons posts to it."""
        if request.method == "POST":
            settle_refused(request, object_id)
            return redirect("admin:orders_order_change", object_id)
        context = desk.each_context(request) | {
            "title": label("desk-refused-refunds"),
            "opts": self.opts,
            "number": object_id,
            "refused": refused_of(object_id).select_related("order", "checkout"),
            "by_hand": BANK_TRANSFER,
        }
        return render(request, "desk/refused_refunds.html", context)

    @column(label("desk-buyer-name"), ordering="name")
    def buyer_name(self, order: Order) -> str:
        return masked_name(order.name)

    @column(label("desk-phone"))
    def masked_phone(self, order: Order) -> str:
        return f"{order.phone[:3]}-****-{order.phone[-4:]}"

    @column(label("desk-order-total"))
    def amount(self, order: Order) -> str:
        return say_won(order.total, get_language() or "ko")

    @column(label("desk-refund-due"))
    def refund(self, order: Order) -> str | None:
        return say_won(order.refund_due, get_language() or "ko") if order.refund_due else None

    @column(label("desk-refund-due-together"))
    def checkout_refund(self, order: Order) -> str | None:
        due = order.checkout.refund_due
        return say_won(due, get_language() or "ko") if due else None

    @column(label("desk-status"), chips=chips.ORDER, ordering="status")
    def state(self, order: Order) -> tuple[str, str]:
        return order.status, order.get_status_display()
