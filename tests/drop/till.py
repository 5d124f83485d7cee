"""A till over HTTP that dies when it is told to: the child of test_kill.py.

Says its port. Then for each line on standard input, ``<moment> <count>``, it forks a server, says its pid,
and ``dead`` when it is dead. It dies by itself at the so many-th of these moments; otherwise others kill it.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from golmok.domain.orders.till.give_back import GiveBackExpired
from golmok.domain.orders.till.tables import Table
from golmok.domain.orders.till.writer import Writer
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from golmok.web.till.door import TillDoor

SWEEP_EVERY = 0.1
CHECKPOINTS = " PRAGMA wal_autocheckpoint=20;"
"""Pages; so few that SQLite tidies up all the time and is killed over it, too."""


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        say(str(listening.getsockname()[1]))
        for line in sys.stdin:
            moment, count = line.split()
            pid = os.fork()
            if pid == 0:
                MOMENTS[moment](int(count))
                asyncio.run(serve(listening))
                os._exit(0)
            say(str(pid))
            os.waitpid(pid, 0)
            say("dead")


async def serve(listening: socket.socket) -> None:
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["init_command"] += CHECKPOINTS
    writer = Writer()
    writer.start()
    till = Counter(writer)

    class Door(TillDoor):
        counter = till

    config = uvicorn.Config(TillApp(till), http=Door, log_level="critical", lifespan="off")
    sweeping = asyncio.create_task(sweep(writer))
    await uvicorn.Server(config).serve([listening])
    sweeping.cancel()


async def sweep(writer: Writer) -> None:
    while True:
        await asyncio.sleep(SWEEP_EVERY)
        await writer.ask(GiveBackExpired())


def never(_count: int) -> None:
    """From outside."""


def before_commit(count: int) -> None:
    dying(BaseDatabaseWrapper, "commit", count, before=True)


def after_commit(count: int) -> None:
    """Done, and nobody hears of it."""
    dying(BaseDatabaseWrapper, "commit", count, before=False)


def half_written(count: int) -> None:
    dying(Table, "_write", count, before=False)


def while_expiring(_count: int) -> None:
    """What ran out was found and is being given back."""
    decide = GiveBackExpired.decide

    def then_dying(self: GiveBackExpired, ledger: Any) -> int:  # noqa: ANN401 - handed on
        closed = decide(self, ledger)
        if closed:
            dying(Table, "_write", 1, before=False)
        return closed

    GiveBackExpired.decide = then_dying  # type: ignore[method-assign]


def dying(kind: type, name: str, count: int, *, before: bool) -> None:
    original, left = getattr(kind, name), [count]

    def dies(*args: object, **named: object) -> object:
        left[0] -= 1
        if before and left[0] == 0:
            die()
        result = original(*args, **named)
        if left[0] == 0:
            die()
        return result

    setattr(kind, name, dies)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


MOMENTS: dict[str, Callable[[int], None]] = {
    one.__name__: one for one in (never, before_commit, after_commit, half_written, while_expiring)
}
