"""What comes back from a payment window, and what gateways call to say: beside the writer, in the event loop.

Neither is believed. Both make us ask the gateway (docs/decisions/0045).
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
from django.utils import timezone
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from golmok.answers import answering
from golmok.bodies import read_body
from golmok.domain.orders.gateways.asking import ask_gateway
from golmok.domain.orders.gateways.due import due_of
from golmok.domain.orders.gateways.gateway import Gateway, Refused, Unreachable
from golmok.domain.orders.gateways.rounds import InThread
from golmok.domain.orders.letters.writing import announce_transfer
from golmok.domain.orders.models import Checkout
from golmok.domain.orders.till.pay import TEST_GATEWAY
from golmok.domain.orders.till.receipt import Look, Receipt
from golmok.domain.orders.till.reserve import LetGo, Reserve, Reserved
from golmok.domain.orders.till.writer import Writer
from golmok.live.limits import Limiter
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.signing import bearer
from golmok.web.letters.by_email import mail_is_set_up
from golmok.web.till.asked import ALWAYS, PATH
from golmok.web.till.asking import Asking
from golmok.web.till.line import network_of
from golmok.web.till.passes import check
from golmok.web.till.presenting import checkout_out

GATEWAYS = "/api/v1/payments"
RETURN = re.compile(re.escape(PATH) + r"/([^/]+)/payments/([^/]+)")
WEBHOOK = re.compile(re.escape(GATEWAYS) + r"/([^/]+)/webhook")
MOST_RETURNED, MOST_TOLD = 8 * 1024, 64 * 1024

log = logging.getLogger(__name__)


def serves(path: str) -> bool:
    """Returns from a window of an outside gateway, and webhooks."""
    if path.startswith(GATEWAYS + "/"):
        return True
    return RETURN.fullmatch(path) is not None and not path.endswith("/" + TEST_GATEWAY)


class Payments:
    """An ASGI application for what `serves` names."""

    def __init__(self, writer: Writer, gateways: Mapping[str, Gateway], in_thread: InThread) -> None:
        self._writer, self._gateways, self._in_thread = writer, gateways, in_thread
        self._returns = Limiter(30, 60)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._heard = Limiter(1200, 60)
        """Messages, by network: of a gateway all come from one."""
        self._asking = Asking(writer.ask, in_thread)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = answering(self._returned if RETURN.fullmatch(scope["path"]) else self._webhook)
        await (await answer(Request(scope, receive)))(scope, receive, send)

    async def stop(self) -> None:
        self._asking.stop()

    async def _returned(self, request: Request) -> Response:
        """The buyer is back, with what the window gave them or only to look again."""
        key, name = _parts(RETURN, request)
        checkout = _checkout(key)
        who = check(bearer(request.headers.get("authorization", "")), checkout)
        self._returns.take(who.buyer)
        gateway = self._gateway(name)
        brought = _brought(await read_body(request, MOST_RETURNED))
        language = preferred_language(request.headers.get("accept-language", ""))
        async with self._locks.setdefault(checkout, asyncio.Lock()):
            shown = await self._writer.ask(Look(who.buyer, checkout))
            if shown.checkout.placed_at is None:
                raise Problem(409, "nothing-to-pay")
            if shown.checkout.gateway != gateway.name:
                raise Problem(404, "not-here")
            if shown.checkout.status != Checkout.Status.PAID:
                shown = await self._settle(gateway, shown, brought)
        return _answer(await self._with_deposit(gateway, shown, language))

    async def _webhook(self, request: Request) -> Response:
        """Answered before anything is asked: gateways give up after seconds."""
        (name,) = _parts(WEBHOOK, request)
        gateway = self._gateway(name)
        self._heard.take(network_of(request.client.host if request.client else ""))
        body = await read_body(request, MOST_TOLD)
        checkout = gateway.heard(dict(request.headers), body)
        if checkout is not None and not self._asking.wake(gateway, checkout):
            raise Problem(503, "till-busy", headers={"Retry-After": "30"})
        return _answer({})

    async def _settle(self, gateway: Gateway, shown: Receipt, brought: Mapping[str, str]) -> Receipt:
        """The checkout as the gateway's word left it. Raises Problem when no money came."""
        tried = await self._take(gateway, shown, brought) if brought else Tried()
        checkout = shown.checkout.id
        try:
            await ask_gateway(gateway, checkout, self._writer.ask)
        except Unreachable as lost:
            log.warning("%s about %s: %s", gateway.name, checkout, lost)
            self._asking.wake(gateway, checkout)
            raise _unclear() from lost
        if tried.in_vain is not None:
            await self._writer.ask(LetGo(checkout, tried.in_vain.before, tried.in_vain.until))
        # Asked also when nothing new was told: it may have been settled meanwhile.
        settled = await self._writer.ask(Look(shown.checkout.buyer, checkout))
        if tried.refusal is not None and settled.paid == 0:
            raise tried.refusal
        return settled

    async def _take(self, gateway: Gateway, shown: Receipt, brought: Mapping[str, str]) -> "Tried":
        """Has the gateway take the money if the goods are there."""
        try:
            kept = await self._writer.ask(Reserve(shown.checkout.buyer, shown.checkout.id))
        except Problem as problem:
            return Tried(problem)
        try:
            await gateway.confirm(due_of(kept), brought)
        except Refused as no:
            log.info("%s refused %s: %s", gateway.name, shown.checkout.id, no.code)
            return Tried(_refused(no), kept)
        except Unreachable as lost:
            log.warning("%s about %s: %s", gateway.name, shown.checkout.id, lost)
            return Tried(_unclear())
        return Tried()

    async def _with_deposit(self, gateway: Gateway, shown: Receipt, language: str) -> dict[str, Any]:
        out = checkout_out(shown, timezone.now(), language)
        if out["payment"] is None:
            return out
        try:
            deposit = out["payment"]["deposit"] = await gateway.deposit(shown.checkout.id)
        except Unreachable:
            self._asking.wake(gateway, shown.checkout.id)
            return out
        if deposit is not None and mail_is_set_up():
            await self._in_thread(announce_transfer, UUID(shown.checkout.id), timezone.now())
        return out

    def _gateway(self, name: str) -> Gateway:
        gateway = self._gateways.get(name)
        if gateway is None or gateway.name == TEST_GATEWAY:
            raise Problem(404, "not-here")
        return gateway


@dataclass(frozen=True)
class Tried:
    """How taking the money went."""

    refusal: Problem | None = None
    """Why it was not taken, as far as anybody knows."""
    in_vain: Reserved | None = None
    """What was kept for a payment that the gateway certainly did not take."""


def _parts(address: re.Pattern[str], request: Request) -> tuple[str, ...]:
    """What stands in the address. Raises Problem 404, 405."""
    found = address.fullmatch(request.url.path)
    if found is None:
        raise Problem(404, "not-here")
    if request.method != "POST":
        raise Problem(405, "not-this-way", headers={"Allow": "POST"})
    return found.groups()


def _refused(no: Refused) -> Problem:
    if no.code == "not-this-payment":
        return Problem(422, "not-this-payment")
    return Problem(402, "payment-refused", {"reason": no.words})


def _unclear() -> Problem:
    return Problem(503, "payment-unclear", headers={"Retry-After": "3"})


def _brought(body: bytes) -> dict[str, str]:
    """What the window gave: a flat object of short texts. Raises Problem 400."""
    try:
        said = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as wrong:
        raise Problem(400, "message-unreadable") from wrong
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise Problem(400, "message-unreadable")
    return said


def _checkout(key: str) -> str:
    try:
        return UUID(key).hex
    except ValueError as malformed:
        raise Problem(404, "checkout-unknown") from malformed


def _answer(body: dict[str, Any]) -> Response:
    headers = {name.decode(): value.decode() for name, value in ALWAYS}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")
