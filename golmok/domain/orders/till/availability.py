"""Whether what somebody asks for can be had: one answer for starting, for paying and for late money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from golmok.domain.orders.models import KEPT, TAKEN
from golmok.domain.orders.till.ledger import Ledger
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


def refuse_over_cap(offer: OfferRow | None, asked: Asked, has: int) -> None:
    """409 `per-buyer-cap` {cap} when the buyer, who `has` units in the show, would get too many."""
    if offer is None or offer.per_buyer_cap is None:
        return
    if has + asked.quantity > offer.per_buyer_cap:
        raise Problem(409, "per-buyer-cap", {"cap": offer.per_buyer_cap})


def refuse_more_than_left(
    ledger: Ledger, stock: StockRow, offer: OfferRow | None, asked: Asked, own: Sequence[HoldRow] = ()
) -> None:
    """409 `sold-out`, `not-enough-left` {left}. What is asked replaces the buyer's `own` holds."""
    is_free = not stock.is_closed and ledger.looked_until(stock.variant_id) is None
    left = (stock.left if is_free else 0) + (0 if stock.is_closed else _kept(own))
    room = ledger.room(offer) if offer is not None else None
    if offer is not None and room is not None:
        left = min(
            left, room + _kept(hold for hold in own if hold.at_live_price and hold.show_id == offer.show_id)
        )
    if left <= 0:
        raise Problem(409, "sold-out")
    if asked.quantity > left:
        raise Problem(409, "not-enough-left", {"left": left})


def gone(ledger: Ledger, holds: Sequence[HoldRow]) -> list[Refusal]:
    """The lines whose goods are neither kept nor can be taken now. A checkout has a variant once."""
    refusals = []
    for hold in holds:
        try:
            _refuse_taking(ledger, hold)
        except Problem as problem:
            refusals.append(Refusal(hold.stock_id, problem))
    return refusals


def _refuse_taking(ledger: Ledger, hold: HoldRow) -> None:
    if hold.status in TAKEN:
        return
    offer = ledger.offers.get((hold.show_id or "", hold.stock_id)) if hold.at_live_price else None
    if offer is not None:
        refuse_over_cap(offer, hold, ledger.units(hold.buyer, offer))
    refuse_more_than_left(ledger, ledger.stocks[hold.stock_id], offer, hold)


def _kept(holds: Iterable[HoldRow]) -> int:
    return sum(hold.quantity for hold in holds if hold.status in KEPT)
