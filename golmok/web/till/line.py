"""The line in front of the till: above what the writer answers at once, a wish to buy gets a numbered place.

The wish itself stands in the line and reaches the writer when its turn comes, in order of arrival; its
outcome is kept for the buyer to fetch. So nobody has to be quick to come back, and who reloads or opens a
second tab finds the same place. The line is in the memory of the process: a restart loses it, and the page
asks again.
"""

import asyncio
import time
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network
from operator import attrgetter

from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.give_back import GiveUp
from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.orders.till.start import Start
from golmok.domain.orders.till.writer import Outcome
from golmok.problems import Problem
from golmok.web.till.pace import Pace

MOST_PLACES = 100_000
"""Waiting at most, and as many outcomes kept; a place takes about half a kilobyte."""
AGAIN_SECONDS = 1.0
"""Until the writer is tried again when the database did not answer."""
ASK_SECONDS = 4
"""Who waits long looks at least so often, unless there are very many."""
ASKS_PER_SECOND = 2000
"""Of all who wait together."""

Deliver = Callable[[Outcome], None]
Put = Callable[[Command[Receipt], Deliver], None]
number_of = attrgetter("number")


@dataclass(slots=True, eq=False)
class Place:
    """One buyer's."""

    number: int
    """Counts up as long as the process lives; nobody else ever gets the same."""
    address: str
    wish: Start
    """The newest; it takes the turn of those before."""
    asked: Start | None = None
    """What the writer is deciding."""
    outcome: Receipt | Problem | None = None
    settled_at: float = 0.0
    """Monotonic seconds."""
    was_told: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    ahead: int
    """How many are answered before."""
    seconds: int
    """Rather more than less."""
    ask_again: int
    """Seconds after which to look again."""


class WaitingLine:
    """Everything happens in one event loop; `put` has the writer decide and delivers its word there."""

    def __init__(
        self,
        put: Put,
        *,
        per_address: int,
        keep_seconds: float,
        most_places: int = MOST_PLACES,
        room: int | None = None,
    ) -> None:
        """`room`: how many wishes are before the writer at a time; measured when None."""
        self._put = put
        self._pace = Pace(room)
        self._per_address = per_address
        self._keep_seconds = keep_seconds
        self._most = most_places
        self._in_flight = 0
        self._given = 0
        self._places: dict[str, Place] = {}
        """By buyer: standing, before the writer, or settled."""
        self._standing: list[Place] = []
        """In order of their numbers."""
        self._settled: deque[Place] = deque()
        self._at: Counter[str] = Counter()
        self._is_paused = self._is_feeding = False

    def take(self, wish: Start, address: str, deliver: Deliver) -> Place | None:
        """The buyer's place; None when nobody waits and the writer has it already, which answers `deliver`.

        Raises Problem 429 `line-crowded`, 503 `till-busy`.
        """
        place = self._places.get(wish.buyer)
        if place is not None and (place.outcome is None or (place.wish == wish and not place.was_told)):
            place.wish = wish
            return place
        if not self._standing and self._in_flight < self._pace.room:
            self._send(wish, deliver)
            return None
        return self._stand(wish, network_of(address))

    def place_of(self, buyer: str) -> Place | None:
        return self._places.get(buyer)

    def estimate(self, place: Place) -> Estimate:
        ahead = self._in_flight
        if place.asked is None:
            ahead += bisect_left(self._standing, place.number, key=number_of)
        seconds = self._pace.seconds(ahead)
        longest = max(ASK_SECONDS, len(self._standing) // ASKS_PER_SECOND)
        return Estimate(ahead, seconds, min(seconds, longest))

    def leave(self, place: Place) -> None:
        """Nothing is taken for the buyer any more; what was, and nobody saw, is given back."""
        del self._places[place.wish.buyer]
        place.has_left = True
        if place.outcome is not None:
            if not place.was_told:
                self._give_back(place, place.outcome)
            return
        self._at[place.address] -= 1
        if place.asked is None:
            del self._standing[bisect_left(self._standing, place.number, key=number_of)]

    def _stand(self, wish: Start, address: str) -> Place:
        if len(self._standing) >= self._most:
            raise Problem(503, "till-busy", headers={"Retry-After": "5"})
        if self._at[address] >= self._per_address:
            raise Problem(429, "line-crowded", {"most": self._per_address}, {"Retry-After": "5"})
        self._given += 1
        place = Place(self._given, address, wish)
        self._at[address] += 1
        self._places[wish.buyer] = place
        self._standing.append(place)
        return place

    def _send(self, wish: Start, deliver: Deliver) -> None:
        self._in_flight += 1
        self._put(wish, partial(self._answered, deliver, self._in_flight, time.monotonic()))

    def _answered(self, deliver: Deliver, among: int, began: float, outcome: Outcome) -> None:
        self._in_flight -= 1
        if not _is_busy(outcome):
            self._pace.answered(among, began)
        try:
            deliver(outcome)
        finally:
            self._go_on()

    def _go_on(self) -> None:
        """Once for the whole batch that is being delivered."""
        if self._standing and not (self._is_feeding or self._is_paused):
            self._is_feeding = True
            asyncio.get_running_loop().call_soon(self._feed)

    def _feed(self) -> None:
        """The next in the line to the writer, as many as it has room for."""
        self._is_feeding = False
        free = 0 if self._is_paused else max(0, self._pace.room - self._in_flight)
        turn, self._standing[:free] = self._standing[:free], []
        for place in turn:
            place.asked = place.wish
            self._send(place.wish, partial(self._settle, place))

    def _settle(self, place: Place, outcome: Outcome) -> None:
        asked, place.asked = place.asked, None
        if place.has_left:
            self._give_back(place, outcome)
        elif _is_busy(outcome):
            insort(self._standing, place, key=number_of)
            self._pause()
        elif asked != place.wish:
            insort(self._standing, place, key=number_of)
        else:
            self._keep(place, outcome)

    def _keep(self, place: Place, outcome: Outcome) -> None:
        place.outcome = _lasting(outcome)
        place.settled_at = now = time.monotonic()
        self._at[place.address] -= 1
        if not self._at[place.address]:
            del self._at[place.address]
        self._settled.append(place)
        while self._settled[0].settled_at < now - self._keep_seconds or len(self._settled) > self._most:
            old = self._settled.popleft()
            if self._places.get(old.wish.buyer) is old:
                del self._places[old.wish.buyer]

    def _give_back(self, place: Place, outcome: Outcome) -> None:
        if isinstance(outcome, Receipt):
            self._put(GiveUp(place.wish.buyer, outcome.checkout.id), _nobody)

    def _pause(self) -> None:
        if not self._is_paused:
            self._is_paused = True
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._resume)

    def _resume(self) -> None:
        self._is_paused = False
        self._feed()


@lru_cache(20_000)
def network_of(address: str) -> str:
    """Whom an address stands for: itself, or the /64 network that one IPv6 customer has to choose from."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _is_busy(outcome: Outcome) -> bool:
    return isinstance(outcome, Problem) and outcome.status == 503


def _lasting(outcome: Outcome) -> Receipt | Problem:
    """Without the frames in which it was raised, which hold a whole batch."""
    if isinstance(outcome, Receipt):
        return outcome
    refusal = outcome if isinstance(outcome, Problem) else Problem(500, "our-fault")
    refusal.__cause__ = refusal.__context__ = None
    return refusal.with_traceback(None)


def _nobody(_outcome: Outcome) -> None:
    """Nobody waits for this word."""
