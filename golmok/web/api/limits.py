"""How often one caller may write: fixed windows counted in the cache, per session and per address.

The address is allowed more: a market's wifi and a phone carrier's network put many people behind one.
A process counts for itself, so several web processes together let through as many times more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.cache import cache
from django.http import HttpRequest

from golmok.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")
Q = TypeVar("Q", bound=HttpRequest)
ADDRESS_FACTOR = 20


@dataclass(frozen=True)
class Limit:
    """At most `times` calls in `seconds` for a session, `ADDRESS_FACTOR` times that for an address."""

    name: str
    times: int
    seconds: int

    def count(self, request: HttpRequest, now: float) -> None:
        """Count this call. Raises Problem 429 `too-many-requests` when it is one too many."""
        session = request.session.session_key
        if session:
            self._count(f"session:{session}", self.times, now)
        self._count(f"address:{request.META.get('REMOTE_ADDR', '')}", self.times * ADDRESS_FACTOR, now)

    def count_of(self, name: str, now: float) -> None:
        """Count a call about `name`, whoever makes it. Raises Problem 429."""
        self._count(f"name:{name}", self.times, now)

    def _count(self, caller: str, times: int, now: float) -> None:
        window, elapsed = divmod(now, self.seconds)
        key = f"limit:{self.name}:{caller}:{window:.0f}"
        cache.add(key, 0, timeout=self.seconds)
        if _increase(key) > times:
            raise too_many_requests(int(self.seconds - elapsed) + 1)

    def __call__(self, view: Callable[Concatenate[Q, P], R]) -> Callable[Concatenate[Q, P], R]:
        """Decorate a view: its calls are counted before it runs."""

        @wraps(view)
        def limited(request: Q, /, *args: P.args, **kwargs: P.kwargs) -> R:
            self.count(request, time.time())
            return view(request, *args, **kwargs)

        return limited


def too_many_requests(seconds: int) -> Problem:
    """Come back in `seconds`."""
    return Problem(429, "too-many-requests", {"seconds": seconds}, {"Retry-After": str(seconds)})


def _increase(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between add and incr
        return 1
