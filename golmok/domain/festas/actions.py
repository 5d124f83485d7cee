"""Running a show: on the air, off the air, what it sells, what is held up, whose picture is let in."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.core.outbox import tell
from golmok.domain.festas.models import IngestKey, Offer, Pin, Show
from golmok.domain.festas.queries import is_organiser, may_broadcast, may_sell
from golmok.domain.shops import actions as shops
from golmok.domain.shops.models import Product, Variant
from golmok.problems import Problem

KEY_LIFE_AFTER_SHOW = timedelta(hours=6)
OVER = (Show.Status.ENDED, Show.Status.CANCELLED)


@transaction.atomic
def go_on_air(show: Show, by: User) -> Show:
    """Put a scheduled show on the air; a live one stays so. 409 `show-finished` after its end."""
    row = _locked_for(show, by)
    if row.status in OVER:
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
def set_offer(
    show: Show,
    variant: Variant,
    price: int,
    per_buyer_cap: int | None = None,
    *,
    kind: str = Offer.Kind.HOLD,
    total_cap: int | None = None,
) -> Offer:
    """Sell `variant` in the show, at `price` (won) while it is on the air; the room hears what it costs now.

    409 `show-finished` once the show is over: what it sold is history. What is left under a new `total_cap`
    the till has to count and tell (`TellLeft`).
    """
    row = _locked_to_sell(show)
    terms = {"price": price, "per_buyer_cap": per_buyer_cap, "kind": kind, "total_cap": total_cap}
    offer, _ = Offer.objects.update_or_create(show=row, variant=variant, defaults=terms)
    tell(row.pk, "price", variant=variant.pk, price=offer.price_while(row))
    return offer


@transaction.atomic
def remove_offer(offer: Offer) -> None:
    """Sell it in the show no more; its room shows the regular price and nothing left. 409 `show-finished`."""
    row = _locked_to_sell(offer.show)
    gone = Offer.objects.select_related("variant__product").get(pk=offer.pk)
    gone.delete()
    tell(row.pk, "price", variant=gone.variant_id, price=gone.variant.price)
    tell(row.pk, "stock", variant=gone.variant_id, left=0, closed=True)
    product = gone.variant.product
    sold_on = row.offers.filter(variant__product=product).exists()
    if not sold_on and row.pins.filter(product=product, unpinned_at=None).exists():
        _close_pin(row)
        tell(row.pk, "unpin")


@transaction.atomic
def change_price(variant: Variant, price: int) -> None:
    """Change the regular price (won); rooms of shows that are not over hear what it costs there now."""
    shops.set_price(variant, price)
    offers = Offer.objects.filter(variant=variant).exclude(show__status__in=OVER)
    for offer in offers.select_related("show", "variant").order_by("pk"):
        tell(offer.show_id, "price", variant=variant.pk, price=offer.price_while(offer.show))


@transaction.atomic
def pin_product(show: Show, product: Product, by: User) -> None:
    """Hold `product` up in the show, in place of what was. 403 `not-your-product` for another shop's."""
    row = _locked_for(show, by)
    if not may_sell(by, row, product):
        raise Problem(403, "not-your-product")
    if row.status in OVER:
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


def ingest_key_outlived(show_id: str, key: str) -> bool:
    """Whether `key`, once one of the show's, has nothing to open any more because the show is over."""
    over = (Show.Status.ENDED, Show.Status.CANCELLED)
    keys = IngestKey.objects.filter(show_id=show_id, show__status__in=over)
    return keys.filter(digest=_digest(key)).exists()


def shows_to_change() -> QuerySet[Show]:
    """Shows, locked as they are read, but not their keys.

    A sale locks stock first and its show's key at COMMIT; it would wait in a ring for whoever locks a show
    whole and then its stock.
    """
    return Show.objects.select_for_update(no_key=True)


def _locked_for(show: Show, by: User) -> Show:
    """The show's row, locked, if `by` may run it."""
    if not may_broadcast(by, show):
        raise Problem(403, "not-yours")
    return shows_to_change().get(pk=show.pk)


def _locked_to_sell(show: Show) -> Show:
    """The show's row, locked, if what it sells may still change."""
    row = shows_to_change().get(pk=show.pk)
    if row.status in OVER:
        raise Problem(409, "show-finished")
    return row


def _close_pin(show: Show) -> int:
    return show.pins.filter(unpinned_at=None).update(unpinned_at=timezone.now())


def _tell_prices(show: Show) -> None:
    """Tell the price of every offer whose live price differs from the regular one."""
    for offer in show.offers.select_related("variant"):
        if offer.price != offer.variant.price:
            tell(show.pk, "price", variant=offer.variant_id, price=offer.price_while(show))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
