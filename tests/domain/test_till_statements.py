"""A checkout of sixty lines asks the database as often as one of a single line."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest

from golmok.domain.festas.models import Show
from golmok.domain.orders.actions import put_on_sale, wait_for
from golmok.domain.orders.models import Stock
from golmok.domain.orders.till.start import MOST_LINES, Line
from golmok.domain.orders.till.tables import Table
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
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


def refused(variant: Variant) -> None:
    """A stranger finds it all kept."""
    with pytest.raises(Problem, match="sold-out"):
        keep((variant, 1), buyer="guest:stranger")


def test_who_waits_costs_the_others_no_statement_while_nothing_is_free() -> None:
    variant = open_show(units=1)
    keep((variant, 1), buyer="guest:a")
    with statements() as nobody_waits:
        refused(variant)
    wait_for(buyer="guest:w", line=Line(variant.pk, 1))
    with statements() as somebody_waits:
        refused(variant)
    assert somebody_waits == nobody_waits


@pytest.mark.parametrize("cap", [None, 1])
def test_thirty_turns_cost_as_many_statements_as_one(cap: int | None) -> None:
    shop = open_show(units=1).product.shop
    show = Show.objects.get()
    counts = []
    for waiting in (1, 30):
        variant = offer_product(shop, show, units=1, cap=cap)
        keep((variant, 1), buyer=f"guest:first-{waiting}")
        for number in range(waiting):
            wait_for(buyer=f"guest:{waiting}-{number}", line=Line(variant.pk, 1, show.pk))
        with statements() as asked:
            put_on_sale(variant, 1 + waiting)
        assert Stock.objects.get(pk=variant.pk).held == 1 + waiting
        counts.append(asked)
    assert counts[0] == counts[1]
