"""Waking whoever owns a show's room after a fact was committed.

In one process a callback is enough; on PostgreSQL the other processes hear of it through NOTIFY. A wake-up
may be lost (a process that was just restarting): rooms poll as well.
"""

from collections.abc import AsyncGenerator, Callable

import psycopg
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

CHANNEL = "golmok_outbox"

_subscribers: list[Callable[[str], None]] = []


def subscribe(callback: Callable[[str], None]) -> Callable[[], None]:
    """Call `callback(show_id)` after each commit that told that show something, in the committing thread.

    Returns what ends the subscription.
    """
    _subscribers.append(callback)
    return lambda: _subscribers.remove(callback) if callback in _subscribers else None


def wake_on_commit(show_id: str) -> None:
    """Wake the room of `show_id` once the transaction is committed; not if it is rolled back."""
    transaction.on_commit(lambda: _wake(show_id), robust=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, show_id])


def conninfo() -> str:
    """How `listen` reaches the PostgreSQL database that Django uses."""
    settings = connection.settings_dict
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    return make_conninfo("", **{name: str(value) for name, value in named.items() if value})


async def listen(conninfo: str) -> AsyncGenerator[str, None]:
    """Ids of shows told something by any process. Raises psycopg.OperationalError when the line drops."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as line:
        await line.execute(f"LISTEN {CHANNEL}")
        async for notice in line.notifies():
            yield notice.payload


def _wake(show_id: str) -> None:
    for callback in list(_subscribers):
        callback(show_id)
