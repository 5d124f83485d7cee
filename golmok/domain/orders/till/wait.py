"""Waiting for a bank transfer: the goods are kept until the money can be there."""

from datetime import timedelta

from golmok.domain.festas.models import Show
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.rows import CheckoutRow, ExpectedRow
from golmok.domain.orders.transfer import Transfer, receipt_for


def await_transfer(ledger: Ledger, checkout: CheckoutRow, transfer: Transfer) -> None:
    """Keep what a placed checkout orders as long as its transfer may take, and expect the deposit."""
    seconds = transfer.live_seconds if _is_live(ledger, checkout) else transfer.seconds
    checkout.expires_at = ledger.now + timedelta(seconds=seconds)
    ledger.change(checkout)
    for hold in ledger.holds_of(checkout):
        hold.expires_at = checkout.expires_at
        ledger.change(hold)
    kind, number = receipt_for(transfer, checkout.total)
    ledger.add(ExpectedRow(checkout.id, transfer.depositor, kind, number))


def _is_live(ledger: Ledger, checkout: CheckoutRow) -> bool:
    """Whether something of it was bought in a show that is on the air: others wait there for what is left."""
    offers = [ledger.offers.get((hold.show_id or "", hold.stock_id)) for hold in ledger.holds_of(checkout)]
    return any(offer is not None and offer.show.status == Show.Status.LIVE for offer in offers)
