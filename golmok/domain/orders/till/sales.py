"""What the shop says of its own stock."""

from collections.abc import Sequence
from dataclasses import dataclass

from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants
from golmok.domain.orders.till.rows import StockRow
from golmok.problems import Problem


@dataclass(frozen=True)
class SetTotal:
    """Have `total` units on sale in all. 409 `less-than-sold` {least} below what is kept and sold."""

    variant_id: int
    total: int

    def wants(self) -> Wants:
        return Wants(variants=[self.variant_id])

    def decide(self, ledger: Ledger) -> StockRow:
        stock = ledger.stocks.get(self.variant_id)
        if stock is None:
            stock = StockRow(self.variant_id, total=0)
            ledger.add(stock)
        least = stock.held + stock.sold
        if self.total < least:
            raise Problem(409, "less-than-sold", {"least": least})
        stock.total = self.total
        ledger.touch_stock(stock)
        return stock


@dataclass(frozen=True)
class CloseSales:
    """Take nothing more, whatever the numbers say, or take again. Holds that were promised stay good."""

    variant_id: int
    is_closed: bool

    def wants(self) -> Wants:
        return Wants(variants=[self.variant_id])

    def decide(self, ledger: Ledger) -> StockRow:
        stock = ledger.stocks.get(self.variant_id)
        if stock is None:
            raise Problem(409, "sold-out")
        stock.is_closed = self.is_closed
        ledger.touch_stock(stock)
        return stock


@dataclass(frozen=True)
class TellLeft:
    """Every room that sells one of the variants hears what is left of it; the stock stays as it is.

    For after their offers changed: what is taken of total caps is counted anew, since nothing is counted
    while there is no cap.
    """

    variants: Sequence[int]

    def wants(self) -> Wants:
        return Wants(variants=self.variants, recount=True)

    def decide(self, ledger: Ledger) -> None:
        for variant in self.variants:
            stock = ledger.stocks.get(variant)
            if stock is not None:
                ledger.touch_stock(stock)
