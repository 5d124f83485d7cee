"""A Golmok of a journey's own: `golmok up` as a child process with its own folder, database and port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import psycopg

SHOW = "nangok"
START_SECONDS = 40
STOP_SECONDS = 20

LOAD_THE_SAMPLE = """
from golmok.cli import prepare
prepare()
from django.utils import timezone
from golmok.demo.sample import load
load(timezone.now())
"""


@dataclass(frozen=True)
class Sample:
    """A folder and a database with the sample festa in them, to be copied for every server."""

    var: Path
    database_url: str
    """Empty for SQLite, whose database lies in the folder."""


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    with _database() as database_url:
        loaded = Sample(folder, database_url)
        command = (sys.executable, "-c", LOAD_THE_SAMPLE)
        subprocess.run(command, env=_environment(folder, database_url), check=True)
        yield loaded


@dataclass
class Server:
    var: Path
    database_url: str
    port: int
    output: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def show(self) -> str:
        return f"{self.address}/shows/{SHOW}/"

    @property
    def folder(self) -> Path:
        """The show's folder."""
        return self.var / "shows" / SHOW

    def start(self) -> None:
        environment = _environment(self.var, self.database_url) | {"PORT": str(self.port)}
        command = (sys.executable, "-m", "golmok.cli", "up")
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        self._until_it_answers()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a crash or a power cut would: nothing is finished, nothing is said."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(STOP_SECONDS)

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(f"{self.address}/healthz", timeout=2):  # noqa: S310 - our own http address
                    return
            except OSError:
                if not self.process or self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.output.read_text()) from None
                time.sleep(0.1)


@contextmanager
def serving(loaded: Sample, folder: Path) -> Iterator[Server]:
    """A running server on a copy of `loaded`; its output is printed at the end, for tests that failed."""
    shutil.copytree(loaded.var, folder)
    with _database(loaded.database_url) as database_url:
        server = Server(folder, database_url, free_port(), folder / "output")
        try:
            server.start()
            yield server
        finally:
            server.kill()
            print(server.output.read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(var: Path, database_url: str) -> dict[str, str]:
    own = {"GOLMOK_VAR": str(var), "DJANGO_SETTINGS_MODULE": "golmok.settings"}
    environment = {**os.environ, **own, "DATABASE_URL": database_url}
    return environment if database_url else _without(environment, "DATABASE_URL")


def _without(environment: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in environment.items() if key != name}


@contextmanager
def _database(template_url: str = "") -> Iterator[str]:
    """On PostgreSQL an own database, a copy of the template if there is one; nothing to do on SQLite."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield ""
        return
    name = f"journey_{uuid4().hex}"
    template = urlsplit(template_url).path.removeprefix("/") or "template0"
    maintenance = urlsplit(given)._replace(path="/postgres").geturl()
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
