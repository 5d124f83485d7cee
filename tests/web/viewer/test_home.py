import re

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from golmok.domain.festas.models import Show
from tests.web.viewer.reading import Page


def test_shows_what_is_on_what_comes_and_what_was(client: Client, live: Show) -> None:
    source = client.get("/").content.decode()
    text = Page(source).text
    assert "라이브" in text
    assert "다시보기" in text
    for show in Show.objects.select_related("district"):
        assert f'href="/shows/{show.pk}/"' in source
        assert show.district.name in text or show == live


def test_every_shop_of_a_coming_show_is_named(client: Client, live: Show) -> None:
    text = Page(client.get("/").content.decode()).text
    for show in Show.objects.filter(status=Show.Status.SCHEDULED):
        for segment in show.rundown.select_related("shop"):
            assert segment.shop.name in text


def test_says_what_to_expect_when_nothing_is_planned(client: Client, db: None) -> None:
    assert "아직 정해진 방송이 없어요" in client.get("/").content.decode()


def test_english_home_has_no_korean_of_ours(client: Client, live: Show) -> None:
    text = Page(client.get("/en/").content.decode()).text.replace("한국어", "")
    assert re.findall(r"[가-힣]+", text) == []


def test_query_count_is_constant(
    client: Client, live: Show, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get("/")
