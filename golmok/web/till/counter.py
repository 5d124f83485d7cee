"""The till over HTTP: start a checkout, place its orders, pay. Hot, so beside the writer, not in Django."""

from dataclasses import dataclass
from typing import TypeVar

import orjson
from django.utils import timezone
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from golmok.bodies import read_body
from golmok.configuration import CONFIGURATION
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import PaymentEvent
from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.give_back import Extend, GiveUp
from golmok.domain.orders.till.pay import PayTest
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Look, Receipt
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Writer
from golmok.live.limits import Limiter
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.signing import bearer
from golmok.web.forms import said, unreadable_form
from golmok.web.till.passes import BuyerPass, check
from golmok.web.till.presenting import checkout_out
from golmok.web.till.shapes import CheckoutIn, OrdersIn, PaymentIn

F = TypeVar("F", bound=BaseModel)

MOST_BYTES = 32 * 1024
KINDS = {"approve": PaymentEvent.Kind.APPROVED, "decline": PaymentEvent.Kind.DECLINED}
HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [*HEADERS, (b"content-length", str(len(self.body)).encode())]


class Counter:
    """What can be asked of the till; each request is one command for the writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._starts = Limiter(30, 60)
        self._writes = Limiter(60, 60)
        self._looks = Limiter(120, 60)
        self._in_flight: set[tuple[str, str]] = set()

    async def start(self, request: Request) -> Answer:
        """Keep stock for every line, or for none."""
        who = _buyer(request)
        self._starts.take(who.buyer)
        form = await _form(request, CheckoutIn)
        lines = tuple(Line(line.variant, line.quantity, line.show) for line in form.lines)
        return await self._do(
            request, Start(who.buyer, lines, CONFIGURATION.hold_seconds, _language(request)), 201
        )

    async def look(self, request: Request, checkout: str) -> Answer:
        """A checkout of mine as it stands."""
        who = _buyer(request)
        self._looks.take(who.buyer)
        return await self._do(request, Look(who.buyer, checkout))

    async def extend(self, request: Request, checkout: str) -> Answer:
        """More time, once, for who needs it."""
        who = self._writer_of(request)
        return await self._do(request, Extend(who.buyer, checkout, CONFIGURATION.hold_seconds))

    async def give_up(self, request: Request, checkout: str) -> Answer:
        """Give the stock back, or cancel the orders that wait for their money."""
        who = self._writer_of(request)
        return await self._do(request, GiveUp(who.buyer, checkout))

    async def place(self, request: Request, checkout: str) -> Answer:
        """Order what is kept, one order for each shop."""
        who = self._writer_of(request)
        form = await _form(request, OrdersIn)
        key = request.headers.get("idempotency-key", "")
        command = Place(
            who.buyer,
            who.user,
            checkout,
            key,
            Recipient(form.name, form.phone, form.postcode, form.address, form.email),
            {wish.shop: ShopWish(wish.fulfilment, wish.memo) for wish in form.shops},
            form.consent,
            _language(request),
        )
        if (who.buyer, key) in self._in_flight:
            raise Problem(409, "in-flight", headers={"Retry-After": "1"})
        self._in_flight.add((who.buyer, key))
        try:
            return await self._do(request, command, 201)
        finally:
            self._in_flight.discard((who.buyer, key))

    async def pay(self, request: Request, checkout: str) -> Answer:
        """Approve or decline at the test gateway; no money moves."""
        who = self._writer_of(request)
        form = await _form(request, PaymentIn)
        command = PayTest(who.buyer, checkout, f"{checkout}/{form.reference}", KINDS[form.outcome])
        return await self._do(request, command)

    def _writer_of(self, request: Request) -> BuyerPass:
        who = _buyer(request)
        self._writes.take(who.buyer)
        return who

    async def _do(self, request: Request, command: Command[Receipt], status: int = 200) -> Answer:
        language = _language(request)
        try:
            shown = await self._writer.ask(command)
        except Problem as refusal:
            raise said(refusal, language) from refusal
        body = orjson.dumps(checkout_out(shown, timezone.now(), language))
        return Answer(status, body)


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", ""))


def _buyer(request: Request) -> BuyerPass:
    return check(bearer(request.headers.get("authorization", "")))


async def _form(request: Request, shape: type[F]) -> F:
    """The body as `shape`. Raises Problem 413, 408, 400, 422 with what to mend."""
    body = await read_body(request, MOST_BYTES)
    try:
        return shape.model_validate_json(body)
    except ValidationError as wrong:
        raise unreadable_form(wrong.errors(include_url=False), _language(request)) from wrong
