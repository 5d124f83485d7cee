"""Shops, their people, their products with what is on sale of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import get_language
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from golmok.domain.core.labels import label
from golmok.domain.festas.actions import change_price
from golmok.domain.orders.actions import put_on_sale
from golmok.domain.orders.models import Stock
from golmok.domain.shops.models import Product, Shop, ShopMember, Variant
from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.web.desk.notices import NOTICE, ShopForm, TellsWhatIsMissing
from golmok.web.desk.refusals import saying_why_not
from golmok.web.desk.site import desk
from golmok.web.desk.typed import column, spoken


class MembersInline(TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = ShopMember
    extra = 0
    autocomplete_fields = ("user",)
    tab = True


class ProductsInline(TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = Product
    extra = 0
    fields = ("name", "is_food", "origin", "parcel", "pickup")
    readonly_fields = fields
    show_change_link = True
    can_delete = False
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Shop, site=desk)
class ShopPage(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    form = ShopForm
    list_display = (
        spoken("name", label("desk-name")),
        spoken("trade", label("desk-trade")),
        "district",
        "representative",
        "is_sample",
    )
    list_filter = ("district", "trade", "is_sample")
    list_select_related = ("district",)
    search_fields = ("name", "name_en", "representative", "business_number")
    autocomplete_fields = ("district",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembersInline, ProductsInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_en"),
                    "slug",
                    "district",
                    ("trade", "trade_en"),
                    ("about", "about_en"),
                    "is_sample",
                )
            },
        ),
        (
            label("desk-fields-seller"),
            {
                "fields": (
                    ("representative", "business_number"),
                    "mail_order_number",
                    ("phone", "email"),
                    ("address", "address_en"),
                )
            },
        ),
        (
            label("desk-fields-delivery"),
            {
                "fields": (
                    ("pickup_hours", "pickup_hours_en"),
                    ("parcel_fee", "free_parcel_from"),
                    "remote_parcel_fee",
                )
            },
        ),
    )


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says the two rules that the database keeps, at the field where they are mended."""

    class Meta:
        model = Product
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_food") and not cleaned.get("origin"):
            self.add_error("origin", str(label("desk-origin-missing")))
        if not (cleaned.get("parcel") or cleaned.get("pickup")):
            self.add_error("pickup", str(label("desk-receiving-missing")))
        return cleaned


class VariantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A variant with its units on sale, which are written under the stock lock and not by this form."""

    units = forms.IntegerField(
        label=label("desk-stock-total"), min_value=0, required=False, widget=UnfoldAdminIntegerFieldWidget
    )

    class Meta:
        model = Variant
        fields = ("name", "name_en", "price")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> object:
        if field_name != "units":
            return super().get_initial_for_field(field, field_name)
        stock: Stock | None = getattr(self.instance, "stock", None) if self.instance.pk else None
        return stock.total if stock else None


class VariantsInline(TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = Variant
    form = VariantForm
    extra = 0
    min_num = 1
    fields = ("name", "name_en", "price", "units", "stock_now")
    readonly_fields = ("stock_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        rows: QuerySet[Variant] = super().get_queryset(request)
        return rows.select_related("stock", "product")

    @column(label("desk-stock-now"))
    def stock_now(self, variant: Variant) -> str:
        return say_stock(getattr(variant, "stock", None))


@admin.register(Product, site=desk)
class ProductPage(TellsWhatIsMissing, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    form = ProductForm
    list_display = (
        spoken("name", label("desk-name")),
        "shop",
        "is_food",
        spoken("origin", label("desk-origin")),
        "parcel",
        "pickup",
        "withdrawal",
        "missing_notice",
    )
    readonly_fields = ("missing_notice",)
    list_filter = ("is_food", "withdrawal", "parcel", "pickup", ("shop", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("shop",)
    search_fields = ("name", "name_en", "shop__name", "origin")
    autocomplete_fields = ("shop",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (VariantsInline,)
    fieldsets = (
        (None, {"fields": ("shop", ("name", "name_en"), "slug", ("about", "about_en"))}),
        (label("desk-fields-notice"), {"fields": ("is_food", ("origin", "origin_en"), "withdrawal")}),
        NOTICE,
        (label("desk-picture"), {"fields": ("picture", ("picture_alt", "picture_alt_en"))}),
        (label("desk-fields-delivery"), {"fields": (("parcel", "pickup"),)}),
    )

    def save_model(
        self, request: HttpRequest, obj: Product, form: forms.ModelForm[Product], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        self.warn(request, obj)

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm[Product],
        formset: BaseInlineFormSet[Variant, Product, VariantForm],
        change: bool,
    ) -> None:
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        for variant in formset.new_objects:
            variant.save()
        for variant, fields in sorted(formset.changed_objects, key=lambda changed: changed[0].pk):
            save_variant(variant, set(fields))
        put_units_on_sale(request, formset)


@admin.register(Variant, site=desk)
class VariantSearch(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    """Only for finding variants while a show's offers are filled in; they are edited at their product."""

    search_fields = ("name", "product__name", "product__shop__name")
    list_select_related = ("product",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        rows: QuerySet[Variant] = super().get_queryset(request)
        return rows.select_related("product")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(super().has_delete_permission(request, obj))


def save_variant(variant: Variant, fields: set[str]) -> None:
    """Its new names are written here; rooms hear of a new price, so that is the domain's."""
    variant.save(update_fields=fields & {"name", "name_en"})
    if "price" in fields:
        change_price(variant, variant.price)


def put_units_on_sale(
    request: HttpRequest, formset: BaseInlineFormSet[Variant, Product, VariantForm]
) -> None:
    """In the order of keys, in which everybody locks stock."""
    rows = [row for row in formset.forms if "units" in row.changed_data and row.instance.pk]
    for row in sorted(rows, key=lambda row: row.instance.pk):
        if row.cleaned_data.get("units") is not None:
            sell(request, row.instance, row.cleaned_data["units"])


def sell(request: HttpRequest, variant: Variant, total: int) -> None:
    """Put `total` units on sale under the stock lock; a refusal becomes a sentence on the page."""
    with saying_why_not(request, variant):
        put_on_sale(variant, total)


def say_stock(stock: Stock | None) -> str:
    if stock is None:
        return str(label("desk-stock-none"))
    return text(
        "desk-stock-says-closed" if stock.is_closed else "desk-stock-says",
        get_language() or DEFAULT_LANGUAGE,
        left=stock.total - stock.held - stock.sold,
        held=stock.held,
        sold=stock.sold,
    )
