"""What a show sells and for how much, and what its room hears of a change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.core import outbox
from golmok.domain.festas import actions, queries
from golmok.domain.festas.models import Offer, Show
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.domain.conftest import offer_product

Facts = list[tuple[str, dict[str, object]]]


def told(show_id: str = "nangok") -> Facts:
    facts = outbox.untold(show_id)
    outbox.mark_told([fact.id for fact in facts])
    return [(fact.kind, fact.fields) for fact in facts]


def in_state(show: Show, status: Show.Status) -> Show:
    Show.objects.filter(pk=show.pk).update(status=status)
    show.refresh_from_db()
    return show


def test_a_new_live_price_is_told_while_the_show_runs(variant: Variant, show: Show) -> None:
    told()
    offer = actions.set_offer(show, variant, 8800, 2)
    assert (offer.price, offer.per_buyer_cap) == (8800, 2)
    assert Offer.objects.get() == offer
    assert told() == [("price", {"variant": variant.pk, "price": 8800})]


def test_a_new_live_price_of_a_show_to_come_is_not_told_early(variant: Variant, show: Show) -> None:
    in_state(show, Show.Status.SCHEDULED)
    told()
    actions.set_offer(show, variant, 8800, None)
    assert told() == [("price", {"variant": variant.pk, "price": 12000})]


def test_an_offer_added_on_the_air_is_told(variant: Variant, show: Show) -> None:
    added = Variant.objects.create(product=variant.product, name="1kg", price=20000)
    told()
    actions.set_offer(show, added, 17000, None)
    assert told() == [("price", {"variant": added.pk, "price": 17000})]


def test_a_removed_offer_costs_the_regular_price_and_nothing_of_it_is_left(
    variant: Variant, show: Show, merchant: User
) -> None:
    actions.pin_product(show, variant.product, merchant)
    told()
    actions.remove_offer(Offer.objects.get())
    assert not Offer.objects.exists()
    assert told() == [
        ("price", {"variant": variant.pk, "price": 12000}),
        ("stock", {"variant": variant.pk, "left": 0, "closed": True}),
        ("unpin", {}),
    ]
    assert queries.pinned_product(show.pk) is None


def test_a_product_with_another_offer_stays_held_up(variant: Variant, show: Show, merchant: User) -> None:
    actions.set_offer(show, Variant.objects.create(product=variant.product, price=1000), 900, None)
    actions.pin_product(show, variant.product, merchant)
    actions.remove_offer(Offer.objects.get(variant=variant))
    assert queries.pinned_product(show.pk) == variant.product_id


@pytest.mark.parametrize("status", [Show.Status.ENDED, Show.Status.CANCELLED])
def test_what_a_show_that_is_over_sold_is_history(variant: Variant, show: Show, status: Show.Status) -> None:
    in_state(show, status)
    with pytest.raises(Problem, match="show-finished"):
        actions.set_offer(show, variant, 8800, None)
    with pytest.raises(Problem, match="show-finished"):
        actions.remove_offer(Offer.objects.get())
    assert Offer.objects.get().price == 9900


def test_a_new_regular_price_is_told_to_every_show_that_is_not_over(variant: Variant, show: Show) -> None:
    now = timezone.now()
    fields = {"festa": show.festa, "district": show.district, "starts_at": now, "title": "다른 방송"}
    for status in (Show.Status.SCHEDULED, Show.Status.ENDED):
        other = Show.objects.create(id=status, status=status, ends_at=now + timedelta(hours=1), **fields)
        Offer.objects.create(show=other, variant=variant, price=9000)
    offer_product(variant.product.shop, show, units=1)
    for show_id in ("nangok", "scheduled", "ended"):
        told(show_id)
    actions.change_price(variant, 11000)
    variant.refresh_from_db()
    assert variant.price == 11000
    assert told() == [("price", {"variant": variant.pk, "price": 9900})]
    assert told("scheduled") == [("price", {"variant": variant.pk, "price": 11000})]
    assert told("ended") == []
