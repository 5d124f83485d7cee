from django.db import models
from django.utils import timezone

from golmok.domain.core.labels import label
from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.orders.models.sale import Checkout, Order


class Refund(models.Model):
    """Money that a gateway is asked to give back. What truly went back is told by payment events."""

    class Status(models.TextChoices):
        ASKED = "asked", label("orders-refund-asked")
        """To be asked for, or asked for and not told of yet."""
        DONE = "done", label("orders-refund-done")
        """Nothing of it is owed any more."""
        REFUSED = "refused", label("orders-refund-refused")
        """The gateway will not do it: somebody must give it back another way."""

    id = models.UUIDField(primary_key=True, default=ordered_uuid, editable=False)
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="asked_refunds")
    order = models.ForeignKey(Order, models.PROTECT, related_name="asked_refunds", null=True)
    """The cancelled order; None for what was paid beyond all orders."""
    gateway = models.CharField(max_length=20)
    payment = models.CharField(max_length=200)
    """`PaymentEvent.reference` of the approval it is taken from."""
    amount = models.PositiveIntegerField(label("orders-refund-amount"))
    """Won."""
    status = models.CharField(label("desk-status"), max_length=10, choices=Status, default=Status.ASKED)
    round = models.PositiveSmallIntegerField(default=1)
    """One more each time the gateway certainly said "not now": part of the idempotency key."""
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    """Until when one process may believe that it alone is at it."""
    refused_as = models.CharField(label("orders-refund-refused-as"), max_length=80, blank=True)
    """The gateway's own code."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(status="asked"), name="refund_to_ask"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive")
        ]

    def __str__(self) -> str:
        return f"{self.checkout_id} {self.amount} {self.status}"

    @property
    def key(self) -> str:
        """The gateway's idempotency key."""
        return f"refund-{self.id.hex}-{self.round}"
