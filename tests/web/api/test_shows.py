"""What anybody may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from golmok.domain.festas.actions import pin_product
from tests.buying import hold, order
from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay, make_offer, make_shop, make_show


def test_the_list_tells_state_times_district_shops_and_folder(day: FestaDay, guest: Browser) -> None:
    [item] = said(guest.get("/shows"))["items"]
    assert item["status"] == "live"
    assert item["district"] == {"slug": "nangok", "name": "난곡동", "gu": "관악구"}
    assert item["shops"] == [{"slug": day.shop.slug, "name": "바른떡"}]
    assert item["folder"] == item["url"] == f"/shows/{day.show.pk}/"


def test_words_follow_accept_language(day: FestaDay) -> None:
    response = Browser(language="en-GB,ko;q=0.5").get("/shows")
    [item] = said(response)["items"]
    assert item["title"] == "Evening rice cakes"
    assert item["url"] == f"/en/shows/{day.show.pk}/"
    assert item["folder"] == f"/shows/{day.show.pk}/"
    assert response["Content-Language"] == "en"


def test_a_show_tells_sellers_products_prices_and_what_is_left(day: FestaDay, guest: Browser) -> None:
    pin_product(day.show, day.variant.product, day.merchant)
    hold(day.variant, 2)
    show = said(guest.get(f"/shows/{day.show.pk}"))
    [turn], [product] = show["rundown"], show["products"]
    assert turn["shop"]["representative"] == "김바른"
    assert turn["shop"]["business_number"] == "123-45-67890"
    assert product["origin"] == "쌀(국내산)"
    assert product["variants"] == [
        {
            "id": day.variant.pk,
            "name": "500g",
            "regular_price": 12000,
            "price": 9900,
            "kind": "hold",
            "per_buyer_cap": None,
            "left": 3,
            "closed": False,
        }
    ]
    assert show["pinned"] == day.variant.product_id


@pytest.mark.parametrize("path", ["/shows", "/shows/{show}"])
def test_public_reads_are_the_same_for_everyone_and_cacheable(
    day: FestaDay, guest: Browser, path: str
) -> None:
    path = path.format(show=day.show.pk)
    mine, theirs = Browser(day.merchant).get(path), guest.get(path)
    assert mine.content == theirs.content
    assert theirs["Cache-Control"] == "public, max-age=2"
    assert theirs["Vary"] == "Accept-Language"
    assert "Set-Cookie" not in theirs and not mine.cookies


def test_public_reads_carry_nothing_of_buyers(day: FestaDay, guest: Browser) -> None:
    order(hold(day.variant))
    read = Browser().get("/shows").content.decode() + Browser().get(f"/shows/{day.show.pk}").content.decode()
    for private in ("김서울", "5678", "08754", "guest:", "느티나무", "viewer@example.com"):
        assert private not in read


def test_the_number_of_queries_does_not_grow_with_the_festa(day: FestaDay, guest: Browser) -> None:
    before = [_queries(guest, "/shows"), _queries(guest, f"/shows/{day.show.pk}")]
    for name in ("가", "나", "다"):
        shop = make_shop(day.show.district, name)
        make_show(day.show.festa, day.show.district, shop)
        make_offer(shop, day.show)
    assert [_queries(guest, "/shows"), _queries(guest, f"/shows/{day.show.pk}")] == before


def _queries(guest: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        said(guest.get(path))
    return len(queries)


@pytest.mark.parametrize(
    ("language", "title"), [("ko", "방송을 찾을 수 없어요"), ("en", "There is no such show")]
)
def test_an_unknown_show_is_a_problem_in_the_readers_language(
    day: FestaDay, language: str, title: str
) -> None:
    document = problem(Browser(language=language).get("/shows/nowhere"), 404, "show-unknown")
    assert language == "en" or document["title"] == title


def test_an_unknown_address_is_a_problem(day: FestaDay, guest: Browser) -> None:
    problem(guest.get("/nowhere/at/all"), 404, "not-here")


def test_a_wrong_method_is_a_problem(day: FestaDay, guest: Browser) -> None:
    response = guest.delete("/shows")
    problem(response, 405, "not-this-way")
    assert response["Allow"] == "GET"


def test_our_own_fault_is_a_problem_that_tells_nothing_of_the_inside(
    day: FestaDay, guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("golmok.domain.festas.queries.list_shows", lambda: 1 / 0)
    document = problem(guest.get("/shows"), 500, "our-fault")
    assert "ZeroDivisionError" not in str(document)


def test_a_body_that_is_too_large_is_refused(day: FestaDay, guest: Browser) -> None:
    problem(guest.post("/me/nickname", {"show": "x" * 1024 * 1024}), 413, "too-much")
