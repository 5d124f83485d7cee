"""Who found an order by number and phone may pay it, and buy nothing else in its buyer's name."""

from uuid import UUID

import httpx
import pytest

from golmok.web.till.passes import BuyerPass, mint
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import Buyer, Json, problem, said

pytestmark = pytest.mark.django_db(transaction=True)


def finder_of(placed: Json, owner: Buyer, till: httpx.Client) -> Buyer:
    return Buyer(till, token=mint(BuyerPass(owner.buyer, None, UUID(placed["id"]).hex)))


def test_a_lent_pass_pays_its_checkout(day: FestaDay, guest: Buyer, counter: httpx.Client) -> None:
    placed = guest.place(guest.keep(day))
    finder = finder_of(placed, guest, counter)
    assert said(finder.look(placed))["status"] == "placed"
    assert said(finder.pay(placed))["status"] == "paid"


def test_a_lent_pass_opens_nothing_else(day: FestaDay, guest: Buyer, counter: httpx.Client) -> None:
    placed = guest.place(guest.keep(day))
    finder = finder_of(placed, guest, counter)
    another = guest.keep(day)
    problem(finder.look(another), 401, "buyer-pass-missing")
    problem(finder.start(day), 401, "buyer-pass-missing")
