"""The show page says everything without scripts, is the same for everyone, and links well."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from golmok.domain.festas.models import Offer, RundownSegment, Show
from golmok.domain.orders.actions import mark_sold_out
from golmok.web.templatetags.golmok import day_and_time, time_of_day, won
from tests.web.viewer.reading import Page

HANGUL = re.compile(r"[가-힣]+")


def page_of(client: Client, show: Show, prefix: str = "") -> Page:
    return Page(client.get(f"{prefix}/shows/{show.pk}/").content.decode())


def test_says_what_is_sold_when_and_by_whom_without_scripts(client: Client, live: Show) -> None:
    text = page_of(client, live).text
    assert day_and_time(live.starts_at) in text
    for offer in Offer.objects.filter(show=live).select_related("variant__product__shop"):
        product, shop = offer.variant.product, offer.variant.product.shop
        assert product.name in text
        assert product.origin in text
        for fact in (shop.name, shop.representative, shop.business_number, shop.phone, shop.address):
            assert fact in text
    assert "7일" in text


def test_live_price_and_regular_price_stand_side_by_side(client: Client, live: Show) -> None:
    offer = Offer.objects.select_related("variant").filter(show=live)[0]
    text = page_of(client, live).text
    assert won(offer.price) in text
    assert won(offer.variant.price) in text


def test_regular_price_is_not_struck_when_it_is_not_higher(client: Client, live: Show) -> None:
    Offer.objects.filter(show=live).update(price=33_330)
    for offer in Offer.objects.filter(show=live).select_related("variant"):
        offer.variant.price = 33_330
        offer.variant.save()
    source = client.get(f"/shows/{live.pk}/").content.decode()
    assert not re.search(r"<s [^>]*>[^<]*\d", source)


def test_the_rundown_counts_from_the_real_start(client: Client, live: Show) -> None:
    began = live.starts_at + timedelta(minutes=37)
    Show.objects.filter(pk=live.pk).update(started_at=began)
    turns = RundownSegment.objects.filter(show=live).order_by("position")
    text = page_of(client, live).text
    passed = 0
    for turn in turns:
        times = (began + timedelta(minutes=passed + minutes) for minutes in (0, turn.minutes))
        assert "–".join(time_of_day(moment) for moment in times) in text.replace(" – ", "–")
        passed += turn.minutes


def test_after_the_end_words_stand_where_one_could_speak(client: Client, live: Show) -> None:
    Show.objects.filter(pk=live.pk).update(status=Show.Status.ENDED)
    source = client.get(f"/shows/{live.pk}/").content.decode()
    assert '<form class="composer"' not in source
    text = Page(source).text
    assert "방송이 끝났어요. 그때 나눈 이야기를 화면에 맞춰 보여 드려요." in text
    assert "상품 둘러보기" in text


def test_a_show_that_was_not_recorded_is_not_offered_again(
    client: Client, live: Show, recorded: Callable[[Show], None]
) -> None:
    Show.objects.filter(pk=live.pk).update(status=Show.Status.ENDED)
    page = page_of(client, live)
    assert "방송은 끝났어요" in page.meta["description"]
    assert "VideoObject" not in [thing["@type"] for thing in page.structured]
    recorded(live)
    page = page_of(client, live)
    assert "다시 볼 수 있어요" in page.meta["description"]
    assert "VideoObject" in [thing["@type"] for thing in page.structured]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_whoever_logs_in_is_back_at_the_show(client: Client, live: Show, prefix: str) -> None:
    show = f"{prefix}/shows/{live.pk}/"
    ways = set(re.findall(r'href="([^"]*/login/[^"]*)"', client.get(show).content.decode()))
    assert len(ways) == 1
    way = ways.pop()
    form = client.get(way).content.decode()
    assert f'name="next" value="{show}"' in form
    typed = {"login": "viewer", "password": "golmok-demo", "next": show}
    assert client.post(urlsplit(way).path, typed).headers["Location"] == show


def test_a_cancelled_show_says_so_and_leads_to_others(client: Client, live: Show) -> None:
    Show.objects.filter(pk=live.pk).update(status=Show.Status.CANCELLED)
    source = client.get(f"/shows/{live.pk}/").content.decode()
    assert '<form class="composer"' not in source
    assert "이 방송은 취소됐어요" in Page(source).text
    assert "다시 보거나" not in Page(source).text
    assert "다른 방송 보기" in source


def test_sold_out_is_said_in_words(client: Client, live: Show) -> None:
    offer = Offer.objects.select_related("variant").filter(show=live)[0]
    from golmok.domain.accounts.models import User

    mark_sold_out(offer.variant, live, User.objects.get(username="merchant"))
    assert "다 팔렸어요" in page_of(client, live).text


@pytest.mark.parametrize("path", ["/", "/en/", "/shows/{}/", "/en/shows/{}/"])
def test_public_pages_are_the_same_for_everyone_and_cacheable(client: Client, live: Show, path: str) -> None:
    response = client.get(path.format(live.pk))
    assert response.headers["Cache-Control"] == "public, max-age=5"
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    signed_in = Client()
    signed_in.login(username="merchant", password="golmok-demo")
    assert signed_in.get(path.format(live.pk)).content == response.content


def test_an_unchanged_page_is_not_sent_twice(client: Client, live: Show) -> None:
    first = client.get(f"/shows/{live.pk}/")
    again = client.get(f"/shows/{live.pk}/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_no_script_or_style_is_inline(client: Client, live: Show) -> None:
    source = client.get(f"/shows/{live.pk}/").content.decode()
    for script in Page(source).scripts:
        assert script.get("src") or script["type"] in {"application/json", "application/ld+json"}
    assert "<style" not in source
    assert not re.search(r"\son\w+=|\sstyle=", source)


def test_english_twin_has_no_korean_of_ours(client: Client, live: Show) -> None:
    text = page_of(client, live, "/en").text.replace("한국어", "")
    content = " ".join(
        f"{s.shop.name} {s.shop.representative} {s.shop.mail_order_number}"
        for s in RundownSegment.objects.filter(show=live)
    )
    strange = {word for word in HANGUL.findall(text) if word not in content}
    assert strange == set()


def test_links_share_title_picture_and_words(client: Client, live: Show) -> None:
    for prefix in ("", "/en"):
        meta = page_of(client, live, prefix).meta
        assert meta["og:title"]
        assert meta["og:description"] == meta["description"] == meta["twitter:description"]
        assert meta["twitter:card"] == "summary_large_image"
        for name in ("og:url", "og:image", "twitter:image"):
            assert urlsplit(meta[name]).scheme in {"http", "https"}
        assert urlsplit(meta["og:url"]).path == f"{prefix}/shows/{live.pk}/"
        assert urlsplit(meta["og:image"]).path == f"{prefix}/shows/{live.pk}/poster.png"


def test_structured_data_names_event_video_and_products(client: Client, live: Show) -> None:
    graph = page_of(client, live).structured
    kinds = [thing["@type"] for thing in graph]
    assert kinds.count("BroadcastEvent") == 1
    assert kinds.count("VideoObject") == 1
    products = [thing for thing in graph if thing["@type"] == "Product"]
    assert {offer["price"] for offer in (p["offers"] for p in products)} <= set(
        Offer.objects.filter(show=live).values_list("price", flat=True)
    )


def test_content_cannot_become_markup(client: Client, live: Show) -> None:
    evil = "</script><script>alert(1)</script><b onclick=x>&"
    Show.objects.filter(pk=live.pk).update(title=evil)
    product = Offer.objects.filter(show=live)[0].variant.product
    product.name, product.picture_alt = evil, '"><script>alert(2)</script>'
    product.save()
    source = client.get(f"/shows/{live.pk}/").content.decode()
    assert "<script>alert" not in source
    page = Page(source)
    assert page.structured[0]["name"] == evil
    assert evil in page.text


def test_query_count_does_not_grow_with_the_show(
    client: Client, live: Show, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        client.get(f"/shows/{live.pk}/")
    offer = Offer.objects.select_related("variant__product").filter(show=live)[0]
    Offer.objects.filter(show=live).exclude(pk=offer.pk).delete()
    with django_assert_num_queries(6):
        client.get(f"/shows/{live.pk}/")


def test_unknown_show_is_not_found(client: Client, sample: object) -> None:
    assert client.get("/shows/nothing2here/").status_code == 404


def test_not_found_page_speaks_the_language_of_its_address(client: Client, db: None) -> None:
    assert "찾는 페이지가 없어요" in client.get("/nowhere/").content.decode()
    assert "There is no such page" in client.get("/en/nowhere/").content.decode()
