from django.db import models
from django.utils import timezone


class OutboxFact(models.Model):
    """A fact for a show's room, written in the same transaction as the change it tells of.

    Rows are found by `told_at IS NULL`, never by "id greater than the last": two transactions may commit
    their ids out of order, and a reader that remembers only the last id would lose the smaller one.
    """

    show_id = models.CharField(max_length=32)
    kind = models.CharField(max_length=40)
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["show_id", "id"], condition=models.Q(told_at=None), name="outbox_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.show_id} {self.kind} #{self.pk}"


class RoomLease(models.Model):
    """Which process owns a show's room, and until when it may believe so."""

    show_id = models.CharField(max_length=32, primary_key=True)
    owner = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.show_id} -> {self.owner}"
