"""How fast the till answers wishes to buy, measured from those that it answered."""

import math
import time

AT_ONCE_SECONDS = 0.5
"""As much work as this is before the writer at a time; what comes later would wait there without a number."""
FEWEST, MOST = 32, 2048
FIRST_GUESS = 1000.0
SMOOTH = 0.05
CROWD = 16
MARGIN = 1.2
STALLED_SECONDS = 1.0


class Pace:
    """Answers a second, by Little's law: who was the n-th in flight and had to wait t saw n answered in t."""

    def __init__(self, room: int | None = None) -> None:
        """`room` instead of what is measured."""
        self.rate = FIRST_GUESS
        self._room = room
        self._answered_at = time.monotonic()

    @property
    def room(self) -> int:
        """How many may be before the writer at a time."""
        return self._room or max(FEWEST, min(MOST, int(self.rate * AT_ONCE_SECONDS)))

    def answered(self, among: int, began: float) -> None:
        """One of `among` that were in flight when it came, at `began` (monotonic seconds)."""
        self._answered_at = now = time.monotonic()
        seen = among / max(now - began, 1e-4)
        # A few in flight do not keep the writer busy: it is at least that fast.
        if among >= CROWD or seen > self.rate:
            self.rate += (seen - self.rate) * SMOOTH

    def seconds(self, ahead: int) -> int:
        """Until so many are answered and one more; rather more than less, growing while nothing is."""
        stalled = time.monotonic() - self._answered_at
        return math.ceil((ahead + 1) / self.rate * MARGIN + (stalled if stalled > STALLED_SECONDS else 0))
