from django.db import models

from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.festas.models import Show
from golmok.domain.orders.models.sale import Checkout
from golmok.domain.orders.models.stock import Stock


class Waiting(models.Model):
    """Somebody who waits for units of a variant that is sold out, or all kept.

    The till alone adds and closes entries, under the lock of the stock row; open ones are counted in
    `Stock.waiting`. An entry is closed once: served with a checkout, or left without one.
    """

    id = models.UUIDField(primary_key=True, default=ordered_uuid, editable=False)
    stock = models.ForeignKey(Stock, models.CASCADE, related_name="waiters", db_index=False)
    show = models.ForeignKey(Show, models.SET_NULL, related_name="+", null=True, db_index=False)
    """Where it was asked for; its live price holds while that show is on the air."""
    number = models.PositiveIntegerField()
    """In the order of arrival at this variant."""
    buyer = models.CharField(max_length=64)
    quantity = models.PositiveSmallIntegerField()
    email = models.EmailField(blank=True)
    """Told there when the turn comes; forgotten when the entry is closed and told of."""
    language = models.CharField(max_length=2, default="ko")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    """When it stopped being open: served, or left."""
    served = models.ForeignKey(Checkout, models.PROTECT, related_name="served_waiters", null=True)
    """The checkout that keeps what was waited for."""
    told_at = models.DateTimeField(null=True)
    """When the mail about it went out."""

    class Meta:
        indexes = [
            models.Index(
                fields=["stock", "number"], condition=models.Q(left_at=None), name="waiting_in_order"
            ),
            models.Index(fields=["buyer"], condition=models.Q(left_at=None), name="waiting_of_buyer"),
            models.Index(
                fields=["left_at"],
                condition=models.Q(told_at=None, served__isnull=False) & ~models.Q(email=""),
                name="waiting_to_tell",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "buyer"], condition=models.Q(left_at=None), name="waits_once"
            ),
            models.UniqueConstraint(fields=["stock", "number"], name="place_given_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="waiting_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.quantity} x {self.stock_id}"
