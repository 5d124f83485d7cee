"""Two who meet in the middle: one has read what it decides on, the other comes in before it has written."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection

from golmok.domain.accounts.models import User
from golmok.domain.orders import refunds
from golmok.domain.orders.adoption import adopt_guest
from golmok.domain.orders.till import batch, loading
from golmok.domain.orders.till.batch import Command, run
from golmok.domain.orders.till.writer import Writer
from golmok.problems import Problem

PATIENCE = 20.0
"""Seconds until a test that stands still fails."""
Outcome = Any
"""A result, or the code of the problem that refused it."""


@dataclass(frozen=True)
class At:
    """A command as decided by somebody whose clock says `now`."""

    command: Command[Any]
    now: datetime


@dataclass(frozen=True)
class Adopt:
    """A guest who logs in."""

    guest: str
    user: int


@dataclass(frozen=True)
class AskBack:
    """The refunder, who finds what a checkout is owed back; how many rows it made of it."""

    checkout: UUID


Party = Command[Any] | At | Adopt | AskBack


def outcome(party: Party) -> Outcome:
    """What it got, on a till and a connection of its own, as in a process of its own."""
    try:
        if isinstance(party, Adopt | AskBack):
            return done(party)
        return run(party.command, party.now) if isinstance(party, At) else asked(party)
    except Problem as problem:
        return problem.code
    finally:
        connection.close()


def done(party: Adopt | AskBack) -> int:
    """What is done beside the till."""
    if isinstance(party, AskBack):
        return refunds.ask_back(party.checkout, ["test"])
    return adopt_guest(party.guest, User.objects.get(pk=party.user))


def in_one_batch(parties: list[Party], *, is_turned: bool) -> list[Outcome]:
    """What two got who came to one till before its last COMMIT was done; who logs in has no till."""
    if not all(hasattr(party, "decide") for party in parties):
        return turned([outcome(party) for party in turned(parties, is_turned)], is_turned)
    got = batch.decide(turned(parties, is_turned))
    return turned([one.code if isinstance(one, Problem) else one for one in got], is_turned)


def turned(ones: list[Any], is_turned: bool) -> list[Any]:
    return ones[::-1] if is_turned else ones


def asked(command: Command[Any]) -> Outcome:
    writer = Writer()
    writer.start()
    try:
        return asyncio.run(writer.ask(command))
    finally:
        writer.stop()


@contextmanager
def window(module: Any, name: str) -> Iterator[tuple[Event, Event]]:  # noqa: ANN401 - any module
    """The first who returns from the function waits there: events of having come, and to go on."""
    came, go_on, once = Event(), Event(), Lock()
    original = getattr(module, name)

    def and_wait(*args: object, **kwargs: object) -> object:
        result = original(*args, **kwargs)
        if once.acquire(blocking=False):
            came.set()
            assert go_on.wait(PATIENCE), "nobody let it go on"
        return result

    with patch.object(module, name, and_wait):
        yield came, go_on


CHECKOUTS_READ = (loading, "_checkouts")
LATE_ONES_READ = (loading, "_run_out")
ALL_READ = (batch, "load")
DEBT_READ = (refunds, "_row")
Point = tuple[Any, str]


def meet(
    first: Party, rival: Party, point: Point, until: Callable[["Future[Outcome]"], None]
) -> list[Outcome]:
    """`rival` begins when `first` is at `point`, which goes on when `until` returns."""
    with window(*point) as (came, go_on), ThreadPoolExecutor(2) as pool:
        try:
            one = pool.submit(outcome, first)
            assert came.wait(PATIENCE), "it never read anything"
            other = pool.submit(outcome, rival)
            until(other)
        finally:
            go_on.set()
        return [one.result(PATIENCE), other.result(PATIENCE)]


def is_done(rival: "Future[Outcome]") -> None:
    rival.result(PATIENCE)


def is_done_or_stopped(rival: "Future[Outcome]") -> None:
    """It finished, or it waits for a lock. SQLite does not tell: there a moment is given to it."""
    while connection.vendor == "postgresql" and not rival.done() and not _somebody_waits_for_a_lock():
        wait([rival], 0.005)
    wait([rival], 0.05)


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() is not None
