"""Not all of a waiting list for one: open places for each internet address.

A turn that nobody takes keeps units from others for as long as a hold. As in `open_units` the limit grows
with the list, since many share an address, and it is counted in the memory of the process. Who was served, or
refused, is found out by asking, when it would be too many.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from golmok.domain.orders.gateways.rounds import InThread
from golmok.domain.orders.queries import Open, still_waiting
from golmok.problems import Problem
from golmok.web.till.line import network_of
from golmok.web.till.open_units import is_ours

SHARE = 5
"""A fifth of a list may be of one address, when that is more than the least."""
MOST_ADDRESSES = 20_000
"""With the list they wait in, remembered at a time."""
ASK_SECONDS = 5
"""Between two questions about who still waits behind one address."""


@dataclass(slots=True)
class Behind:
    """Who waits in one list behind one address, as far as is known."""

    most: int
    buyers: set[str] = field(default_factory=set)
    asked_at: float = 0.0
    """Monotonic seconds."""


class OpenPlaces:
    def __init__(self, least: int, in_thread: InThread) -> None:
        """`least`: places that every address may have in any list; 0 for no limit."""
        self._least = least
        self._in_thread = in_thread
        self._behind: OrderedDict[tuple[str, int], Behind] = OrderedDict()

    async def admit(self, address: str, buyer: str, variant: int) -> None:
        """Raises Problem 429 `many-wait-from-here` {most}; remembers who waits."""
        if not self._least or is_ours(address):
            return
        behind = self._behind.setdefault((network_of(address), variant), Behind(self._least))
        if buyer in behind.buyers:
            return
        if len(behind.buyers) >= behind.most:
            await self._ask(behind, variant)
        if len(behind.buyers) >= behind.most:
            raise Problem(429, "many-wait-from-here", {"most": behind.most}, {"Retry-After": "30"})
        behind.buyers.add(buyer)
        while len(self._behind) > MOST_ADDRESSES:
            self._behind.popitem(last=False)

    def forget(self, address: str, buyer: str, variant: int) -> None:
        """The buyer left the list."""
        behind = self._behind.get((network_of(address), variant))
        if behind is not None:
            behind.buyers.discard(buyer)

    async def _ask(self, behind: Behind, variant: int) -> None:
        now = time.monotonic()
        if behind.asked_at and now - behind.asked_at < ASK_SECONDS:
            return
        behind.asked_at = now
        known = frozenset(behind.buyers)
        found: Open = await self._in_thread(still_waiting, variant, known)
        behind.buyers -= known - found.buyers
        behind.most = max(self._least, found.all // SHARE)
