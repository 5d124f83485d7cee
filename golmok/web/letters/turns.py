"""Telling who left an address that their turn has come: one mail, tried once, since it is about minutes."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet

from golmok.configuration import CONFIGURATION
from golmok.domain.core.bilingual import in_language
from golmok.domain.orders.models import Checkout, Waiting
from golmok.messages import text

MOST = 50
log = logging.getLogger(__name__)


def tell_turns(now: datetime) -> None:
    """Write to those who were served, and forget the address. Raises nothing for the sake of one mail."""
    for waiter in _untold()[:MOST]:
        is_mine = Waiting.objects.filter(pk=waiter.pk, told_at=None).update(told_at=now, email="")
        if is_mine and _still_kept(waiter, now):
            _send(waiter, now)


def _untold() -> QuerySet[Waiting]:
    untold = Waiting.objects.filter(told_at=None, served__isnull=False).exclude(email="")
    return untold.select_related("served", "stock__variant__product").order_by("left_at")


def _still_kept(waiter: Waiting, now: datetime) -> bool:
    kept = waiter.served
    return kept is not None and kept.status == Checkout.Status.OPEN and kept.expires_at > now


def _send(waiter: Waiting, now: datetime) -> None:
    language, kept = waiter.language, waiter.served
    if kept is None:
        return
    minutes = max(1, int((kept.expires_at - now).total_seconds() // 60))
    product = in_language(waiter.stock.variant.product, "name", language)
    words = text("waiting-mail", language, product=product, minutes=minutes, address=_address(waiter))
    subject = text("waiting-mail-subject", language, product=product)
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    try:
        EmailMessage(subject, words, settings.DEFAULT_FROM_EMAIL, [waiter.email], headers=headers).send()
    except (OSError, SMTPException, ValueError) as failure:
        # The words of a reply often repeat the address; its kind does not.
        log.warning("a turn in the waiting list could not be told: %s", type(failure).__name__)


def _address(waiter: Waiting) -> str:
    """Where what is kept is found again, in the buyer's language."""
    start = "/en" if waiter.language == "en" else ""
    page = f"/shows/{waiter.show_id}/" if waiter.show_id else "/"
    return f"{CONFIGURATION.public_url.rstrip('/')}{start}{page}"
