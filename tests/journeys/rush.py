"""A till that is kept busy: somebody else's purchase cannot be written down until the test lets it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx
import psycopg

from tests.journeys.server import SHOW, Server

CLOSE_ALL = "UPDATE orders_stock SET is_closed = {yes}"


class Rush:
    """While it lasts, one wish is before the writer and every other waits in the line."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.everything_sells = False
        """Whether nothing is left when the till goes on."""

    @contextmanager
    def lasts(self) -> Iterator[None]:
        with httpx.Client(base_url=self._server.address, timeout=60) as client, ThreadPoolExecutor(1) as pool:
            token = self._become_buyer(client)
            with self._nothing_is_written():
                first = pool.submit(self._press, client, token)
                yield
            first.result()

    def _become_buyer(self, client: httpx.Client) -> str:
        csrf = client.get("/api/v1/me").json()["csrf"]
        headers = {"X-CSRFToken": csrf, "Referer": self._server.address}
        token: str = client.post("/api/v1/me/buyer", headers=headers).json()["buyer_pass"]
        return token

    def _press(self, client: httpx.Client, token: str) -> None:
        """Waits as long as the rush lasts, or the server."""
        line = {"variant": 1, "quantity": 1, "show": SHOW}
        headers = {"Authorization": f"Bearer {token}"}
        with suppress(httpx.TransportError):
            client.post("/api/v1/checkouts", json={"lines": [line]}, headers=headers)

    @contextmanager
    def _nothing_is_written(self) -> Iterator[None]:
        if self._server.database_url:
            with psycopg.connect(self._server.database_url) as connection:
                connection.execute("LOCK TABLE orders_stock IN EXCLUSIVE MODE")
                yield
                if self.everything_sells:
                    connection.execute(CLOSE_ALL.format(yes="true").encode())
            return
        file = sqlite3.connect(self._server.var / "golmok.sqlite3", isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        try:
            yield
            if self.everything_sells:
                file.execute(CLOSE_ALL.format(yes="1"))
            file.execute("COMMIT")
        finally:
            file.close()
