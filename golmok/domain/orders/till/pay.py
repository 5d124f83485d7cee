"""Money: payment events are only ever added, and what follows from them is recalculated from all of them."""

import logging
from dataclasses import dataclass

from golmok.domain.orders.models import Checkout, Order, PaymentEvent, money_in
from golmok.domain.orders.till.availability import gone
from golmok.domain.orders.till.ledger import RESERVED, Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.reserve import reserve
from golmok.domain.orders.till.rows import CheckoutRow, EventRow, HoldRow, OrderRow
from golmok.problems import Problem

TEST_GATEWAY = "test"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """Keep what a gateway told, once for each `reference`, and recalculate.

    Money is never refused: when it comes too late, each order whose goods are gone is cancelled and
    `refund_due` says what to give back. 404 `checkout-unknown`, 409 `payment-of-another-order`,
    422 `bad-amount`.
    """

    checkout: str
    gateway: str
    reference: str
    """The gateway's own name for this event."""
    kind: PaymentEvent.Kind
    amount: int
    """Won."""
    order: str | None = None
    """The number of the order that a refund gives back; None for the whole sum."""

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout], references=[(self.gateway, self.reference)])

    def decide(self, ledger: Ledger) -> Receipt:
        if self.amount <= 0:
            raise Problem(422, "bad-amount")
        checkout = ledger.checkouts.get(self.checkout)
        if checkout is None:
            raise Problem(404, "checkout-unknown")
        earlier = ledger.event(self.gateway, self.reference)
        if earlier is None:
            self._call_off(ledger, checkout)
            ledger.add(self._event(ledger, checkout))
            if self.kind == PaymentEvent.Kind.DECLINED:
                _let_go(ledger, checkout)
            recalculate(ledger, checkout)
        elif earlier.checkout_id != self.checkout:
            raise Problem(409, "payment-of-another-order")
        elif (earlier.kind, earlier.amount) != (self.kind, self.amount):
            known, now = f"{earlier.kind} {earlier.amount}", f"{self.kind} {self.amount}"
            log.error("%s told %s first as %s, now as %s", self.gateway, self.checkout, known, now)
        return receipt(ledger, checkout)

    def _call_off(self, ledger: Ledger, checkout: CheckoutRow) -> None:
        """Money that goes back before the sum was whole must not count towards it later.

        A refund that is told before its payment leaves things as they are: then nothing came yet.
        """
        is_back = self.kind == PaymentEvent.Kind.REFUNDED and self.order is None
        if is_back and checkout.status != Checkout.Status.PAID and approved(ledger, checkout):
            checkout.given_up = True
            ledger.change(checkout)

    def _event(self, ledger: Ledger, checkout: CheckoutRow) -> EventRow:
        is_known = any(order.number == self.order for order in ledger.orders_of(checkout))
        if self.order and not is_known:
            log.warning("%s of %s names order %s of another checkout", self.kind, self.gateway, self.order)
        return EventRow(
            checkout_id=self.checkout,
            order_id=self.order if is_known else None,
            gateway=self.gateway,
            reference=self.reference,
            kind=str(self.kind),
            amount=self.amount,
            recorded_at=ledger.now,
        )


@dataclass(frozen=True)
class PayTest:
    """The test gateway's word on the buyer's own checkout: approved or declined; no money moves.

    As with any gateway the goods are reserved before it approves. 404 `checkout-unknown`, 409 as `Reserve`:
    then it approved nothing.
    """

    buyer: str
    checkout: str
    reference: str
    kind: PaymentEvent.Kind

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout], references=[(TEST_GATEWAY, self.reference)])

    def decide(self, ledger: Ledger) -> Receipt:
        checkout = ledger.checkout_of(self.buyer, self.checkout)
        if checkout.placed_at is None or checkout.gateway != TEST_GATEWAY:
            raise Problem(409, "nothing-to-pay")
        is_new = ledger.event(TEST_GATEWAY, self.reference) is None
        if is_new and self.kind == PaymentEvent.Kind.APPROVED:
            reserve(ledger, checkout)
        told = Record(checkout.id, TEST_GATEWAY, self.reference, self.kind, checkout.total)
        return told.decide(ledger)


def recalculate(ledger: Ledger, checkout: CheckoutRow) -> None:
    """What follows from all events together, in whatever order they came."""
    came = approved(ledger, checkout)
    is_waiting = checkout.placed_at is not None and checkout.status != Checkout.Status.PAID
    if is_waiting and not checkout.given_up and came and came >= checkout.total:
        _settle(ledger, checkout)
    if checkout.status == Checkout.Status.PAID:
        _cancel_refunded(ledger, checkout, money_in(ledger.events_of(checkout)))


def approved(ledger: Ledger, checkout: CheckoutRow) -> int:
    """Won that came, whatever went back since."""
    events = ledger.events_of(checkout)
    return sum(event.amount for event in events if event.kind == PaymentEvent.Kind.APPROVED)


def _let_go(ledger: Ledger, checkout: CheckoutRow) -> None:
    """A payment failed: what was reserved for it is anybody's again who pays."""
    for hold in ledger.holds_of(checkout):
        if hold.status == RESERVED:
            ledger.lapse(hold)


def _settle(ledger: Ledger, checkout: CheckoutRow) -> None:
    """The money is whole: sell each order, or cancel it when its goods are gone."""
    checkout.status = Checkout.Status.PAID.value
    ledger.change(checkout)
    for order in ledger.orders_of(checkout):
        holds = ledger.holds_of_order(order)
        if gone(ledger, holds):
            cancel_order(ledger, order)
        else:
            _sell(ledger, order, holds)


def _sell(ledger: Ledger, order: OrderRow, holds: list[HoldRow]) -> None:
    for hold in holds:
        ledger.sell(hold)
        ledger.bought.append((order, hold))
    order.status = Order.Status.PAID.value
    ledger.change(order)


def cancel_order(ledger: Ledger, order: OrderRow) -> None:
    for hold in ledger.holds_of_order(order):
        ledger.release(hold)
    order.status = Order.Status.CANCELLED.value
    ledger.change(order)


def _cancel_refunded(ledger: Ledger, checkout: CheckoutRow, paid: int) -> None:
    for order in ledger.orders_of(checkout):
        back = -money_in(event for event in ledger.events_of(checkout) if event.order_id == order.number)
        if order.status == Order.Status.PAID and (paid <= 0 or back >= order.total):
            cancel_order(ledger, order)
