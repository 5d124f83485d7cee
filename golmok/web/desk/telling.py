"""What the desk asks the till to say."""

from collections.abc import Sequence
from dataclasses import dataclass

from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants


@dataclass(frozen=True)
class TellLeft:
    """Every room that sells one of the variants hears what is left of it; the stock stays as it is."""

    variants: Sequence[int]

    def wants(self) -> Wants:
        return Wants(variants=self.variants)

    def decide(self, ledger: Ledger) -> None:
        for variant in self.variants:
            stock = ledger.stocks.get(variant)
            if stock is not None:
                ledger.touch_stock(stock)
