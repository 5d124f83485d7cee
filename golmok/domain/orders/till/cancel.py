"""A buyer changes their mind: cancelling is as easy as buying."""

from dataclasses import dataclass

from golmok.domain.orders.cancelling import cancellable_until
from golmok.domain.orders.models import Checkout, Order, PaymentEvent
from golmok.domain.orders.till.give_back import GiveUp
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.pay import TEST_GATEWAY, cancel_order
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.rows import CheckoutRow, EventRow, OrderRow
from golmok.problems import Problem


@dataclass(frozen=True)
class CancelOrder:
    """The buyer cancels one paid order, or all orders of a checkout that waits for its money.

    Goods go back on sale at once; what was paid is owed back (`Checkout.owes_back`). Doing it again is
    harmless. 404 `checkout-unknown`, `order-unknown`; 409 `order-not-cancellable` once it may have left the
    shop (see `cancelling`).
    """

    buyer: str
    checkout: str
    number: str

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Receipt:
        checkout = ledger.checkout_of(self.buyer, self.checkout)
        order = next((one for one in ledger.orders_of(checkout) if one.number == self.number), None)
        if order is None:
            raise Problem(404, "order-unknown")
        if checkout.status != Checkout.Status.PAID:
            return GiveUp(self.buyer, self.checkout).decide(ledger)
        if order.status == Order.Status.PAID:
            _refuse_late(ledger, checkout, order)
            cancel_order(ledger, order)
            order.given_up = True
            if checkout.gateway == TEST_GATEWAY:
                _give_back_in_the_test(ledger, checkout, order)
        return receipt(ledger, checkout)


def _refuse_late(ledger: Ledger, checkout: CheckoutRow, order: OrderRow) -> None:
    events = ledger.events_of(checkout)
    paid_at = max(one.recorded_at for one in events if one.kind == PaymentEvent.Kind.APPROVED)
    if ledger.now > cancellable_until(paid_at, is_exception=order.withdrawal_notice_at is not None):
        raise Problem(409, "order-not-cancellable")


def _give_back_in_the_test(ledger: Ledger, checkout: CheckoutRow, order: OrderRow) -> None:
    """No money moved, so none has to travel."""
    due = min(order.total, receipt(ledger, checkout).refund_due)
    if due > 0:
        ledger.add(
            EventRow(
                checkout_id=checkout.id,
                order_id=order.number,
                gateway=TEST_GATEWAY,
                reference=f"cancel/{order.number}",
                kind=PaymentEvent.Kind.REFUNDED.value,
                amount=due,
                recorded_at=ledger.now,
            )
        )
