import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from golmok.domain.festas.models import Show
from golmok.web.templatetags.golmok import day_and_time
from tests.web.viewer.reading import Page


def test_shows_what_is_on_what_comes_and_what_was(client: Client, live: Show) -> None:
    source = client.get("/").content.decode()
    text = Page(source).text
    assert "라이브" in text
    assert "지난 방송" in text
    for show in Show.objects.select_related("district"):
        assert f'href="/shows/{show.pk}/"' in source
        assert show.district.name in text or show == live


def test_only_what_was_recorded_is_offered_again(
    client: Client, live: Show, recorded: Callable[[Show], None]
) -> None:
    text = Page(client.get("/").content.decode()).text
    assert "끝났어요" in text
    assert "다시보기" not in text
    for show in Show.objects.filter(status=Show.Status.ENDED):
        recorded(show)
    text = Page(client.get("/").content.decode()).text
    assert "다시보기" in text
    assert "끝났어요" not in text


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


def plan(show: Show, starts_in: timedelta) -> None:
    """The only show there is begins in `starts_in` and is an hour long."""
    starts_at = timezone.now() + starts_in
    Show.objects.exclude(pk=show.pk).update(status=Show.Status.CANCELLED)
    Show.objects.filter(pk=show.pk).update(
        status=Show.Status.SCHEDULED, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )


def test_the_next_show_stands_at_the_top_and_only_there(client: Client, live: Show) -> None:
    plan(live, timedelta(hours=2))
    source = client.get("/").content.decode()
    assert "다음 방송" in source
    assert source.count(f'href="/shows/{live.pk}/"') == 1


def test_a_late_show_comes_soon_instead_of_at_a_time_that_passed(client: Client, live: Show) -> None:
    plan(live, timedelta(minutes=-5))
    source = client.get("/").content.decode()
    live.refresh_from_db()
    assert "곧 시작해요" in source
    assert day_and_time(live.starts_at) not in source


def test_a_show_that_never_began_is_not_announced_after_its_end(client: Client, live: Show) -> None:
    plan(live, timedelta(minutes=-61))
    assert "아직 정해진 방송이 없어요" in client.get("/").content.decode()


def test_query_count_is_constant(
    client: Client, live: Show, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get("/")
