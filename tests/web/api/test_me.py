"""The one private request."""

import pytest

from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay


def test_a_stranger_is_nobody_yet_and_gets_no_session(day: FestaDay, guest: Browser) -> None:
    me = said(guest.get(f"/me?show={day.show.pk}"))
    assert me["user"] is me["nickname"] is me["room_pass"] is me["open_hold"] is None
    assert (me["role"], me["orders"]) == ("viewer", 0)
    assert "sessionid" not in guest.client.cookies


def test_an_open_hold_is_found_again(day: FestaDay, guest: Browser) -> None:
    kept = guest.hold(day)
    assert said(guest.get(f"/me?show={day.show.pk}"))["open_hold"]["id"] == kept["id"]


def test_an_unknown_show_is_a_problem(day: FestaDay, guest: Browser) -> None:
    problem(guest.get("/me?show=nowhere"), 404, "show-unknown")


@pytest.mark.parametrize("who", ["merchant", "helper", "organiser"])
def test_people_of_the_show_have_their_role(day: FestaDay, who: str) -> None:
    me = said(Browser(getattr(day, who)).get(f"/me?show={day.show.pk}"))
    assert me["role"] == who
    assert me["room_pass"]


def test_an_account_is_called_by_its_name(day: FestaDay) -> None:
    assert said(Browser(day.viewer).get("/me"))["user"] == {"name": "느티나무"}


def test_a_nickname_opens_the_room(day: FestaDay, guest: Browser) -> None:
    from golmok.live.passes import check
    from golmok.settings import ROOM_PASS_KEY

    me = said(guest.post("/me/nickname", {"nickname": " 느티  나무 ", "show": day.show.pk}))
    assert me["nickname"] == "느티 나무"
    room_pass = check(me["room_pass"], ROOM_PASS_KEY, day.show.pk)
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
