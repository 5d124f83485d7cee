"""Which process owns a show's room. Each change is one conditional write: two never both succeed."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from golmok.domain.core.models import RoomLease


def acquire(show_id: str, owner: str, seconds: int) -> bool:
    """Take the room for `seconds` if nobody holds it, or its lease ran out, or it is the owner's already."""
    now = timezone.now()
    free = RoomLease(show_id=show_id, owner="", expires_at=now)
    RoomLease.objects.bulk_create([free], ignore_conflicts=True)
    takeable = RoomLease.objects.filter(Q(owner=owner) | Q(expires_at__lte=now), show_id=show_id)
    return bool(takeable.update(owner=owner, expires_at=now + timedelta(seconds=seconds)))


def renew(show_id: str, owner: str, seconds: int) -> bool:
    """Hold on for `seconds` from now; False when the lease ran out or is another's: stop writing at once."""
    now = timezone.now()
    mine = RoomLease.objects.filter(show_id=show_id, owner=owner, expires_at__gt=now)
    return bool(mine.update(expires_at=now + timedelta(seconds=seconds)))


def release(show_id: str, owner: str) -> None:
    RoomLease.objects.filter(show_id=show_id, owner=owner).delete()
