"""Running a show: on the air, off the air, what is held up, whose picture is let in."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.core.outbox import tell
from golmok.domain.festas.models import IngestKey, Pin, Show
from golmok.domain.festas.queries import is_organiser, may_broadcast
from golmok.domain.shops.models import Product
from golmok.problems import Problem

KEY_LIFE_AFTER_SHOW = timedelta(hours=6)


@transaction.atomic
def go_on_air(show: Show, by: User) -> Show:
    """Put a scheduled show on the air; a live one stays so. 409 `show-finished` after its end."""
    row = _locked_for(show, by)
    if row.status in (Show.Status.ENDED, Show.Status.CANCELLED):
        raise Problem(409, "show-finished")
    if row.status == Show.Status.SCHEDULED:
        row.status, row.started_at = Show.Status.LIVE, timezone.now()
        row.save(update_fields=["status", "started_at"])
        tell(row.pk, "show", phase=row.status)
        _tell_prices(row)
    return row


@transaction.atomic
def end_show(show: Show, by: User) -> Show:
    """End a live show for good; an ended one stays so. 409 `show-not-live` when it never was on the air."""
    row = _locked_for(show, by)
    if row.status == Show.Status.ENDED:
        return row
    if row.status != Show.Status.LIVE:
        raise Problem(409, "show-not-live")
    row.status, row.ended_at = Show.Status.ENDED, timezone.now()
    row.save(update_fields=["status", "ended_at"])
    if _close_pin(row):
        tell(row.pk, "unpin")
    _tell_prices(row)
    tell(row.pk, "show", phase=row.status)
    return row


@transaction.atomic
def cancel_show(show: Show, by: User) -> Show:
    """Call off a show that has not begun; a cancelled one stays so. 409 `show-begun` once it was on the air.

    Only the organiser may. To the show's room a cancelled show is over.
    """
    if not is_organiser(by):
        raise Problem(403, "not-yours")
    row = _locked_for(show, by)
    if row.status == Show.Status.CANCELLED:
        return row
    if row.status != Show.Status.SCHEDULED:
        raise Problem(409, "show-begun")
    row.status = Show.Status.CANCELLED
    row.save(update_fields=["status"])
    if _close_pin(row):
        tell(row.pk, "unpin")
    tell(row.pk, "show", phase=Show.Status.ENDED.value)
    return row


@transaction.atomic
def pin_product(show: Show, product: Product, by: User) -> None:
    """Hold `product` up in the show, in place of what was."""
    row = _locked_for(show, by)
    if row.status in (Show.Status.ENDED, Show.Status.CANCELLED):
        raise Problem(409, "show-finished")
    if not row.offers.filter(variant__product=product).exists():
        raise Problem(409, "product-not-in-show")
    if product.is_food and not product.origin.strip():
        raise Problem(409, "origin-missing")
    if row.pins.filter(product=product, unpinned_at=None).exists():
        return
    _close_pin(row)
    Pin.objects.create(show=row, product=product)
    tell(row.pk, "pin", product=product.pk)


@transaction.atomic
def unpin_product(show: Show, by: User) -> None:
    if _close_pin(_locked_for(show, by)):
        tell(show.pk, "unpin")


@transaction.atomic
def issue_ingest_key(show: Show, by: User) -> str:
    """A new key to send the show's picture with. It is told this once; only its digest is kept.

    Earlier keys of the show stop here: two devices never send one show at the same time.
    """
    row, key, now = _locked_for(show, by), secrets.token_urlsafe(32), timezone.now()
    row.ingest_keys.filter(expires_at__gt=now).update(expires_at=now)
    expires_at = max(row.ends_at, now) + KEY_LIFE_AFTER_SHOW
    IngestKey.objects.create(show=row, digest=_digest(key), issued_to=by, expires_at=expires_at)
    return key


def ingest_key_admits(show_id: str, key: str) -> bool:
    """Whether `key` may send picture to the show now."""
    open_states = (Show.Status.SCHEDULED, Show.Status.LIVE)
    keys = IngestKey.objects.filter(show_id=show_id, show__status__in=open_states)
    return keys.filter(digest=_digest(key), expires_at__gt=timezone.now()).exists()


def _locked_for(show: Show, by: User) -> Show:
    """The show's row, locked, if `by` may run it."""
    if not may_broadcast(by, show):
        raise Problem(403, "not-yours")
    return Show.objects.select_for_update().get(pk=show.pk)


def _close_pin(show: Show) -> int:
    return show.pins.filter(unpinned_at=None).update(unpinned_at=timezone.now())


def _tell_prices(show: Show) -> None:
    """Tell the price of every offer whose live price differs from the regular one."""
    for offer in show.offers.select_related("variant"):
        if offer.price != offer.variant.price:
            tell(show.pk, "price", variant=offer.variant_id, price=offer.price_while(show))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
