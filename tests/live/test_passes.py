"""Room passes: signed, for one show, for two hours."""

import time

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from golmok.live.passes import GOOD_FOR, RoomPass, check, mint
from golmok.problems import Problem

from .stage import PASS_KEY, SHOW, Stage, bearer

PASS = RoomPass(SHOW, "guest:1", "느티나무", "merchant")


def refusal(token: str, show_id: str = SHOW) -> tuple[int, str]:
    with pytest.raises(Problem) as refused:
        check(token, PASS_KEY, show_id)
    problem = refused.value
    assert (problem.headers == {"WWW-Authenticate": "Bearer"}) == (problem.status == 401)
    return problem.status, problem.code


def test_a_pass_comes_back_as_it_was() -> None:
    assert check(mint(PASS, PASS_KEY), PASS_KEY, SHOW) == PASS


def test_no_pass() -> None:
    assert refusal("") == (401, "pass-missing")


@pytest.mark.parametrize("token", ["x", "....", "느티나무", "a.b.c", "\x00", "=" * 5000])
def test_what_is_no_pass(token: str) -> None:
    assert refusal(token) == (401, "pass-missing")


def test_a_pass_signed_by_another() -> None:
    assert refusal(mint(PASS, "another key")) == (401, "pass-missing")


def test_every_letter_of_a_pass_counts() -> None:
    token = mint(PASS, PASS_KEY)
    for n, letter in enumerate(token[:-1]):
        other = "A" if letter != "A" else "B"
        assert refusal(token[:n] + other + token[n + 1 :]) == (401, "pass-missing")


@pytest.mark.parametrize("payload", [[], {}, "text", {"show": SHOW}, {"show": SHOW, "more": 1}, None])
def test_something_else_that_we_signed_is_no_pass(payload: object) -> None:
    token = URLSafeTimedSerializer(PASS_KEY, salt="room-pass").dumps(payload)
    assert refusal(token) == (401, "pass-missing")


def test_what_was_signed_for_another_purpose_is_no_pass() -> None:
    fields = {"show": SHOW, "subject": "guest:1", "name": "느티나무", "role": "organiser"}
    assert refusal(URLSafeTimedSerializer(PASS_KEY).dumps(fields)) == (401, "pass-missing")


def test_a_pass_is_good_for_two_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    def minted(seconds_ago: int) -> str:
        with monkeypatch.context() as then:
            then.setattr(TimestampSigner, "get_timestamp", lambda _self: int(time.time()) - seconds_ago)
            return mint(PASS, PASS_KEY)

    assert GOOD_FOR == 2 * 60 * 60
    assert check(minted(GOOD_FOR - 60), PASS_KEY, SHOW) == PASS
    assert refusal(minted(GOOD_FOR + 60)) == (401, "pass-expired")


def test_a_pass_opens_one_show() -> None:
    assert refusal(mint(PASS, PASS_KEY), "show2") == (403, "pass-not-for-this-show")


@pytest.mark.parametrize("what", ["chat", "hearts"])
async def test_nobody_writes_without_a_pass(stage: Stage, what: str) -> None:
    async def answer(**headers: str) -> tuple[int, str]:
        got = await stage.client.post(f"/live/{SHOW}/{what}", json={"text": "x", "count": 1}, headers=headers)
        return got.status_code, got.json()["type"].removeprefix("/problems/")

    basic = {"Authorization": bearer()["Authorization"].replace("Bearer", "Basic")}
    assert await answer() == (401, "pass-missing")
    assert await answer(**basic) == (401, "pass-missing")
    assert await answer(Authorization="Bearer forged") == (401, "pass-missing")
    assert await answer(**bearer(show="show2")) == (403, "pass-not-for-this-show")
    assert not stage.world.folder.path.exists()
