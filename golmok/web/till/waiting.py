"""The waiting lists over HTTP: take a place, see it, leave it.

Beside the writer like the till, since a drop that is sold out sends everybody here; the answer is read after
the COMMIT.
"""

import logging

import orjson
from django.utils import timezone
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from golmok.bodies import read_body
from golmok.configuration import CONFIGURATION
from golmok.domain.orders.gateways.rounds import InThread
from golmok.domain.orders.queries import open_checkout, places_of
from golmok.domain.orders.till.start import Line
from golmok.domain.orders.till.waiting import Join, Leave
from golmok.domain.orders.till.writer import Writer
from golmok.live.limits import Limiter
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.web.forms import said
from golmok.web.till.asked import MOST_BYTES, Answer, Asked, refusal
from golmok.web.till.open_places import OpenPlaces
from golmok.web.till.presenting import Json, checkout_out, place_out
from golmok.web.till.shapes import WaitIn

PATH = "/api/v1/waiting"
METHODS = {"": ("GET",), "variant": ("PUT", "DELETE")}
LARGEST_KEY = 2**62

log = logging.getLogger(__name__)


class WaitingLists:
    """Everything under `PATH`."""

    def __init__(self, writer: Writer, in_thread: InThread) -> None:
        self._writer = writer
        self._in_thread = in_thread
        self._open_places = OpenPlaces(CONFIGURATION.waiting_per_address, in_thread)
        self._writes = Limiter(30, 60)
        self._looks = Limiter(60, 60)

    @property
    def routes(self) -> list[Route]:
        return [Route(PATH, self, methods=None), Route(PATH + "/{variant:int}", self, methods=None)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._answer(request)
        headers = {name.decode(): value.decode() for name, value in answer.headers}
        await Response(answer.body, answer.status, headers)(scope, receive, send)

    async def _answer(self, request: Request) -> Answer:
        language = preferred_language(request.headers.get("accept-language", ""))
        try:
            return Answer(200, orjson.dumps(await self._done(request)))
        except Problem as problem:
            return refusal(problem, language)
        except Exception:
            log.exception("unhandled at the waiting lists")
            return refusal(Problem(500, "our-fault"), language)

    async def _done(self, request: Request) -> Json:
        variant = request.path_params.get("variant")
        allowed = METHODS["" if variant is None else "variant"]
        if request.method not in allowed:
            raise Problem(405, "not-this-way", headers={"Allow": ", ".join(allowed)})
        asked = await _asked(request)
        buyer = asked.buyer().buyer
        (self._looks if variant is None else self._writes).take(buyer)
        if variant is not None:
            await self._decided(asked, buyer, variant)
        shown: Json = await self._in_thread(standing, buyer, asked.language)
        return shown

    async def _decided(self, asked: Asked, buyer: str, variant: int) -> None:
        command = _command(asked, buyer, variant)
        if isinstance(command, Join):
            await self._open_places.admit(asked.address, buyer, variant)
        try:
            await self._writer.ask(command)
        except Problem as refused:
            raise said(refused, asked.language) from refused
        if isinstance(command, Leave):
            self._open_places.forget(asked.address, buyer, variant)


def standing(buyer: str, language: str) -> Json:
    """As `shapes.WaitingOut`."""
    now, kept = timezone.now(), open_checkout(buyer)
    return {
        "waiting": [place_out(place) for place in places_of(buyer)],
        "checkout": checkout_out(kept, now, language) if kept else None,
    }


def _command(asked: Asked, buyer: str, variant: int) -> Join | Leave:
    if variant > LARGEST_KEY:
        raise Problem(404, "not-here")
    if asked.method == "DELETE":
        return Leave(buyer, variant)
    form = asked.form(WaitIn)
    return Join(buyer, Line(variant, form.quantity, form.show), form.email, asked.language)


async def _asked(request: Request) -> Asked:
    body = await read_body(request, MOST_BYTES)
    address = request.client.host if request.client else ""
    return Asked(request.method, "", dict(request.scope["headers"]), address, body)
