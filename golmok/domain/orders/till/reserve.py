"""Making sure of the goods just before money is taken, so that nobody pays for what is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from golmok.domain.orders.models import KEPT, Checkout, Order
from golmok.domain.orders.till.availability import gone
from golmok.domain.orders.till.ledger import RESERVED, Ledger
from golmok.domain.orders.till.loading import WAITING, Wants
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.rows import CheckoutRow
from golmok.problems import Problem

KEPT_FOR_PAYMENT = timedelta(minutes=2)
"""A gateway confirms in seconds, and none is waited for longer than a minute; as long again for asking it
what became of a confirmation that was not answered."""
PAYABLE_FOR = timedelta(minutes=40)
"""From placing on, unless the goods are kept longer anyway: a payment window is good for half an hour."""


@dataclass(frozen=True)
class Reserved(Receipt):
    """What `Reserve` kept, and what `LetGo` needs to undo it."""

    before: datetime
    """When its time was over, UTC."""
    until: datetime
    """How long the payment may take, UTC."""


@dataclass(frozen=True)
class Reserve:
    """Keep the goods of a placed checkout for at least `KEPT_FOR_PAYMENT`, whatever time it had left.

    What ran out is taken again if it is still there, also when the sweeper has closed the checkout: who was
    slow at their bank is not turned away. Who gave up is, and so is who already paid. What goes to who pays
    first is kept from now, and only for `KEPT_FOR_PAYMENT`. Nothing is kept so beyond `PAYABLE_FOR`.
    404 `checkout-unknown`; 409 `paid-already`, `hold-gone`, `nothing-to-pay` before there are orders,
    `sold-out` {lines: variant and why}: then nothing changed, and nothing may be charged.
    """

    buyer: str | None
    """None when it is not the buyer who asks, but what a gateway told of them."""
    checkout: str

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Reserved:
        checkout = self._checkout(ledger)
        before = checkout.expires_at
        reserve(ledger, checkout)
        kept, until = receipt(ledger, checkout), ledger.now + KEPT_FOR_PAYMENT
        return Reserved(kept.checkout, kept.lines, kept.orders, kept.events, kept.depositor, before, until)

    def _checkout(self, ledger: Ledger) -> CheckoutRow:
        if self.buyer is not None:
            return ledger.checkout_of(self.buyer, self.checkout)
        if self.checkout not in ledger.checkouts:
            raise Problem(404, "checkout-unknown")
        return ledger.checkouts[self.checkout]


@dataclass(frozen=True)
class LetGo:
    """Undo a `Reserve` whose payment was refused: nobody keeps goods by trying to pay.

    The checkout has the time again that it had before. What another `Reserve` keeps meanwhile stays.
    404 `checkout-unknown`.
    """

    checkout: str
    before: datetime
    until: datetime

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Receipt:
        checkout = ledger.checkouts.get(self.checkout)
        if checkout is None:
            raise Problem(404, "checkout-unknown")
        if checkout.status == Checkout.Status.PLACED:
            self._put_back(ledger, checkout)
        return receipt(ledger, checkout)

    def _put_back(self, ledger: Ledger, checkout: CheckoutRow) -> None:
        was_prolonged = checkout.expires_at == self.until
        if was_prolonged:
            checkout.expires_at = self.before
            ledger.change(checkout)
        for hold in ledger.holds_of(checkout):
            if hold.status == RESERVED and hold.expires_at == self.until:
                ledger.lapse(hold)
            if was_prolonged and hold.status in KEPT:
                hold.expires_at = self.before
                ledger.change(hold)


def reserve(ledger: Ledger, checkout: CheckoutRow) -> None:
    """As `Reserve`."""
    _refuse_unpayable(checkout)
    _refuse_long_after(ledger, checkout)
    refusals = gone(ledger, ledger.holds_of(checkout))
    if refusals:
        raise Problem(409, "sold-out", {"lines": [one.facts() for one in refusals]})
    _reopen(ledger, checkout)
    checkout.expires_at = max(checkout.expires_at, ledger.now + KEPT_FOR_PAYMENT)
    ledger.change(checkout)
    for hold in ledger.holds_of(checkout):
        if hold.status not in KEPT:
            ledger.keep_again(hold)
        paid_first = hold.status == RESERVED
        hold.expires_at = ledger.now + KEPT_FOR_PAYMENT if paid_first else checkout.expires_at
        ledger.change(hold)


def _refuse_unpayable(checkout: CheckoutRow) -> None:
    if checkout.status == Checkout.Status.PAID:
        raise Problem(409, "paid-already")
    if checkout.given_up:
        raise Problem(409, "hold-gone")
    if checkout.placed_at is None:
        raise Problem(409, "nothing-to-pay" if checkout.status in WAITING else "hold-gone")


def _refuse_long_after(ledger: Ledger, checkout: CheckoutRow) -> None:
    """Who comes back again and again keeps goods from others."""
    placed_at = checkout.placed_at or ledger.now
    if ledger.now + KEPT_FOR_PAYMENT > max(checkout.expires_at, placed_at + PAYABLE_FOR):
        raise Problem(409, "hold-gone")


def _reopen(ledger: Ledger, checkout: CheckoutRow) -> None:
    """Undo what the sweeper did to a checkout whose time was over."""
    if checkout.status in WAITING:
        return
    checkout.status = Checkout.Status.PLACED.value
    for order in ledger.orders_of(checkout):
        order.status = Order.Status.AWAITING_PAYMENT.value
        ledger.change(order)
