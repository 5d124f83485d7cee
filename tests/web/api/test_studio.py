"""The buttons of the people of a show."""

import pytest
from django.http import HttpResponse

from golmok.domain.festas.actions import ingest_key_admits
from golmok.domain.festas.models import RundownSegment, Show
from golmok.domain.orders.queries import stock_of
from golmok.domain.shops.models import ShopMember
from golmok.problems import Problem
from tests.buying import hold
from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay, make_shop, member

BUTTONS = ["on-air", "end", "pin", "unpin", "sold-out", "reopen"]


def test_going_on_air_gives_a_key_for_the_picture(day: FestaDay) -> None:
    Show.objects.update(status=Show.Status.SCHEDULED, started_at=None)
    on_air = said(_press(Browser(day.merchant), day, "on-air"))
    assert on_air["show"]["status"] == "live"
    assert ingest_key_admits(day.show.pk, on_air["ingest_key"])


def test_a_show_that_ended_stays_ended(day: FestaDay) -> None:
    merchant = Browser(day.merchant)
    assert said(_press(merchant, day, "end"))["status"] == "ended"
    problem(_press(merchant, day, "on-air"), 409, "show-finished")


def test_a_product_is_held_up_and_put_down(day: FestaDay) -> None:
    helper = Browser(day.helper)
    product = day.variant.product_id
    assert said(_press(helper, day, "pin"))["pinned"] == product
    assert said(helper.get(f"/shows/{day.show.pk}"))["pinned"] == product
    assert said(_press(helper, day, "unpin"))["pinned"] is None


def test_sold_out_stops_the_sale_until_it_is_opened_again(day: FestaDay) -> None:
    merchant = Browser(day.merchant)
    assert said(_press(merchant, day, "sold-out")) == {"variant": day.variant.pk, "left": 0, "closed": True}
    with pytest.raises(Problem, match="sold-out"):
        hold(day.variant)
    assert said(_press(merchant, day, "reopen"))["left"] == 5


def test_another_shops_product_is_for_its_own_people_and_the_organiser(day: FestaDay) -> None:
    bagel = make_shop(day.show.district, "베이글집")
    RundownSegment.objects.create(show=day.show, shop=bagel, position=2)
    baker = Browser(member(bagel, "baker", ShopMember.Role.MERCHANT))
    for button in ("pin", "sold-out", "reopen"):
        problem(_press(baker, day, button), 403, "not-your-product")
    assert not stock_of([day.variant.pk])[day.variant.pk].closed
    assert said(_press(Browser(day.organiser), day, "sold-out"))["closed"]


def test_a_product_of_another_show_cannot_be_held_up(day: FestaDay) -> None:
    response = Browser(day.merchant).post(f"/studio/shows/{day.show.pk}/pin", {"product": 999999})
    problem(response, 404, "product-unknown")


@pytest.mark.parametrize("button", BUTTONS)
def test_guests_are_asked_to_log_in(day: FestaDay, guest: Browser, button: str) -> None:
    problem(_press(guest, day, button), 401, "log-in-first")


@pytest.mark.parametrize("button", BUTTONS)
def test_people_of_no_shop_in_the_show_are_refused(day: FestaDay, button: str) -> None:
    problem(_press(Browser(day.viewer), day, button), 403, "not-yours")
    assert Show.objects.get().status == Show.Status.LIVE
    assert not stock_of([day.variant.pk])[day.variant.pk].closed


def _press(browser: Browser, day: FestaDay, button: str) -> HttpResponse:
    body = {"product": day.variant.product_id, "variant": day.variant.pk}
    return browser.post(f"/studio/shows/{day.show.pk}/{button}", body)
