"""Facts for a show's room, written in the same transaction as the change they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from golmok.domain.core.models import OutboxFact
from golmok.domain.core.wakeup import wake_on_commit


@dataclass(frozen=True)
class Fact:
    """An event of a room (`kind`, `fields`: see docs/reference/events.md) that the room has not told yet."""

    id: int
    kind: str
    fields: dict[str, object]
    at: datetime


def tell(show_id: str, kind: str, **fields: object) -> None:
    """Tell the room of `show_id`; it hears of it if and when the caller's transaction commits."""
    if not connection.in_atomic_block:
        raise RuntimeError("a fact is told in the transaction of the change it tells of")
    OutboxFact.objects.create(show_id=show_id, kind=kind, fields=fields)
    wake_on_commit(show_id)


def untold(show_id: str) -> list[Fact]:
    """Facts that `mark_told` has not seen, whatever their ids: a smaller id may be committed later."""
    rows = OutboxFact.objects.filter(show_id=show_id, told_at=None).order_by("id")
    return [Fact(row.pk, row.kind, row.fields, row.created_at) for row in rows]


def mark_told(ids: Sequence[int]) -> None:
    OutboxFact.objects.filter(pk__in=ids).update(told_at=timezone.now())


def shows_with_untold() -> list[str]:
    """Shows whose rooms have something to read: what polling asks."""
    waiting = OutboxFact.objects.filter(told_at=None).order_by("show_id")
    return list(waiting.values_list("show_id", flat=True).distinct())
