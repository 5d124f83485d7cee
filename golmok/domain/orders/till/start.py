"""Starting a checkout: stock is kept for every line, or for none."""

from dataclasses import dataclass
from datetime import timedelta

from golmok.domain.core.ordered_id import ordered_uuid
from golmok.domain.festas.models import Offer
from golmok.domain.orders.models import KEPT, TAKEN, Checkout
from golmok.domain.orders.till.availability import Refusal, refuse_more_than_left, refuse_over_cap
from golmok.domain.orders.till.ledger import HELD, WANTED, Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.receipt import Receipt, receipt
from golmok.domain.orders.till.rows import CheckoutRow, HoldRow, OfferRow
from golmok.problems import Problem

MOST_UNITS = 99
MOST_LINES = 60
MOST_WON = 1_000_000_000
MOST_SPANS = 2
"""So many times as long as it is kept for may a buyer keep something by changing what else they want."""
NOT_ORDERED = (HELD, WANTED)


@dataclass(frozen=True)
class Line:
    """So many units of a variant, as seen in a show (or outside of any)."""

    variant_id: int
    quantity: int
    show_id: str | None = None


@dataclass(frozen=True)
class Start:
    """Keep the lines for `seconds`, in place of whatever the buyer kept before.

    Who goes on keeping some of it may do so for `MOST_SPANS` times as long in all, and has more time given
    once: goods that are kept over and over would never be anybody else's.

    What an offer sells to who pays first is not kept; the price is (see `Reserve`).
    422 `bad-quantity`, `bad-cart`, `too-expensive` {most}; 409 `product-not-in-show`, `sold-out`,
    `not-enough-left` {left}, `per-buyer-cap` {cap}. With several lines the problem also lists all that were
    refused, as `lines`.
    """

    buyer: str
    lines: tuple[Line, ...]
    seconds: int
    language: str = "ko"

    def wants(self) -> Wants:
        return Wants(buyer=self.buyer, variants=[line.variant_id for line in self.lines], waits=True)

    def decide(self, ledger: Ledger) -> Receipt:
        self._refuse_nonsense()
        earlier = [hold for one in ledger.open_checkouts(self.buyer) for hold in ledger.holds_of(one)]
        self._refuse_what_is_not_there(ledger, earlier)
        self._refuse_too_much(ledger)
        checkout = self._checkout(ledger)
        for one in ledger.open_checkouts(self.buyer):
            give_up(ledger, one)
        ledger.add(checkout)
        for line in self.lines:
            ledger.keep(self._hold(ledger, checkout, line))
            if (waiter := ledger.waits(self.buyer, line.variant_id)) is not None:
                ledger.leave(waiter)
        return receipt(ledger, checkout)

    def _checkout(self, ledger: Ledger) -> CheckoutRow:
        """With `seconds` anew; for who goes on keeping something, within `MOST_SPANS` since they began."""
        span = timedelta(seconds=self.seconds)
        checkout = CheckoutRow(
            id=ordered_uuid().hex,
            buyer=self.buyer,
            started_at=ledger.now,
            expires_at=ledger.now + span,
            language=self.language,
        )
        for before in ledger.open_checkouts(self.buyer):
            if self._goes_on_keeping(ledger, before):
                checkout.started_at, checkout.extended_at = before.started_at, before.extended_at
                longest = before.started_at + MOST_SPANS * span
                checkout.expires_at = max(before.expires_at, min(checkout.expires_at, longest))
        return checkout

    def _goes_on_keeping(self, ledger: Ledger, before: CheckoutRow) -> bool:
        variants = {line.variant_id for line in self.lines}
        kept = (hold for hold in ledger.holds_of(before) if hold.status in KEPT)
        return any(hold.stock_id in variants for hold in kept)

    def _refuse_nonsense(self) -> None:
        if not 1 <= len({line.variant_id for line in self.lines}) == len(self.lines) <= MOST_LINES:
            raise Problem(422, "bad-cart", {"most": MOST_LINES})
        if not all(1 <= line.quantity <= MOST_UNITS for line in self.lines):
            raise Problem(422, "bad-quantity", {"most": MOST_UNITS})

    def _refuse_too_much(self, ledger: Ledger) -> None:
        prices = ((self._price(ledger, line), line.quantity) for line in self.lines)
        if sum(price * quantity for price, quantity in prices) > MOST_WON:
            raise Problem(422, "too-expensive", {"most": MOST_WON})

    def _refuse_what_is_not_there(self, ledger: Ledger, earlier: list[HoldRow]) -> None:
        refused: list[Refusal] = []
        for line in self.lines:
            mine = [
                hold for hold in earlier if hold.stock_id == line.variant_id and hold.status in NOT_ORDERED
            ]
            try:
                _refuse(ledger, self.buyer, line, mine)
            except Problem as problem:
                refused.append(Refusal(line.variant_id, problem))
        if refused:
            first = refused[0].problem
            listed = {"lines": [one.facts() for one in refused]} if len(self.lines) > 1 else {}
            raise Problem(first.status, first.code, {**first.facts, **listed})

    @staticmethod
    def _price(ledger: Ledger, line: Line) -> int:
        """Won for one, as of now."""
        offer = live_offer(ledger, line)
        return offer.price if offer else ledger.variants[line.variant_id].price

    def _hold(self, ledger: Ledger, checkout: CheckoutRow, line: Line) -> HoldRow:
        offer = live_offer(ledger, line)
        is_first_paid = offer is not None and offer.kind == Offer.Kind.FIRST_PAID
        return HoldRow(
            id=ordered_uuid().hex,
            checkout_id=checkout.id,
            stock_id=line.variant_id,
            show_id=line.show_id,
            buyer=self.buyer,
            quantity=line.quantity,
            unit_price=self._price(ledger, line),
            created_at=ledger.now,
            expires_at=checkout.expires_at,
            at_live_price=offer is not None,
            status=WANTED if is_first_paid else HELD,
        )


def live_offer(ledger: Ledger, line: Line) -> OfferRow | None:
    """The show's offer, while the show is on the air."""
    offer = ledger.offers.get((line.show_id, line.variant_id)) if line.show_id else None
    return offer if offer and offer.is_live else None


def give_up(ledger: Ledger, checkout: CheckoutRow) -> None:
    """Close a checkout that waits, and give back its stock."""
    for hold in ledger.holds_of(checkout):
        ledger.release(hold)
    checkout.status = Checkout.Status.OVER.value
    ledger.change(checkout)


def _refuse(ledger: Ledger, buyer: str, line: Line, mine: list[HoldRow]) -> None:
    """Refuses what cannot be kept, counting what the buyer keeps already as free for them."""
    if line.show_id is not None and (line.show_id, line.variant_id) not in ledger.offers:
        raise Problem(409, "product-not-in-show")
    stock = ledger.stocks.get(line.variant_id)
    if stock is None:
        raise Problem(409, "sold-out")
    offer = live_offer(ledger, line)
    if offer is not None:
        replaced = sum(hold.quantity for hold in mine if hold.show_id == line.show_id)
        refuse_over_cap(offer, line, ledger.units(buyer, offer, (*TAKEN, WANTED)) - replaced)
    refuse_more_than_left(ledger, stock, offer, line, mine)
