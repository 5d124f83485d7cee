"""Not all of a small show for one: units of a variant that are kept and not paid, for each internet address.

One person can have any number of guest sessions, but hardly any number of addresses. Markets and mobile
carriers put many people behind one, so the limit grows with what is on sale, and who pays or lets go makes
room at once. It is counted in the memory of the process: each further process allows as much again, and a
restart forgets.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from golmok.domain.orders.models import KEPT
from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Deliver, Outcome
from golmok.problems import Problem
from golmok.web.till.line import Put, network_of

SHARE = 5
"""A fifth of what is on sale may be kept for one address, when that is more than the least."""
MOST_BUYERS = 50_000
"""Remembered at a time, at some 300 bytes each."""


@dataclass(slots=True)
class Kept:
    """What a buyer keeps, of which variants, until when (monotonic seconds)."""

    address: str
    units: dict[int, int]
    until: float = 0.0


class OpenUnits:
    def __init__(self, least: int) -> None:
        """`least`: units that every address may keep of anything; 0 for no limit."""
        self._least = least
        self._buyers: dict[str, Kept] = {}
        self._at: dict[tuple[str, int], set[str]] = defaultdict(set)
        """Buyers who keep something, by address and variant."""
        self._on_sale: dict[int, int] = {}

    def admit(self, address: str, wish: Start) -> None:
        """Raises Problem 429 `many-from-here` {most}; remembers whose wish it is."""
        if not self._least or is_ours(address):
            return
        network = network_of(address)
        for line in wish.lines:
            self._refuse(network, wish.buyer, line)
        known = self._buyers.get(wish.buyer)
        if known is None or known.address != network:
            self._forget(wish.buyer)
            self._make_room()
            self._buyers[wish.buyer] = Kept(network, {})

    def watching(self, put: Put) -> Put:
        """The same way to the writer; what it says of checkouts is noted."""

        def watched(command: Command[Any], deliver: Deliver) -> None:
            put(command, partial(self._heard, deliver))

        return watched

    def _refuse(self, network: str, buyer: str, line: Line) -> None:
        variant = line.variant_id
        most = max(self._least, self._on_sale.get(variant, 0) // SHARE)
        now, others = time.monotonic(), 0
        for one in list(self._at.get((network, variant), ())):
            if self._buyers[one].until <= now:
                self._let_go(one)
            elif one != buyer:
                others += self._buyers[one].units.get(variant, 0)
        if others + line.quantity > most:
            raise Problem(429, "many-from-here", {"most": most}, {"Retry-After": "30"})

    def _heard(self, deliver: Deliver, outcome: Outcome) -> None:
        if isinstance(outcome, Receipt):
            self._note(outcome)
        deliver(outcome)

    def _note(self, shown: Receipt) -> None:
        buyer = shown.checkout.buyer
        known = self._buyers.get(buyer)
        if known is None:
            return
        self._let_go(buyer)
        known.until = time.monotonic() + (shown.checkout.expires_at - timezone.now()).total_seconds()
        for hold, variant in shown.lines:
            self._on_sale[variant.id] = variant.on_sale
            if hold.status in KEPT:
                known.units[variant.id] = hold.quantity
                self._at[known.address, variant.id].add(buyer)

    def _let_go(self, buyer: str) -> None:
        """It is kept for them no more, or counted anew."""
        known = self._buyers[buyer]
        for variant in known.units:
            at = self._at[known.address, variant]
            at.discard(buyer)
            if not at:
                del self._at[known.address, variant]
        known.units = {}

    def _forget(self, buyer: str) -> None:
        if buyer in self._buyers:
            self._let_go(buyer)
            del self._buyers[buyer]

    def _make_room(self) -> None:
        """Who came first is forgotten first."""
        while len(self._buyers) >= MOST_BUYERS:
            self._forget(next(iter(self._buyers)))


def is_ours(address: str) -> bool:
    """The machine itself, which may speak for many: a proxy that tells no addresses, a measurement."""
    return address.startswith("127.") or address in ("", "::1")
