"""The merchant's pages: whose they are, what they say, and that no cache keeps them."""

from datetime import timedelta
from typing import Protocol

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.shops.models import ShopMember
from golmok.web.studio.views import in_order
from tests.web.festa_day import FestaDay, make_offer, make_shop, make_show, member, open_festa_day


@pytest.fixture
def day(db: None) -> FestaDay:
    return open_festa_day()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def words(response: Answer) -> str:
    return response.content.decode()


def address(show: Show) -> str:
    return f"/studio/shows/{show.pk}/"


def test_a_stranger_is_sent_to_log_in_and_comes_back(day: FestaDay) -> None:
    for path in ("/studio/", address(day.show)):
        response = Client().get(path)
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={path}"


def test_the_english_page_sends_to_the_english_log_in(day: FestaDay) -> None:
    assert Client().get("/en/studio/")["Location"] == "/en/accounts/login/?next=/en/studio/"


@pytest.mark.parametrize("who", ["merchant", "helper", "organiser"])
def test_those_who_make_a_show_find_it_and_may_enter(day: FestaDay, who: str) -> None:
    client = as_(getattr(day, who))
    assert address(day.show) in words(client.get("/studio/"))
    page = client.get(address(day.show))
    assert page.status_code == 200
    assert f'data-show="{day.show.pk}"' in words(page)
    assert 'data-status="live"' in words(page)


def test_a_show_of_others_is_refused_in_plain_words(day: FestaDay) -> None:
    other = make_shop(day.show.district, "디라이트")
    outsider = member(other, "outsider", ShopMember.Role.MERCHANT)
    for user in (outsider, day.viewer):
        response = as_(user).get(address(day.show))
        assert response.status_code == 403
        assert "이 방송을 맡고 있지 않아요" in words(response)
        assert 'href="/studio/"' in words(response)
        assert day.show.pk not in words(as_(user).get("/studio/"))


def test_an_unknown_show_is_named_as_such(day: FestaDay) -> None:
    response = as_(day.merchant).get("/studio/shows/nosuchshow/")
    assert response.status_code == 404
    assert "그런 방송이 없어요" in words(response)


def test_a_cancelled_show_cannot_be_opened(day: FestaDay) -> None:
    Show.objects.filter(pk=day.show.pk).update(status=Show.Status.CANCELLED)
    response = as_(day.merchant).get(address(day.show))
    assert response.status_code == 409
    assert "이 방송은 취소됐어요" in words(response)


def test_nobody_keeps_a_copy(day: FestaDay) -> None:
    client = as_(day.merchant)
    for path in ("/studio/", address(day.show), "/studio/shows/nosuchshow/"):
        kept = client.get(path)["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept


def test_both_languages(day: FestaDay) -> None:
    client = as_(day.merchant)
    korean, english = words(client.get(address(day.show))), words(client.get("/en" + address(day.show)))
    assert '<html lang="ko">' in korean
    assert "방송 시작" in korean
    assert day.show.title in korean
    assert '<html lang="en">' in english
    assert "Go live" in english
    assert "Evening rice cakes" in english


def test_nothing_inline_that_the_policy_would_block(day: FestaDay) -> None:
    page = words(as_(day.merchant).get(address(day.show)))
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page


def test_without_shows_the_page_says_what_to_do_first(day: FestaDay) -> None:
    page = words(as_(day.viewer).get("/studio/"))
    assert "아직 맡은 방송이 없어요" in page
    assert "가게 이름을 알려 주세요" in page


def test_the_live_show_comes_before_nearer_ones_and_the_past_last(day: FestaDay) -> None:
    def show(status: str, days: int) -> Show:
        return Show(status=status, starts_at=day.show.starts_at + timedelta(days=days))

    past, older = show("ended", -1), show("ended", -7)
    soon, later, live = show("scheduled", 0), show("scheduled", 7), show("live", 1)
    own = in_order([older, past, soon, later, live])
    assert own.first is live
    assert own.later == [soon, later]
    assert own.past == [past, older]


def test_the_list_costs_the_same_for_many_shows(
    day: FestaDay, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    festa = day.show.festa
    for _ in range(4):
        make_offer(day.shop, make_show(festa, day.show.district, day.shop, Show.Status.SCHEDULED))
    client = as_(day.merchant)
    with django_assert_max_num_queries(10):
        page = words(client.get("/studio/"))
    assert page.count("/studio/shows/") == 5


def test_an_ended_show_leads_to_its_replay(day: FestaDay) -> None:
    Show.objects.filter(pk=day.show.pk).update(status=Show.Status.ENDED, ended_at=day.show.ends_at)
    page = words(as_(day.merchant).get(address(day.show)))
    assert 'data-status="ended"' in page
    assert f'href="/shows/{day.show.pk}/"' in page
