"""More time, giving up, and running out of it."""

from dataclasses import dataclass
from datetime import timedelta

from golmok.domain.orders.models import KEPT, Checkout
from golmok.domain.orders.till.ledger import RELEASED, RESERVED, WANTED, Ledger
from golmok.domain.orders.till.loading import WAITING, Wants
from golmok.domain.orders.till.pay import cancel_order
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.rows import CheckoutRow
from golmok.domain.orders.till.start import give_up
from golmok.problems import Problem


@dataclass(frozen=True)
class Extend:
    """Give a buyer who needs it more time, once.

    404 `checkout-unknown`, 409 `hold-gone`, `extended-before`.
    """

    buyer: str
    checkout: str
    seconds: int

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Receipt:
        checkout = ledger.checkout_of(self.buyer, self.checkout)
        holds = ledger.holds_of(checkout)
        if checkout.status not in WAITING or any(hold.status not in (*KEPT, WANTED) for hold in holds):
            raise Problem(409, "hold-gone")
        if checkout.extended_at is not None:
            raise Problem(409, "extended-before")
        checkout.extended_at = ledger.now
        checkout.expires_at += timedelta(seconds=self.seconds)
        ledger.change(checkout)
        for hold in holds:
            # What is reserved for a payment under way is not kept any longer for that.
            if hold.status != RESERVED:
                hold.expires_at = checkout.expires_at
                ledger.change(hold)
        return receipt(ledger, checkout)


@dataclass(frozen=True)
class GiveUp:
    """The buyer lets go before paying. 404 `checkout-unknown`, 409 `order-not-cancellable` once paid."""

    buyer: str
    checkout: str

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Receipt:
        checkout = ledger.checkout_of(self.buyer, self.checkout)
        if checkout.status == Checkout.Status.PAID:
            raise Problem(409, "order-not-cancellable")
        # Also when it ran out before: money that comes now is not a purchase any more.
        checkout.given_up = True
        ledger.change(checkout)
        if checkout.status in WAITING:
            _close(ledger, checkout)
        return receipt(ledger, checkout)


@dataclass(frozen=True)
class GiveBackExpired:
    """Close checkouts whose time is over, `RUN_OUT_MOST` at a time; how many.

    Buying does not wait for this: whoever takes a variant gives back what expired on it.
    """

    def wants(self) -> Wants:
        return Wants(run_out=True)

    def decide(self, ledger: Ledger) -> int:
        run_out = [
            one for one in ledger.checkouts.values() if one.status in WAITING and one.expires_at <= ledger.now
        ]
        for checkout in run_out:
            _close(ledger, checkout)
        return len(run_out)


def _close(ledger: Ledger, checkout: CheckoutRow) -> None:
    give_up(ledger, checkout)
    for order in ledger.orders_of(checkout):
        cancel_order(ledger, order)
    for hold in ledger.holds_of(checkout):
        # Given back by a taker earlier: the number on the screens is told again, now that the order is off.
        if hold.status == RELEASED:
            ledger.touch_stock(ledger.stocks[hold.stock_id])
