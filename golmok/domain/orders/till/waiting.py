"""Waiting for units of what is sold out or all kept: one list for each variant, in the order of arrival."""

from dataclasses import dataclass

from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.orders.checkout import EMAIL, one_line
from golmok.domain.orders.models import TAKEN
from golmok.domain.orders.till.availability import refuse_over_cap
from golmok.domain.orders.till.ledger import WANTED, Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.rows import WaitingRow
from golmok.domain.orders.till.start import MOST_UNITS, Line, live_offer
from golmok.problems import Problem


@dataclass(frozen=True)
class Join:
    """Wait for the line; who waits already keeps their place, whatever they change.

    What anybody could take now is not waited for: a list is no way around the line before the till, nor
    around paying first. 422 `bad-quantity`, `form-invalid` {errors}; 409 `product-not-in-show`, `sold-out`
    for what is not on sale at all, `per-buyer-cap` {cap}, `still-left`.
    """

    buyer: str
    line: Line
    email: str = ""
    """Told there when the turn comes; may be empty."""
    language: str = "ko"

    def wants(self) -> Wants:
        return Wants(buyer=self.buyer, variants=[self.line.variant_id], waits=True)

    def decide(self, ledger: Ledger) -> None:
        self._refuse(ledger)
        waiter, email = ledger.waits(self.buyer, self.line.variant_id), one_line(self.email)
        if waiter is None:
            self._refuse_what_is_left(ledger)
            ledger.join(self._waiter(ledger, email))
            return
        waiter.show_id, waiter.quantity = self.line.show_id, self.line.quantity
        waiter.email = email or waiter.email
        ledger.change(waiter)

    def _refuse(self, ledger: Ledger) -> None:
        line = self.line
        if not 1 <= line.quantity <= MOST_UNITS:
            raise Problem(422, "bad-quantity", {"most": MOST_UNITS})
        email = one_line(self.email)
        if email and not EMAIL.fullmatch(email):
            raise Problem(422, "form-invalid", {"errors": {"email": "orders-field-email-wrong"}})
        if line.show_id is not None and (line.show_id, line.variant_id) not in ledger.offers:
            raise Problem(409, "product-not-in-show")
        if line.variant_id not in ledger.stocks:
            raise Problem(409, "sold-out")
        offer = live_offer(ledger, line)
        if offer is not None:
            refuse_over_cap(offer, line, ledger.units(self.buyer, offer, (*TAKEN, WANTED)))

    def _refuse_what_is_left(self, ledger: Ledger) -> None:
        stock = ledger.stocks[self.line.variant_id]
        is_promised = ledger.looked_until(stock.variant_id) is not None
        if not is_promised and ledger.left(stock, live_offer(ledger, self.line)) > 0:
            raise Problem(409, "still-left")

    def _waiter(self, ledger: Ledger, email: str) -> WaitingRow:
        return WaitingRow(
            id=ordered_uuid().hex,
            stock_id=self.line.variant_id,
            show_id=self.line.show_id,
            number=0,
            buyer=self.buyer,
            quantity=self.line.quantity,
            email=email,
            language=self.language,
            joined_at=ledger.now,
        )


@dataclass(frozen=True)
class Leave:
    """Wait no more for the variant; nothing for who does not."""

    buyer: str
    variant_id: int

    def wants(self) -> Wants:
        return Wants(buyer=self.buyer, variants=[self.variant_id], waits=True)

    def decide(self, ledger: Ledger) -> None:
        waiter = ledger.waits(self.buyer, self.variant_id)
        if waiter is not None:
            ledger.leave(waiter)
