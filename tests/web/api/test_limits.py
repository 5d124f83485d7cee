"""Nobody presses faster than people do."""

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory

from golmok.problems import Problem
from golmok.web.api.limits import ADDRESS_FACTOR, Limit
from tests.web.api.browser import Browser, problem, said
from tests.web.festa_day import FestaDay

LIMIT = Limit("test", times=3, seconds=60)


def press(session: str | None, now: float, address: str = "192.0.2.1") -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.session = SessionStore(session)
    LIMIT.count(request, now)


def test_one_too_many_is_refused_until_the_window_ends() -> None:
    for _ in range(3):
        press("someone-a", now=120)
    with pytest.raises(Problem) as refusal:
        press("someone-a", now=130)
    assert refusal.value.headers == {"Retry-After": "51"}
    press("someone-a", now=181)


def test_one_session_does_not_use_up_anothers_turns() -> None:
    for _ in range(3):
        press("someone-a", now=120)
    press("someone-b", now=120)


def test_dropping_the_session_does_not_get_round_the_address() -> None:
    for _ in range(3 * ADDRESS_FACTOR):
        press(None, now=120)
    with pytest.raises(Problem):
        press(None, now=120)
    press(None, now=120, address="192.0.2.2")


def test_a_hurried_guest_is_told_when_to_come_back(day: FestaDay, guest: Browser) -> None:
    guest.buyer()
    responses = [guest.post("/me/nickname", {"nickname": ""}) for _ in range(11)]
    document = problem(responses[-1], 429, "too-many-requests")
    assert int(responses[-1]["Retry-After"]) == document["seconds"] <= 60


def test_reading_is_not_counted(day: FestaDay, guest: Browser) -> None:
    for _ in range(40):
        said(guest.get("/me"))
