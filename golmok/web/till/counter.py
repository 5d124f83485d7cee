"""The counter of the till: what is asked becomes a command for the writer, what it says becomes the answer.

Hot, so beside the writer and not in Django; and without a task of its own for each request: the writer's
word comes back in one call for a whole batch.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from golmok.configuration import CONFIGURATION
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import BANK_TRANSFER, PaymentEvent
from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.give_back import Extend, GiveUp
from golmok.domain.orders.till.pay import TEST_GATEWAY, PayTest
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Look, Receipt
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Outcome, Writer
from golmok.domain.orders.transfer import Transfer
from golmok.live.limits import Limiter
from golmok.messages import text
from golmok.problems import Problem
from golmok.web.forms import form_invalid
from golmok.web.till.asked import Answer, Asked, refusal
from golmok.web.till.in_line import WHERE, LineCounter
from golmok.web.till.line import Put, WaitingLine
from golmok.web.till.open_units import OpenUnits
from golmok.web.till.outcomes import answer_to
from golmok.web.till.passes import BuyerPass
from golmok.web.till.shapes import CheckoutIn, OrdersIn, PaymentIn

KINDS = {"approve": PaymentEvent.Kind.APPROVED, "decline": PaymentEvent.Kind.DECLINED}
Reply = Callable[[Answer], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be decided, and the status of the answer when it is done."""

    command: Command[Receipt]
    status: int = 200
    key: tuple[str, str] | None = None
    """Buyer and idempotency key: until it is answered nobody else may use it."""


Endpoint = Callable[[Asked, str], Wanted]


class Counter:
    """What can be asked of the till; each request is one command for the writer."""

    def __init__(self, writer: Writer, line: WaitingLine | None = None) -> None:
        self._open_units = OpenUnits(CONFIGURATION.open_units_per_address)
        self._put = self._open_units.watching(writer.put)
        self._line = LineCounter(line or waiting_line(self._put), self._put)
        self._starts = Limiter(30, 60)
        self._writes = Limiter(60, 60)
        self._looks = Limiter(120, 60)
        self._in_flight: set[tuple[str, str]] = set()
        self._of_one: dict[str, dict[str, Endpoint]] = {
            "": {"GET": self._look, "DELETE": self._give_up},
            "more-time": {"POST": self._extend},
            "orders": {"POST": self._place},
            "payments/test": {"POST": self._pay},
        }

    def serves(self, path: str) -> bool:
        """Whether what follows `PATH` is answered here."""
        return path.partition("/")[2] in self._of_one

    def handle(self, asked: Asked, reply: Reply) -> None:
        """Answers through `reply`, at once or after the COMMIT; called in the event loop, as `reply` is."""
        try:
            self._handle(asked, reply)
        except Problem as problem:
            reply(refusal(problem, asked.language))
        except Exception:
            log.exception("unhandled at the till")
            reply(refusal(Problem(500, "our-fault"), asked.language))

    def _handle(self, asked: Asked, reply: Reply) -> None:
        if asked.path == WHERE:
            self._line.handle(asked, reply)
            return
        wanted = self._wanted(asked)
        if isinstance(wanted.command, Start):
            self._line.start(asked, wanted.command, reply)
        else:
            self._put(wanted.command, partial(self._decided, wanted, asked.language, reply))

    def _wanted(self, asked: Asked) -> Wanted:
        key, _, what = asked.path.partition("/")
        if not key:
            _only({"POST"}, asked.method)
            return self._start(asked)
        endpoints = self._of_one.get(what)
        if endpoints is None:
            raise Problem(404, "not-here")
        _only(endpoints, asked.method)
        wanted = endpoints[asked.method](asked, _checkout(key))
        if wanted.key is not None:
            if wanted.key in self._in_flight:
                raise Problem(409, "in-flight", headers={"Retry-After": "1"})
            self._in_flight.add(wanted.key)
        return wanted

    def _decided(self, wanted: Wanted, language: str, reply: Reply, outcome: Outcome) -> None:
        if wanted.key is not None:
            self._in_flight.discard(wanted.key)
        reply(answer_to(outcome, wanted.status, language))

    def _start(self, asked: Asked) -> Wanted:
        """Keep stock for every line, or for none."""
        who = asked.buyer()
        self._starts.take(who.buyer)
        form = asked.form(CheckoutIn)
        lines = tuple(Line(line.variant, line.quantity, line.show) for line in form.lines)
        wish = Start(who.buyer, lines, CONFIGURATION.hold_seconds, asked.language)
        self._open_units.admit(asked.address, wish)
        return Wanted(wish, 201)

    def _look(self, asked: Asked, checkout: str) -> Wanted:
        """A checkout of mine as it stands."""
        who = asked.buyer()
        self._looks.take(who.buyer)
        return Wanted(Look(who.buyer, checkout))

    def _extend(self, asked: Asked, checkout: str) -> Wanted:
        """More time, once, for who needs it."""
        return Wanted(Extend(self._writer_of(asked).buyer, checkout, CONFIGURATION.hold_seconds))

    def _give_up(self, asked: Asked, checkout: str) -> Wanted:
        """Give the stock back, or cancel the orders that wait for their money."""
        return Wanted(GiveUp(self._writer_of(asked).buyer, checkout))

    def _place(self, asked: Asked, checkout: str) -> Wanted:
        """Order what is kept, one order for each shop."""
        who = self._writer_of(asked)
        form = asked.form(OrdersIn)
        key = asked.header(b"idempotency-key")
        gateway = _chosen_gateway(form.gateway, asked.language)
        command = Place(
            who.buyer,
            who.user,
            checkout,
            key,
            Recipient(form.name, form.phone, form.postcode, form.address, form.email),
            {wish.shop: ShopWish(wish.fulfilment, wish.memo) for wish in form.shops},
            form.consent,
            asked.language,
            gateway,
            _transfer(form) if gateway == BANK_TRANSFER else None,
        )
        return Wanted(command, 201, (who.buyer, key))

    def _pay(self, asked: Asked, checkout: str) -> Wanted:
        """Approve or decline at the test gateway; no money moves."""
        if TEST_GATEWAY not in CONFIGURATION.payments:
            raise Problem(404, "not-here")
        who = self._writer_of(asked)
        form = asked.form(PaymentIn)
        return Wanted(PayTest(who.buyer, checkout, f"{checkout}/{form.reference}", KINDS[form.outcome]))

    def _writer_of(self, asked: Asked) -> BuyerPass:
        who = asked.buyer()
        self._writes.take(who.buyer)
        return who


def waiting_line(put: Put) -> WaitingLine:
    """As the operator wants it."""
    return WaitingLine(
        put,
        per_address=CONFIGURATION.line_per_address,
        keep_seconds=CONFIGURATION.hold_seconds,
        room=CONFIGURATION.till_at_once,
    )


def _chosen_gateway(chosen: str, language: str) -> str:
    """Raises Problem 422 when there is a choice and none was made."""
    if not chosen and len(CONFIGURATION.payments) == 1:
        return CONFIGURATION.payments[0]
    if chosen not in CONFIGURATION.payments:
        raise form_invalid({"gateway": text("orders-field-gateway-missing", language)})
    return chosen


def _transfer(form: OrdersIn) -> Transfer:
    account = CONFIGURATION.bank_account
    seconds, live = account.hours * 60 * 60, account.live_hours * 60 * 60
    return Transfer(form.depositor, form.receipt, form.receipt_id, seconds, live)


def _only(allowed: Mapping[str, Any] | set[str], method: str) -> None:
    if method not in allowed:
        raise Problem(405, "not-this-way", headers={"Allow": ", ".join(allowed)})


def _checkout(key: str) -> str:
    """The key in the till's writing. Raises Problem 404."""
    try:
        return UUID(key).hex
    except ValueError as malformed:
        raise Problem(404, "checkout-unknown") from malformed
