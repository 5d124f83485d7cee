"""What a database is asked, counted where the driver hears it: beside Django, and whatever asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements on this thread's connection meanwhile."""
    connection.ensure_connection()
    heard: list[str] = []
    if connection.vendor == "sqlite":
        line: Any = connection.connection
        line.set_trace_callback(heard.append)
        try:
            yield heard
        finally:
            line.set_trace_callback(None)
        return
    execute = psycopg.Cursor.execute

    def heard_and_executed(self: Any, query: Any, *values: Any, **named: Any) -> Any:  # noqa: ANN401
        heard.append(str(query))
        return execute(self, query, *values, **named)

    with patch.object(psycopg.Cursor, "execute", heard_and_executed):
        yield heard
