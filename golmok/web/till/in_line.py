"""The line over HTTP: a place is a 202 with its number, and `GET /checkouts/line` fetches what came of it."""

from collections.abc import Callable
from functools import partial

from golmok.domain.orders.till.receipt import Look, Receipt
from golmok.domain.orders.till.start import Start
from golmok.live.limits import Limiter
from golmok.problems import Problem
from golmok.web.till.asked import Answer, Asked
from golmok.web.till.line import Place, Put, WaitingLine
from golmok.web.till.outcomes import answer_to

WHERE = "line"
Reply = Callable[[Answer], None]


class LineCounter:
    """Where starts go, and where those who wait ask."""

    def __init__(self, line: WaitingLine, put: Put) -> None:
        self._line = line
        self._put = put
        self._asks = Limiter(120, 60)

    def start(self, asked: Asked, wish: Start, reply: Reply) -> None:
        """Raises Problem."""
        answer = partial(answer_to, status=201, language=asked.language)
        place = self._line.take(wish, asked.address, lambda outcome: reply(answer(outcome)))
        if place is not None:
            self._tell(place, asked, 201, reply)

    def handle(self, asked: Asked, reply: Reply) -> None:
        """The address `WHERE`. Raises Problem."""
        if asked.method not in ("GET", "DELETE"):
            raise Problem(405, "not-this-way", headers={"Allow": "GET, DELETE"})
        buyer = asked.buyer().buyer
        self._asks.take(buyer)
        place = self._line.place_of(buyer)
        if place is None:
            raise Problem(404, "not-in-line")
        if asked.method == "GET":
            self._tell(place, asked, 200, reply)
        else:
            self._line.leave(place)
            reply(Answer(200, b"{}"))

    def _tell(self, place: Place, asked: Asked, status: int, reply: Reply) -> None:
        """Where it stands, or what came of it; who was told before hears how it is now."""
        outcome = place.outcome
        if outcome is None:
            reply(self._standing(place))
        elif place.was_told and isinstance(outcome, Receipt):
            answer = partial(answer_to, status=status, language=asked.language)
            self._put(Look(place.wish.buyer, outcome.checkout.id), lambda now: reply(answer(now)))
        else:
            place.was_told = True
            reply(answer_to(outcome, status, asked.language))

    def _standing(self, place: Place) -> Answer:
        now = self._line.estimate(place)
        body = b'{"place":%d,"ahead":%d,"seconds":%d,"ask_again":%d}' % (
            place.number,
            now.ahead,
            now.seconds,
            now.ask_again,
        )
        return Answer(202, body, more=[(b"retry-after", b"%d" % now.ask_again)])
