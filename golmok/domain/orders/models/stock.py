from django.db import models
from django.utils import timezone

from golmok.domain.core.labels import label
from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.festas.models import Show
from golmok.domain.shops.models import Variant


class Stock(models.Model):
    """Units of a variant: all that were put on sale, of them kept for buyers, of them sold.

    What is left is ``total - held - sold``; the database refuses a row where that is negative.
    """

    variant = models.OneToOneField(
        Variant, models.PROTECT, primary_key=True, verbose_name=label("desk-variant")
    )
    total = models.PositiveIntegerField(label("desk-stock-total"))
    held = models.PositiveIntegerField(label("desk-stock-held"), default=0, editable=False)
    sold = models.PositiveIntegerField(label("desk-stock-sold"), default=0, editable=False)
    is_closed = models.BooleanField(label("desk-stock-closed"), default=False)
    """The merchant said "sold out": nothing more is taken, whatever the numbers say."""
    waiting = models.PositiveIntegerField(default=0, editable=False)
    """Open entries in its waiting list; who takes units looks at the list only when there are some."""
    last_place = models.PositiveIntegerField(default=0, editable=False)
    """The number that was given last in its waiting list."""

    class Meta:
        verbose_name = label("desk-stock")
        verbose_name_plural = label("desk-stocks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total__gte=models.F("held") + models.F("sold")),
                name="stock_never_oversold",
            ),
        ]
        indexes = [
            models.Index(fields=["variant"], condition=models.Q(waiting__gt=0), name="stock_waited_for"),
        ]

    def __str__(self) -> str:
        return f"{self.variant}: {self.left}"

    @property
    def left(self) -> int:
        """Units the next buyer may take; expired holds are given back by the taking itself."""
        return 0 if self.is_closed else self.total - self.held - self.sold


class CapCount(models.Model):
    """Units of a variant that are taken at the live price of a show whose offer has a total cap.

    Made and kept by the till alone, under the lock of the stock row.
    """

    id = models.UUIDField(primary_key=True, default=ordered_uuid, editable=False)
    stock = models.ForeignKey(Stock, models.CASCADE, related_name="cap_counts", db_index=False)
    show = models.ForeignKey(Show, models.CASCADE, related_name="+", db_index=False)
    units = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stock", "show"], name="cap_counted_once")]

    def __str__(self) -> str:
        return f"{self.units} x {self.stock_id} in {self.show_id}"


class CartLine(models.Model):
    """What somebody means to buy. Nothing is kept for them: that begins with the checkout."""

    buyer = models.CharField(max_length=64)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="cart_lines")
    show = models.ForeignKey(Show, models.SET_NULL, related_name="+", null=True)
    """Where it was put in; its live price holds while that show is on the air."""
    quantity = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "variant"], name="cart_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="cart_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"
