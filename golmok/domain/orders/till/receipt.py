"""What the till hands back about a checkout, and looking at one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from golmok.domain.orders.models import Checkout, Order, PaymentEvent, money_in
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants, load
from golmok.domain.orders.till.rows import CheckoutRow, EventRow, HoldRow, OrderRow, VariantRow


@dataclass(frozen=True)
class Receipt:
    """A checkout as its batch left it; complete, so that showing it asks the database nothing."""

    checkout: CheckoutRow
    lines: Sequence[tuple[HoldRow, VariantRow]]
    """Variants come with product and shop."""
    orders: Sequence[OrderRow]
    events: Sequence[EventRow]
    depositor: str
    """Under which name the money will come, when the buyer transfers it."""

    @property
    def paid(self) -> int:
        """Won that arrived and were not given back."""
        return money_in(self.events)

    @property
    def declined(self) -> int:
        """How many times its gateway declined."""
        mine = (event for event in self.events if event.gateway == self.checkout.gateway)
        return sum(event.kind == PaymentEvent.Kind.DECLINED for event in mine)

    @property
    def refund_due(self) -> int:
        """Won that came and are owed back."""
        return max(0, self.paid - owed(self.checkout, self.orders))


def owed(checkout: CheckoutRow, orders: Sequence[OrderRow]) -> int:
    """As `Checkout.owed`."""
    if checkout.status == Checkout.Status.PAID:
        return sum(order.total for order in orders if order.status == Order.Status.PAID)
    return checkout.total if checkout.status == Checkout.Status.PLACED else 0


def receipt(ledger: Ledger, checkout: CheckoutRow) -> Receipt:
    lines = [(hold, ledger.variants[hold.stock_id]) for hold in ledger.holds_of(checkout)]
    expected = ledger.expected_of(checkout)
    depositor = expected.depositor if expected else ""
    return Receipt(checkout, lines, ledger.orders_of(checkout), ledger.events_of(checkout), depositor)


@dataclass(frozen=True)
class Look:
    """The buyer's checkout as it stands. 404 `checkout-unknown`."""

    buyer: str
    checkout: str

    def wants(self) -> Wants:
        return Wants(checkouts=[self.checkout])

    def decide(self, ledger: Ledger) -> Receipt:
        return receipt(ledger, ledger.checkout_of(self.buyer, self.checkout))


def look(buyer: str, checkout: str, now: datetime) -> Receipt:
    """As `Look`, without a lock: for who only shows it."""
    return Look(buyer, checkout).decide(load([Wants(checkouts=[checkout])], now, lock=False))
