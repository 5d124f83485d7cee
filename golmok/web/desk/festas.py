"""Festas and their shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from unfold.admin import ModelAdmin, TabularInline

from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.festas import actions
from golmok.domain.festas.models import Festa, Offer, RundownSegment, Show
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.sales import TellLeft
from golmok.messages import text
from golmok.web.desk import chips
from golmok.web.desk.refusals import saying_why_not
from golmok.web.desk.site import desk
from golmok.web.desk.typed import button, column, spoken
from golmok.web.language import language_of


class ShowsInline(TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = Show
    extra = 0
    fields = ("title", "title_en", "district", "starts_at", "ends_at")
    autocomplete_fields = ("district",)
    can_delete = False
    show_change_link = True
    tab = True


@admin.register(Festa, site=desk)
class FestaPage(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    list_display = (
        spoken("name", label("desk-name")),
        spoken("organiser", label("desk-organiser-name")),
        "is_current",
    )
    list_filter = ("is_current",)
    search_fields = ("name", "name_en", "organiser")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (ShowsInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "name_en"),
                    "slug",
                    "is_current",
                    ("organiser", "organiser_en"),
                    ("about", "about_en"),
                )
            },
        ),
    )


class ShowForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says the rule that the database keeps, at the field where it is mended."""

    class Meta:
        model = Show
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", str(label("desk-ends-before-start")))
        return cleaned


class HistoryOnceOver:
    """Rows of a show that are only read once it is over: who was in it and what it sold."""

    def has_add_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        return not is_over(obj) and bool(super().has_add_permission(request, obj))  # type: ignore[misc]  # an inline's

    def has_change_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        return not is_over(obj) and bool(super().has_change_permission(request, obj))  # type: ignore[misc]  # an inline's

    def has_delete_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        return not is_over(obj) and bool(super().has_delete_permission(request, obj))  # type: ignore[misc]  # an inline's


class RundownInline(HistoryOnceOver, TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = RundownSegment
    extra = 0
    fields = ("position", "shop", "minutes")
    autocomplete_fields = ("shop",)


class OffersInline(HistoryOnceOver, TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = Offer
    extra = 0
    fields = ("variant", "price", "kind", "per_buyer_cap", "total_cap")
    autocomplete_fields = ("variant",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        rows: QuerySet[Offer] = super().get_queryset(request)
        return rows.select_related("variant__product")


@admin.register(Show, site=desk)
class ShowPage(ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    form = ShowForm
    list_display = (spoken("title", label("desk-title")), "state", "starts_at", "district", "shops", "places")
    list_filter = ("status", "festa", ("district", admin.RelatedOnlyFieldListFilter), "starts_at")
    list_select_related = ("district", "festa")
    search_fields = ("title", "title_en", "id", "rundown__shop__name")
    date_hierarchy = "starts_at"
    autocomplete_fields = ("festa", "district")
    inlines = (RundownInline, OffersInline)
    actions = ("end_shows",)
    actions_submit_line = ("end_show",)
    actions_detail = ("cancel_show",)
    readonly_fields = ("status", "started_at", "ended_at", "places")
    fieldsets = (
        (None, {"fields": (("title", "title_en"), ("festa", "district"), "starts_at", "ends_at")}),
        (label("desk-fields-now"), {"fields": (("status", "places"), ("started_at", "ended_at"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Show]:
        rows: QuerySet[Show] = super().get_queryset(request)
        return rows.prefetch_related("rundown__shop")

    def view_on_site(self, show: Show) -> str:
        return watch_address(show)

    @column(label("desk-status"), chips=chips.SHOW, ordering="status")
    def state(self, show: Show) -> tuple[str, str]:
        return show.status, show.get_status_display()

    @column(label("desk-shops"))
    def shops(self, show: Show) -> str:
        return ", ".join(str(turn.shop) for turn in show.rundown.all())

    @column(label("desk-places"))
    def places(self, show: Show) -> SafeString | str:
        if not show.title:
            return "-"
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500 font-semibold" href="{}">{}</a> · '
            '<a class="text-primary-600 dark:text-primary-500 font-semibold" href="{}">{}</a>',
            watch_address(show),
            label("desk-watch"),
            studio_address(show),
            label("desk-studio"),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Show | None = None) -> bool:
        """A show that was on the air is history; only one still to come may go."""
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and (obj is None or obj.status == Show.Status.SCHEDULED)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Show | None:
        """Locked while the form is saved: the form writes the whole row, and the actions its state."""
        if request.method == "POST":
            actions.shows_to_change().filter(pk=object_id).first()
        show: Show | None = super().get_object(request, object_id, from_field)
        return show

    def save_formset(
        self,
        request: HttpRequest,
        form: ShowForm,
        formset: BaseInlineFormSet[Any, Show, Any],
        change: bool,
    ) -> None:
        if formset.model is Offer:
            save_offers(request, formset)
        else:
            super().save_formset(request, form, formset, change)

    @admin.action(description=label("desk-end-shows"), permissions=["change"])
    def end_shows(self, request: HttpRequest, shows: QuerySet[Show]) -> None:
        for show in shows:
            end(request, show)

    def has_end_show_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Offered on a live show's page; pressed, Unfold asks again without the id, and `end` decides."""
        if object_id is None:
            return bool(self.has_change_permission(request))
        return Show.objects.filter(pk=object_id, status=Show.Status.LIVE).exists()

    @button(label("desk-end-show"), permission="end_show", icon="stop_circle")
    def end_show(self, request: HttpRequest, show: Show) -> None:
        end(request, show)

    def has_cancel_show_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Offered as long as the show has not begun."""
        scheduled = Show.objects.filter(pk=object_id, status=Show.Status.SCHEDULED)
        return bool(self.has_change_permission(request)) and scheduled.exists()

    @button(label("desk-cancel-show"), permission="cancel_show", icon="event_busy")
    def cancel_show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first; the answer comes back as a POST."""
        show = Show.objects.get(pk=object_id)
        if request.method == "POST":
            cancel(request, show)
            return redirect("admin:festas_show_change", object_id)
        context = desk.each_context(request) | {
            "title": label("desk-cancel-show"),
            "opts": self.opts,
            "show": show,
        }
        return render(request, "desk/cancel_show.html", context)


def is_over(show: Show | None) -> bool:
    return show is not None and show.status in actions.OVER


def save_offers(request: HttpRequest, formset: BaseInlineFormSet[Offer, Show, Any]) -> None:
    """What the show sells from now on; its room hears of each change. A refusal becomes a sentence.

    What is left comes last: that locks stock, and all of it at once.
    """
    formset.save(commit=False)
    with saying_why_not(request, formset.instance):
        for offer in formset.deleted_objects:
            actions.remove_offer(offer)
        moved = [offer for offer, fields in formset.changed_objects if "variant" in fields]
        for offer in moved:
            actions.remove_offer(offer)
        for offer, fields in formset.changed_objects:
            if "variant" not in fields:
                set_terms(offer)
        capped = [offer for offer, fields in formset.changed_objects if "total_cap" in fields]
        sell_in_show([*moved, *formset.new_objects], capped)


def sell_in_show(added: Sequence[Offer], capped: Sequence[Offer] = ()) -> None:
    """Add the offers; their room, to which nothing was left of them, hears what is on sale. So it does for
    those whose total cap is another."""
    for offer in added:
        set_terms(offer)
    if variants := {offer.variant_id for offer in (*added, *capped)}:
        run(TellLeft(tuple(variants)))


def set_terms(offer: Offer) -> None:
    """As the form says them."""
    show, variant = offer.show, offer.variant
    actions.set_offer(
        show, variant, offer.price, offer.per_buyer_cap, kind=offer.kind, total_cap=offer.total_cap
    )


def cancel(request: HttpRequest, show: Show) -> None:
    """Call the show off and say so, or say why not."""
    with saying_why_not(request, show):
        actions.cancel_show(show, cast(User, request.user))
        messages.success(request, text("desk-show-was-cancelled", language_of(request), title=str(show)))


def end(request: HttpRequest, show: Show) -> None:
    """End the show and say so, or say why not."""
    with saying_why_not(request, show):
        actions.end_show(show, cast(User, request.user))
        messages.success(request, text("desk-show-has-ended", language_of(request), title=str(show)))


def watch_address(show: Show) -> str:
    return f"{_prefix()}/shows/{show.pk}/"


def studio_address(show: Show) -> str:
    return f"{_prefix()}/studio/shows/{show.pk}/"


def _prefix() -> str:
    return "/en" if get_language() == "en" else ""
