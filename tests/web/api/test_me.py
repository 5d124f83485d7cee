"""The one private request."""

import pytest
from django.conf import settings

from golmok.domain.accounts.models import User
from golmok.domain.orders.actions import start_checkout
from golmok.domain.orders.till.start import Line
from golmok.live.passes import check as check_room_pass
from golmok.web.till.passes import check
from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay


def test_a_stranger_is_nobody_yet_and_gets_no_session(day: FestaDay, guest: Browser) -> None:
    me = said(guest.get(f"/me?show={day.show.pk}"))
    assert me["user"] is me["nickname"] is me["room_pass"] is me["open_checkout"] is None
    assert (me["role"], me["orders"]) == ("viewer", 0)
    assert "sessionid" not in guest.client.cookies


def test_a_guest_becomes_a_buyer_who_finds_an_open_checkout_again(day: FestaDay, guest: Browser) -> None:
    me = said(guest.post("/me/buyer"))
    buyer = check(me["buyer_pass"])
    assert (buyer.buyer[:6], buyer.user) == ("guest:", None)
    kept = start_checkout(buyer=buyer.buyer, lines=[Line(day.variant.pk, 2, day.show.pk)])
    again = said(guest.get("/me"))
    assert check(again["buyer_pass"]) == buyer
    assert (again["open_checkout"]["id"], again["open_checkout"]["goods_total"]) == (str(kept.pk), 19800)


def test_an_unknown_show_is_a_problem(day: FestaDay, guest: Browser) -> None:
    problem(guest.get("/me?show=nowhere"), 404, "show-unknown")


@pytest.mark.parametrize("who", ["merchant", "helper", "organiser"])
def test_people_of_the_show_have_their_role(day: FestaDay, who: str) -> None:
    me = said(Browser(getattr(day, who)).get(f"/me?show={day.show.pk}"))
    assert me["role"] == who
    assert me["room_pass"]


def test_an_account_is_called_by_its_name(day: FestaDay) -> None:
    assert said(Browser(day.viewer).get("/me"))["user"] == {"name": "느티나무"}


def test_an_account_fills_in_who_receives(day: FestaDay, guest: Browser) -> None:
    User.objects.filter(pk=day.viewer.pk).update(phone="010-1234-5678")
    recipient = said(Browser(day.viewer).get("/me"))["recipient"]
    assert recipient == {"name": "느티나무", "phone": "010-1234-5678", "email": "viewer@example.com"}
    assert said(guest.get("/me"))["recipient"] is None


def test_an_account_keeps_its_nickname(day: FestaDay) -> None:
    said(Browser(day.viewer).post("/me/nickname", {"nickname": "느티아빠", "show": day.show.pk}))
    assert said(Browser(day.viewer).get("/me"))["nickname"] == "느티아빠"


def test_a_nickname_opens_the_room(day: FestaDay, guest: Browser) -> None:
    me = said(guest.post("/me/nickname", {"nickname": " 느티  나무 ", "show": day.show.pk}))
    assert me["nickname"] == "느티 나무"
    room_pass = check_room_pass(me["room_pass"], settings.ROOM_PASS_KEY, day.show.pk)
    assert (room_pass.name, room_pass.role) == ("느티 나무", "viewer")
    assert room_pass.subject.startswith("guest:")


@pytest.mark.parametrize(
    "nickname", ["", "가", "열세글자가넘는아주긴별명이에요", "<b>굵게</b>", "a\u202eb", "🍡🍡"]
)
def test_a_nickname_that_cannot_be_said_is_refused(day: FestaDay, guest: Browser, nickname: str) -> None:
    problem(guest.post("/me/nickname", {"nickname": nickname}), 422, "bad-nickname")


@pytest.mark.parametrize(
    "nickname", ["운영자", "골목 운영자", "바른떡", "바른 떡 공식", "ＡＤＭＩＮ", "Golmok"]
)
def test_nobody_poses_as_a_shop_or_the_organiser(day: FestaDay, guest: Browser, nickname: str) -> None:
    problem(guest.post("/me/nickname", {"nickname": nickname}), 422, "nickname-taken")
