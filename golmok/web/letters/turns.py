"""Telling who left an address that their turn has come: one mail, tried once, since it is about minutes."""

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from golmok.domain.orders.letters.channels import NotNow, Undeliverable
from golmok.domain.orders.models import Checkout, Waiting
from golmok.web.letters.by_email import Email
from golmok.web.letters.contents import Contents, Speaker

MOST = 50
log = logging.getLogger(__name__)


def tell_turns(now: datetime) -> None:
    """Write to those who were served, and forget the address. Raises nothing for the sake of one mail."""
    channel = Email()
    try:
        for waiter in _untold()[:MOST]:
            is_mine = Waiting.objects.filter(pk=waiter.pk, told_at=None).update(told_at=now, email="")
            kept = waiter.served
            if is_mine and kept is not None and kept.status == Checkout.Status.OPEN and kept.expires_at > now:
                _send(channel, waiter, kept.expires_at - now)
    finally:
        channel.close()


def _untold() -> QuerySet[Waiting]:
    untold = Waiting.objects.filter(told_at=None, served__isnull=False).exclude(email="")
    return untold.select_related("served", "stock__variant__product").order_by("left_at")


def _send(channel: Email, waiter: Waiting, left: timedelta) -> None:
    try:
        channel.send(_contents(waiter, left), waiter.email, {})
    except (Undeliverable, NotNow) as failure:
        log.warning("a turn in the waiting list could not be told: %s", failure)


def _contents(waiter: Waiting, left: timedelta) -> Contents:
    """With the way to where what is kept is found again."""
    speaker = Speaker(waiter.language)
    product = speaker.of(waiter.stock.variant.product, "name")
    minutes = max(1, int(left.total_seconds() // 60))
    page = f"/shows/{waiter.show_id}/" if waiter.show_id else "/"
    return Contents(
        subject=speaker.say("waiting-mail-subject", product=product),
        lead=speaker.say("waiting-mail", product=product, minutes=minutes),
        sections=[],
        link=(speaker.say("waiting-mail-link"), speaker.address(page)),
        foot=[speaker.say("waiting-mail-device"), speaker.say("waiting-mail-foot"), *speaker.operator()],
        language=waiter.language,
    )
