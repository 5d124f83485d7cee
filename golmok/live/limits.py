"""How often someone may write: token buckets, forgotten when they are full again."""

import math
import time
from collections import OrderedDict

from golmok.problems import Problem

KEPT = 20_000
"""Buckets remembered; at about 100 bytes each, 2 MB."""


class Limiter:
    """At most `burst` at once, refilled over `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst = burst
        self._per_second = burst / seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, units: int = 1) -> None:
        """Raises Problem 429 `too-fast` with Retry-After."""
        now = time.monotonic()
        level, since = self._buckets.pop(who, (float(self._burst), now))
        level = min(self._burst, level + (now - since) * self._per_second)
        enough = level >= units
        self._buckets[who] = (level - units if enough else level, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        if not enough:
            wait = math.ceil((units - level) / self._per_second)
            raise Problem(429, "too-fast", {"seconds": wait}, {"Retry-After": str(wait)})
