"""Races for what comes free, for what goes to who pays first, and for the last at the live price."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from django.db import connection

from golmok.domain.festas.models import Offer
from golmok.domain.orders import actions
from golmok.domain.orders.models import Checkout, PaymentEvent, Stock, Waiting
from golmok.domain.orders.till import serving
from golmok.domain.orders.till.give_back import GiveUp
from golmok.domain.orders.till.pay import PayTest
from golmok.domain.orders.till.reserve import Reserve
from golmok.domain.orders.till.start import Line
from golmok.domain.orders.till.waiting import Join
from golmok.domain.shops.models import Variant
from tests.domain.races import guards
from tests.domain.races.market import Market, buyer
from tests.domain.races.races import Meeting, Race, one_is_served

HEADS_READ = (serving, "_heads")


def waits(market: Market, variant: Variant, who: str) -> Join:
    return Join(who, Line(variant.pk, 1, market.show.pk))


def joined(market: Market, variant: Variant) -> str:
    who = buyer()
    actions.wait_for(buyer=who, line=waits(market, variant, who).line)
    return who


def gives_up(checkout: Checkout) -> GiveUp:
    return GiveUp(checkout.buyer, checkout.pk.hex)


def two_join_a_list(market: Market) -> Meeting:
    variant = market.goods(1)
    market.kept(1, of=variant)
    return Meeting(waits(market, variant, buyer()), waits(market, variant, buyer()))


def joining_and_giving_up(market: Market) -> Meeting:
    """Nobody may wait for what is free already."""
    variant = market.goods(1)
    kept = market.kept(1, of=variant)
    return Meeting(waits(market, variant, buyer()), gives_up(kept))


def two_give_up_and_one_waits(market: Market) -> Meeting:
    variant = market.goods(2)
    kept, other = market.kept(1, of=variant), market.kept(1, of=variant)
    joined(market, variant)
    return Meeting(gives_up(kept), gives_up(other))


def a_turn_and_starting_elsewhere(market: Market) -> Meeting:
    """Whose turn comes is starting something else at this moment, which must stay theirs."""
    variant, other = market.goods(1), market.goods(1)
    kept = market.kept(1, of=variant)
    who = joined(market, variant)
    return Meeting(gives_up(kept), market.start(who, (other, 1)))


def first_paid(market: Market) -> tuple[Checkout, Checkout]:
    variant = market.goods(1)
    Offer.objects.filter(variant=variant).update(kind=Offer.Kind.FIRST_PAID)
    return market.placed(1, of=variant), market.placed(1, of=variant)


def pays(checkout: Checkout) -> PayTest:
    return PayTest(checkout.buyer, checkout.pk.hex, uuid4().hex, PaymentEvent.Kind.APPROVED)


def two_pay_for_what_goes_to_the_first(market: Market) -> Meeting:
    one, other = first_paid(market)
    return Meeting(pays(one), pays(other), one_is_served)


def two_gateways_ask_for_the_last(market: Market) -> Meeting:
    one, other = (checkout.pk.hex for checkout in first_paid(market))
    return Meeting(Reserve(None, one), Reserve(None, other), one_is_served)


def the_last_at_the_live_price(market: Market) -> Meeting:
    variant = market.goods(9)
    Offer.objects.filter(variant=variant).update(total_cap=2)
    market.kept(1, of=variant)
    return Meeting(market.start(buyer(), (variant, 1)), market.start(buyer(), (variant, 1)), one_is_served)


@contextmanager
def free_names() -> Iterator[None]:
    """That who is served is looked at once more, with their name locked."""
    with patch.object(serving, "_free", lambda heads: heads):
        yield


@contextmanager
def numbers_once() -> Iterator[None]:
    """That the database refuses a place that was given before."""
    (found,) = (one for one in Waiting._meta.constraints if one.name == "place_given_once")
    others = [one for one in Waiting._meta.constraints if one is not found]
    with patch.object(Waiting._meta, "constraints", others), connection.schema_editor() as editor:
        editor.remove_constraint(Waiting, found)
    try:
        yield
    finally:
        Waiting.objects.all().delete()
        Stock.objects.update(waiting=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Waiting, found)


RACES = [
    Race(two_join_a_list, "a waiting list is miscounted", guards.both(numbers_once, guards.locks("stock"))),
    Race(joining_and_giving_up, "stock counts other units than holds keep", guards.locks("stock")),
    Race(two_give_up_and_one_waits, "a waiting list is miscounted", guards.locks("stock")),
    Race(
        a_turn_and_starting_elsewhere,
        "a buyer keeps two checkouts",
        guards.both(free_names, guards.locks()),
        point=HEADS_READ,
    ),
    Race(two_pay_for_what_goes_to_the_first, "more is kept and sold than there is", guards.locks("stock")),
    Race(two_gateways_ask_for_the_last, "stock counts other units than holds keep", guards.locks("stock")),
    Race(the_last_at_the_live_price, "more is taken at the live price than its cap", guards.locks("stock")),
]
