"""A real server as a child process, with a var folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import httpx

START_SECONDS = 30.0
STOP_SECONDS = 15.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    var: Path
    show_id: str
    """The sample's first show: scheduled, and the merchant's to put on the air."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pictures(self) -> Path:
        """Where the parts of the show's picture appear."""
        return self.var / "shows" / self.show_id / "source"


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Ends the measurement, and with it every child, when it is told to end or takes longer."""

    def end(number: int, _frame: object) -> Never:
        sys.exit(f"ended by {signal.Signals(number).name} (a measurement may take {seconds} s)")

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


@contextmanager
def folder() -> Iterator[Path]:
    """A var folder that lasts as long as the measurement."""
    with tempfile.TemporaryDirectory(prefix="golmok-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def serving(var: Path, database_url: str = "") -> Iterator[Server]:
    """The sample festa, served from `var`, on SQLite unless told otherwise."""
    port = _free_port()
    environment = environment_of(var, port, database_url)
    show_id = _sample(environment)
    log = var / "server.log"
    with log.open("wb") as said:
        command = [str(Path(sys.executable).with_name("golmok")), "up"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    server = Server(port, process.pid, var, show_id)
    try:
        _until_it_answers(server, process, log)
        yield server
    finally:
        _stop(process)


def environment_of(var: Path, port: int, database_url: str = "") -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    database = {"DATABASE_URL": database_url} if database_url else {}
    return kept | {"GOLMOK_VAR": str(var), "PORT": str(port)} | database


def _sample(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bench.stage.festa"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.split()[-1]


def _until_it_answers(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{server.url}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
