from django.db import models
from django.utils import timezone

from golmok.domain.core.labels import label
from golmok.domain.orders.models.sale import Checkout, Order, PaymentEvent
from golmok.domain.shops.models import Shop


class Audience(models.TextChoices):
    BUYER = "buyer", label("mail-audience-buyer")
    SHOP = "shop", label("mail-audience-shop")


class Step(models.TextChoices):
    """What can become of an order that people are told of."""

    WAITING = "waiting", label("mail-step-waiting")
    """The buyer still has to send the money."""
    PAID = "paid", label("mail-step-paid")
    CANCELLED = "cancelled", label("mail-step-cancelled")
    REFUNDED = "refunded", label("mail-step-refunded")


class Letter(models.Model):
    """One message to a buyer about a checkout, or to a shop about orders. Its words are made when it goes.

    The address is not kept here: it is the order's or the shop's own at the time of sending.
    """

    class State(models.TextChoices):
        WAITING = "waiting", label("mail-state-waiting")
        SENT = "sent", label("mail-state-sent")
        GIVEN_UP = "given_up", label("mail-state-given-up")
        OUTDATED = "outdated", label("mail-state-outdated")
        """What it was to say was no longer so when its turn came."""

    audience = models.CharField(label("mail-audience"), max_length=10, choices=Audience)
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="letters", null=True)
    """Whose buyer is written to; None in a letter to a shop."""
    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="letters", null=True, verbose_name=label("desk-shop")
    )
    """Which shop is written to; None in a letter to a buyer."""
    channel = models.CharField(label("mail-channel"), max_length=10, default="email")
    language = models.CharField(max_length=2)
    state = models.CharField(label("desk-status"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(label("mail-attempts"), default=0)
    next_try_at = models.DateTimeField(label("mail-next-try-at"))
    """Not before; while somebody sends it, when another may believe that they died."""
    made_at = models.DateTimeField(label("mail-made-at"), default=timezone.now)
    sent_at = models.DateTimeField(label("mail-sent-at"), null=True)
    trouble = models.CharField(label("mail-trouble"), max_length=80, blank=True)
    """Why the last try failed, without anybody's address."""

    class Meta:
        verbose_name = label("mail-letter")
        verbose_name_plural = label("mail-letters")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="letter_to_send"),
            models.Index(fields=["shop", "-made_at"], name="letters_of_shop"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience="buyer", checkout__isnull=False, shop__isnull=True)
                | models.Q(audience="shop", checkout__isnull=True, shop__isnull=False),
                name="letter_has_one_reader",
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.pk}"


class News(models.Model):
    """One step of one order, told to one reader in one letter; never in two."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="news")
    order = models.ForeignKey(Order, models.PROTECT, related_name="news", verbose_name=label("desk-order"))
    audience = models.CharField(max_length=10, choices=Audience)
    step = models.CharField(label("mail-step"), max_length=10, choices=Step)
    refund = models.ForeignKey(PaymentEvent, models.PROTECT, related_name="news", null=True)
    """Each refund is a step of its own."""

    class Meta:
        verbose_name = label("mail-news")
        verbose_name_plural = label("mail-news")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "audience", "step"],
                condition=models.Q(refund=None),
                name="step_told_once",
            ),
            models.UniqueConstraint(
                fields=["refund", "order", "audience"],
                condition=models.Q(refund__isnull=False),
                name="refund_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.step}"
