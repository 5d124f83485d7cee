"""A guest who signs in takes along what they bought."""

from django.db import transaction

from golmok.domain.accounts.models import User
from golmok.domain.orders.models import Hold, Order


@transaction.atomic
def adopt_guest(guest: str, user: User) -> int:
    """Hand the guest's holds and orders to the account; how many orders.

    Idempotency keys are random, so a guest's key never meets one of the account's.
    """
    buyer = f"user:{user.pk}"
    Hold.objects.filter(buyer=guest).update(buyer=buyer)
    return Order.objects.filter(buyer=guest).update(buyer=buyer, user=user)
