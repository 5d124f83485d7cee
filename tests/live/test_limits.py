"""How often someone may write."""

import asyncio
from dataclasses import dataclass

import pytest

from golmok.live import limits
from golmok.live.limits import Limiter
from golmok.problems import Problem

from .stage import SHOW, Stage, bearer


@dataclass
class Clock:
    """In the place of the time module."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes only when told to, for every limit."""
    stopped = Clock()
    monkeypatch.setattr(limits, "time", stopped)
    return stopped


def wait(limiter: Limiter, who: str = "a", units: int = 1) -> str:
    """Seconds to wait as the refusal says; empty when admitted."""
    try:
        limiter.take(who, units)
    except Problem as problem:
        assert (problem.status, problem.code) == (429, "too-fast")
        assert problem.headers == {"Retry-After": str(problem.facts["seconds"])}
        return problem.headers["Retry-After"]
    return ""


def test_so_many_at_once_and_then_at_that_pace(clock: Clock) -> None:
    limiter = Limiter(5, 10)
    assert [wait(limiter) for _ in range(6)] == ["", "", "", "", "", "2"]
    clock.now = 1.5
    assert wait(limiter) == "1"
    clock.now = 2.0
    assert [wait(limiter), wait(limiter)] == ["", "2"]
    clock.now = 1000.0
    assert [wait(limiter) for _ in range(6)] == ["", "", "", "", "", "2"]


def test_a_refusal_costs_nothing_and_nobody_else(clock: Clock) -> None:
    limiter = Limiter(1, 10)
    assert [wait(limiter) for _ in range(3)] == ["", "10", "10"]
    assert wait(limiter, "b") == ""
    clock.now = 10.0
    assert wait(limiter) == ""


def test_the_wait_is_long_enough_for_all_units(clock: Clock) -> None:
    limiter = Limiter(60, 10)
    assert wait(limiter, units=55) == ""
    assert wait(limiter, units=20) == "3"
    clock.now = 3.0
    assert wait(limiter, units=20) == ""


def test_only_so_many_are_remembered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT", 2)
    limiter = Limiter(1, 10)
    for who in ("a", "b", "c"):
        assert wait(limiter, who) == ""
    assert [wait(limiter, "c"), wait(limiter, "b")] == ["10", "10"]
    assert wait(limiter, "a") == ""


async def test_a_viewer_may_say_five_lines_at_once(clock: Clock, stage: Stage) -> None:
    answers = [await stage.say(f"{n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "2"
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].json()["seconds"] == 2
    assert (await stage.say("another", by="guest:2")).status_code == 202
    clock.now = 2.0
    assert (await stage.say("again")).status_code == 202


async def test_a_merchant_may_say_more(clock: Clock, stage: Stage) -> None:
    headers = bearer("user:7", role="merchant")
    lines = (stage.client.post(f"/live/{SHOW}/chat", json={"text": "네"}, headers=headers) for _ in range(21))
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*lines))
    assert statuses == [202] * 20 + [429]


async def test_hearts_are_counted_one_by_one(clock: Clock, stage: Stage) -> None:
    statuses = [(await stage.cheer(20)).status_code for _ in range(4)]
    assert statuses == [202, 202, 202, 429]
    assert (await stage.say("still allowed")).status_code == 202


async def test_an_address_may_write_only_so_often_whoever_it_says_it_is(clock: Clock, stage: Stage) -> None:
    answers = [await stage.cheer(0, by=f"guest:{n}") for n in range(121)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "1"
