"""The desk's first page: today's shows, or what to do first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from golmok.domain.festas.models import Festa, RundownSegment, Show
from golmok.domain.orders.models import Letter, Order
from golmok.domain.shops.models import Product, Shop


@dataclass(frozen=True)
class FirstStep:
    """Something the organiser has not done yet: its message and where to do it."""

    key: str
    href: str
    done: bool


def fill(request: HttpRequest, context: dict[str, object]) -> dict[str, object]:
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    steps = first_steps()
    return context | {
        "today": shows_of(start),
        "next_show": _shows().filter(starts_at__gte=start + timedelta(days=1)).first(),
        "letters_given_up": Letter.objects.filter(state=Letter.State.GIVEN_UP).count(),
        "steps": [] if all(step.done for step in steps) else steps,
    }


def shows_of(start: datetime) -> QuerySet[Show]:
    """Shows of the day that begins at `start`, and every show still on the air."""
    day = Q(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    return _shows().filter(day | Q(status=Show.Status.LIVE))


def first_steps() -> list[FirstStep]:
    return [
        FirstStep("desk-step-festa", reverse("admin:festas_festa_add"), Festa.objects.exists()),
        FirstStep("desk-step-shop", reverse("admin:shops_shop_add"), Shop.objects.exists()),
        FirstStep("desk-step-product", reverse("admin:shops_product_add"), Product.objects.exists()),
        FirstStep("desk-step-show", reverse("admin:festas_show_add"), Show.objects.exists()),
    ]


def _shows() -> QuerySet[Show]:
    paid = Count("orders", filter=Q(orders__status=Order.Status.PAID))
    turns = Prefetch("rundown", RundownSegment.objects.select_related("shop"))
    return Show.objects.select_related("district").prefetch_related(turns).annotate(paid_orders=paid)
