"""Guards that stand behind one another: what the next one does when the first is gone."""

from collections.abc import Iterator

import pytest

from golmok.domain.orders.till.receipt import Receipt
from golmok.domain.shops.models import Variant
from tests.buying import numbers
from tests.domain import books
from tests.domain.races import guards
from tests.domain.races.crew import Crew, crew
from tests.domain.races.market import Market, buyer, money
from tests.domain.races.meeting import asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture(scope="module")
def processes(django_db_setup: None) -> Iterator[Crew]:
    with crew(3) as hands:
        yield hands


def twice(market: Market, variant: Variant, units: int) -> object:
    """What a checkout of two lines of one variant gets."""
    try:
        return asked(market.start(buyer(), (variant, units), (variant, units)))
    except Exception as refused:
        return getattr(refused, "code", refused)


def test_two_lines_of_one_variant_are_refused(market: Market) -> None:
    variant = market.goods(3, cap=2)
    assert twice(market, variant, 2) == "bad-cart"
    assert numbers(variant) == (0, 0, 3)


def test_of_two_lines_let_through_the_database_refuses_more_than_there_is(market: Market) -> None:
    variant = market.goods(3)
    with guards.one_line_of_a_variant():
        assert twice(market, variant, 2) == "clash"
    assert numbers(variant) == (0, 0, 3)
    assert books.wrongs() == []


def test_without_the_databases_check_two_lines_oversell(market: Market) -> None:
    variant = market.goods(3)
    with guards.one_line_of_a_variant(), guards.never_oversold():
        assert isinstance(twice(market, variant, 2), Receipt)
        assert "more is kept and sold than there is" in books.wrongs()


def test_two_lines_let_through_pass_the_cap(market: Market) -> None:
    variant = market.goods(9, cap=2)
    with guards.one_line_of_a_variant():
        twice(market, variant, 2)
    assert books.wrongs() == ["a buyer has more than the cap"]


def test_without_the_count_a_second_tab_passes_the_cap(market: Market) -> None:
    who, variant = buyer(), market.goods(9, cap=1)
    market.placed(1, who, variant)
    with guards.counted_units():
        asked(market.start(who, (variant, 1)))
    assert books.wrongs() == ["a buyer has more than the cap"]


def test_an_event_that_is_not_looked_for_is_refused_by_the_database(market: Market) -> None:
    told = money(market.placed())
    asked(told)
    with guards.known_events(), pytest.raises(Exception, match="clash"):
        asked(told)
    assert books.money() == (told.amount, 0)


def test_a_key_that_is_not_looked_for_is_refused_instead_of_answered(market: Market) -> None:
    wish = market.place(market.kept(), "once")
    asked(wish)
    with guards.known_keys(), pytest.raises(Exception, match="hold-gone"):
        asked(wish)
    assert books.wrongs() == []


def test_carts_in_every_order_wait_for_each_other_in_no_ring(market: Market, processes: Crew) -> None:
    goods = [market.goods(99) for _ in range(6)]
    for _ in range(10):
        carts = [[(one, 1) for one in turn] for turn in (goods, goods[::-1], goods[3:] + goods[:3])]
        got = processes.at_once([market.start(buyer(), *cart) for cart in carts])
        assert [one for one in got if not isinstance(one, Receipt)] == []
    assert {numbers(one) for one in goods} == {(30, 0, 69)}
    assert books.wrongs() == []
