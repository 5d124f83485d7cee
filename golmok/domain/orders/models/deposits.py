"""Payment by bank transfer: what is awaited, and what came to the account."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from golmok.domain.core.labels import label
from golmok.domain.orders.models.sale import Checkout


class ExpectedDeposit(models.Model):
    """The transfer that a placed checkout waits for; the sum and until when are the checkout's."""

    class ReceiptType(models.TextChoices):
        """Who gets the cash receipt (현금영수증)."""

        PERSONAL = "personal", label("transfer-receipt-personal")
        BUSINESS = "business", label("transfer-receipt-business")
        SELF = "self", label("transfer-receipt-self")
        """Nobody asked for one and the law wants it all the same: issued to the tax office's own number."""
        NONE = "none", label("transfer-receipt-none")

    checkout = models.OneToOneField(
        Checkout, models.PROTECT, primary_key=True, related_name="expected_deposit"
    )
    depositor = models.CharField(label("transfer-depositor"), max_length=40)
    """Under which name the money will come, as the buyer typed it."""
    receipt_type = models.CharField(
        label("transfer-receipt"), max_length=10, choices=ReceiptType, default=ReceiptType.NONE
    )
    receipt_id = models.CharField(max_length=20, blank=True)
    """The phone or business number; masked once the receipt is issued or no money can be awaited."""
    receipt_issued_no = models.CharField(label("transfer-receipt-number"), max_length=20, blank=True)
    """The tax office's approval number of the receipt."""

    class Meta:
        verbose_name = label("transfer-expected")
        verbose_name_plural = label("transfer-expected-all")

    def __str__(self) -> str:
        return f"{self.depositor} {self.checkout_id}"


class Deposit(models.Model):
    """Money that came to the account. Never removed: it is an order's, set aside, or still to be assigned."""

    class Source(models.TextChoices):
        STATEMENT = "statement", label("transfer-source-statement")
        HAND = "hand", label("transfer-source-hand")

    at = models.DateTimeField(label("transfer-at"))
    """As the bank says. Midnight in Seoul: the bank said only the day."""
    amount = models.PositiveIntegerField(label("transfer-amount"))
    """Won."""
    depositor = models.CharField(label("transfer-depositor"), max_length=60)
    """As the bank prints it."""
    source = models.CharField(max_length=10, choices=Source, default=Source.STATEMENT)
    fingerprint = models.CharField(max_length=64, unique=True)
    """Of its line in a statement, so that a statement read twice adds nothing."""
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="deposits", null=True)
    assigned_at = models.DateTimeField(null=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, db_index=False
    )
    """None when it was matched by itself."""
    set_aside = models.CharField(max_length=200, blank=True)
    """Why it is for no order."""
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = label("transfer-deposit")
        verbose_name_plural = label("transfer-deposits")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="deposit_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(checkout__isnull=True) | models.Q(set_aside=""),
                name="deposit_assigned_or_set_aside",
            ),
        ]
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(checkout__isnull=True, set_aside=""),
                name="deposit_to_assign",
            )
        ]

    def __str__(self) -> str:
        return f"{self.depositor} {self.amount}"

    @property
    def reference(self) -> str:
        """Its name among payment events."""
        return f"deposit-{self.pk}"
