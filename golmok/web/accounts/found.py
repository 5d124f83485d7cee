"""Orders that this browser found by number and phone: open to it as to their buyer, for a day."""

import time

from django.http import HttpRequest

FOUND = "found_orders"
GOOD_FOR = 24 * 60 * 60
"""Seconds. Who wants to look later finds it again; a borrowed computer forgets."""
MOST = 20


def found_by(request: HttpRequest) -> frozenset[str]:
    """Numbers that were found and are not yet forgotten."""
    return frozenset(_kept(request))


def remember(request: HttpRequest, number: str) -> None:
    """This order alone: its shop knows number and phone too, and the others are none of its business."""
    kept = _kept(request) | {number: int(time.time()) + GOOD_FOR}
    request.session[FOUND] = dict(list(kept.items())[-MOST:])


def _kept(request: HttpRequest) -> dict[str, int]:
    """By number, until when (seconds since 1970)."""
    kept: dict[str, int] = request.session.get(FOUND, {})
    return {number: until for number, until in kept.items() if until > time.time()}
