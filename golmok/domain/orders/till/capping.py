"""Counting what is taken at the live price of offers with a total cap.

A sum over all holds would grow with the sale; a counted row, changed under the lock of the stock, does not.
"""

from collections import Counter
from collections.abc import Sequence, Set

from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.orders.till.dialects import listed
from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.rows import CapCountRow, OfferRow
from golmok.domain.orders.till.tables import tables

TAKEN_AT_LIVE_PRICE = "at_live_price AND status IN ('held', 'ordered', 'reserved', 'sold')"


def load_cap_counts(ledger: Ledger, recount: Set[int]) -> None:
    """The counts of offers whose stock is locked; made when there is none, anew for variants to `recount`."""
    capped = [
        one for one in ledger.offers.values() if one.total_cap is not None and one.variant_id in ledger.stocks
    ]
    if not capped:
        return
    counts = tables().cap_counts
    condition = f"{counts.any_of('stock_id')} AND {counts.any_of('show_id')}"
    of_stock, of_show = _keys(capped)
    ledger.know(counts.select(condition, listed(of_stock), listed(of_show)))
    _count_taken(
        ledger, [one for one in capped if one.variant_id in recount or one.key not in ledger.cap_counts]
    )


def _count_taken(ledger: Ledger, offers: Sequence[OfferRow]) -> None:
    if not offers:
        return
    holds = tables().holds
    condition = f"{holds.any_of('stock_id')} AND {holds.any_of('show_id')} AND {TAKEN_AT_LIVE_PRICE}"
    of_stock, of_show = _keys(offers)
    units: Counter[tuple[str | None, int]] = Counter()
    for hold in holds.select(condition, listed(of_stock), listed(of_show)):
        units[hold.show_id, hold.stock_id] += hold.quantity
    for offer in offers:
        _note(ledger, offer, units[offer.key])


def _note(ledger: Ledger, offer: OfferRow, units: int) -> None:
    count = ledger.cap_counts.get(offer.key)
    if count is None:
        ledger.add(CapCountRow(ordered_uuid().hex, offer.variant_id, offer.show_id, units))
    else:
        count.units = units
        ledger.change(count)


def _keys(offers: Sequence[OfferRow]) -> tuple[list[int], list[str]]:
    return sorted({one.variant_id for one in offers}), sorted({one.show_id for one in offers})
