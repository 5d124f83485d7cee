"""A guest who signs in takes along what they bought."""

from django.db import transaction

from golmok.domain.accounts.models import User
from golmok.domain.orders.models import CartLine, Checkout, Hold, Order


@transaction.atomic
def adopt_guest(guest: str, user: User) -> int:
    """Hand the guest's cart, holds and orders to the account; how many orders.

    Idempotency keys are random, so a guest's key never meets one of the account's.
    """
    buyer = f"user:{user.pk}"
    theirs = CartLine.objects.filter(buyer=buyer).values_list("variant_id", flat=True)
    CartLine.objects.filter(buyer=guest).exclude(variant__in=list(theirs)).update(buyer=buyer)
    CartLine.objects.filter(buyer=guest).delete()
    Checkout.objects.filter(buyer=guest).update(buyer=buyer)
    Hold.objects.filter(buyer=guest).update(buyer=buyer)
    return Order.objects.filter(buyer=guest).update(buyer=buyer, user=user)
