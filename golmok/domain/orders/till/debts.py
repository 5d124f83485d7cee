"""Noting on a checkout that money is owed back, with whatever made it so."""

from golmok.domain.orders.models import money_in
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.receipt import owed
from golmok.domain.orders.till.rows import CheckoutRow, EventRow, OrderRow


def note_debts(ledger: Ledger) -> None:
    """Keeps `owes_back` true to `refund_due` for every checkout that the batch touched."""
    for key in _touched(ledger):
        checkout = ledger.checkouts[key]
        events = ledger.events_of(checkout)
        owes = bool(events) and money_in(events) > owed(checkout, ledger.orders_of(checkout))
        if owes != checkout.owes_back:
            checkout.owes_back = owes
            ledger.change(checkout)


def _touched(ledger: Ledger) -> set[str]:
    changed, added = ledger.changed, ledger.added
    checkouts = {row.id for row in changed[CheckoutRow].values() if isinstance(row, CheckoutRow)}
    orders = {row.checkout_id for row in changed[OrderRow].values() if isinstance(row, OrderRow)}
    events = {row.checkout_id for row in added[EventRow] if isinstance(row, EventRow)}
    return checkouts | orders | events
