"""Orders that this browser found by number and phone: open to it as to their buyer, for a day."""

import time
from uuid import UUID

from django.http import HttpRequest

FOUND = "found_orders"
GOOD_FOR = 24 * 60 * 60
"""Seconds. Who wants to look later finds it again; a borrowed computer forgets."""
MOST = 20


def found_by(request: HttpRequest) -> frozenset[UUID]:
    """Checkouts whose orders were found and not yet forgotten."""
    return frozenset(UUID(checkout) for checkout in _kept(request))


def remember(request: HttpRequest, checkout: UUID) -> None:
    """All orders of the checkout: they were paid together and carry the same phone."""
    kept = _kept(request) | {checkout.hex: int(time.time()) + GOOD_FOR}
    request.session[FOUND] = dict(list(kept.items())[-MOST:])


def _kept(request: HttpRequest) -> dict[str, int]:
    """By checkout, until when (seconds since 1970)."""
    kept: dict[str, int] = request.session.get(FOUND, {})
    return {checkout: until for checkout, until in kept.items() if until > time.time()}
