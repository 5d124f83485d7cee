"""A guest who signs in takes along what they bought."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.orders.models import KEPT, CartLine, Checkout, Hold, Order, Stock, Waiting
from golmok.domain.orders.till.loading import locked_stock


@transaction.atomic
def adopt_guest(guest: str, user: User) -> int:
    """Hand the guest's cart, holds, orders and places in waiting lists to the account; how many orders.

    Idempotency keys are random, so a guest's key never meets one of the account's.
    """
    buyer, checkouts = f"user:{user.pk}", _locked_checkouts(guest)
    theirs = CartLine.objects.filter(buyer=buyer).values_list("variant_id", flat=True)
    CartLine.objects.filter(buyer=guest).exclude(variant__in=list(theirs)).update(buyer=buyer)
    CartLine.objects.filter(buyer=guest).delete()
    Checkout.objects.filter(pk__in=checkouts).update(buyer=buyer)
    Hold.objects.filter(checkout__in=checkouts).update(buyer=buyer)
    _hand_over_places(guest, buyer)
    return Order.objects.filter(checkout__in=checkouts).update(buyer=buyer, user=user)


def _locked_checkouts(guest: str) -> list[UUID]:
    """All of the guest's, locked with the stock they keep in the order of the till, which changes both."""
    # Every checkout has holds, and those of a buyer are in an index; the checkouts are not.
    kept_once = Hold.objects.filter(buyer=guest).values("checkout")
    mine = Checkout.objects.select_for_update().filter(pk__in=kept_once).order_by("pk")
    checkouts = list(mine.values_list("pk", flat=True))
    kept = Hold.objects.filter(checkout__in=checkouts, status__in=KEPT)
    waited = Waiting.objects.filter(buyer=guest, left_at=None)
    locked_stock({*kept.values_list("stock_id", flat=True), *waited.values_list("stock_id", flat=True)})
    return checkouts


def _hand_over_places(guest: str, buyer: str) -> None:
    """Of two places in one list the better one stays. The stock is locked."""
    waiting = Waiting.objects.filter(left_at=None)
    places = waiting.filter(buyer__in=(guest, buyer)).order_by("stock_id", "number")
    seen: set[int] = set()
    for place in places:
        if place.stock_id in seen:
            Waiting.objects.filter(pk=place.pk).update(left_at=timezone.now())
            Stock.objects.filter(pk=place.stock_id).update(waiting=F("waiting") - 1)
        seen.add(place.stock_id)
    waiting.filter(buyer=guest).update(buyer=buyer)
