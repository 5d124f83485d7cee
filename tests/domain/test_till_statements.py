"""A checkout of sixty lines asks the database as often as one of a single line."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest

from golmok.domain.festas.models import Show
from golmok.domain.orders.till.start import MOST_LINES
from golmok.domain.orders.till.tables import Table
from golmok.domain.shops.models import Variant
from tests.buying import keep, pay, place
from tests.domain.conftest import offer_product, open_show

pytestmark = pytest.mark.django_db
TOUCHING = ("select", "_write", "delete")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the till's tables are asked meanwhile."""
    asked: list[str] = []

    def noting(name: str) -> object:
        original = getattr(Table, name)

        def noted(self: Table[object], *values: object, **named: object) -> object:
            asked.append(name)
            return original(self, *values, **named)

        return noted

    with ExitStack() as patches:
        for name in TOUCHING:
            patches.enter_context(patch.object(Table, name, noting(name)))
        yield asked


def asked_for(variants: list[Variant], buyer: str) -> list[int]:
    """Statements for keeping, placing and paying one of each."""
    counts = []
    with statements() as asked:
        kept = keep(*((variant, 1) for variant in variants), buyer=buyer)
        counts.append(len(asked))
        placed = place(kept)
        counts.append(len(asked))
        pay(placed)
        counts.append(len(asked))
    return counts


def test_sixty_lines_cost_as_many_statements_as_one() -> None:
    first = open_show(units=9)
    show = Show.objects.get()
    rest = [offer_product(first.product.shop, show, units=9) for _ in range(MOST_LINES - 1)]
    few = asked_for([first], "guest:a")
    many = asked_for([first, *rest], "guest:b")
    assert many == few
    assert few[-1] > 10
