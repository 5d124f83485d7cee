"""Whether what somebody asks for can be had: one answer for starting, for paying and for late money."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from golmok.domain.orders.till.ledger import RELEASED, Ledger
from golmok.domain.orders.till.rows import HoldRow, OfferRow, StockRow
from golmok.problems import Problem


class Asked(Protocol):
    """So many units of a variant."""

    @property
    def quantity(self) -> int: ...


@dataclass(frozen=True)
class Refusal:
    """A line that cannot be had, and why."""

    variant: int
    problem: Problem

    def facts(self) -> dict[str, Any]:
        return {"variant": self.variant, "code": self.problem.code, **self.problem.facts}


def refuse_over_cap(ledger: Ledger, buyer: str, offer: OfferRow, asked: Asked, own: int) -> None:
    """409 `per-buyer-cap` {cap}; `own` units are replaced by what is asked."""
    if offer.per_buyer_cap is None:
        return
    has = ledger.units(buyer, offer.variant_id, offer.show_id) - own
    if has + asked.quantity > offer.per_buyer_cap:
        raise Problem(409, "per-buyer-cap", {"cap": offer.per_buyer_cap})


def refuse_more_than_left(stock: StockRow, asked: Asked, own: int) -> None:
    """409 `sold-out`, `not-enough-left` {left}; `own` units are replaced by what is asked."""
    left = 0 if stock.is_closed else stock.left + own
    if left <= 0:
        raise Problem(409, "sold-out")
    if asked.quantity > left:
        raise Problem(409, "not-enough-left", {"left": left})


def gone(ledger: Ledger, holds: Sequence[HoldRow]) -> list[Refusal]:
    """The lines whose goods are neither kept nor can be taken again. A checkout has a variant once."""
    refusals = []
    for hold in holds:
        try:
            _refuse_retaking(ledger, hold)
        except Problem as problem:
            refusals.append(Refusal(hold.stock_id, problem))
    return refusals


def _refuse_retaking(ledger: Ledger, hold: HoldRow) -> None:
    if hold.status != RELEASED:
        return
    offer = ledger.offers.get((hold.show_id, hold.stock_id)) if hold.show_id else None
    if offer is not None:
        refuse_over_cap(ledger, hold.buyer, offer, hold, own=0)
    refuse_more_than_left(ledger.stocks[hold.stock_id], hold, own=0)
