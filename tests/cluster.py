"""A PostgreSQL of the tests' own: ``python -m tests.cluster -- command …`` runs the command against it.

The cluster lives in a temporary folder and writes without waiting for the disk; nothing of it is kept.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_SECONDS = 30
OWNER = "postgres" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""
QUICK = ("--locale=C.UTF-8", "--no-sync")
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1")


@contextmanager
def cluster(choices: tuple[str, ...] = HASTY) -> Iterator[str]:
    """Runs a cluster with these settings; gives the address of its empty database ``golmok``."""
    folder = Path(tempfile.mkdtemp(prefix="golmok-postgres-"))
    try:
        if OWNER:
            shutil.chown(folder, OWNER, OWNER)
        _run(folder, "initdb", "-U", "golmok", "-A", "trust", "-E", "UTF8", *QUICK).wait()
        with _server(folder, choices) as port:
            yield f"postgres://golmok@127.0.0.1:{port}/golmok"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(folder: Path, choices: tuple[str, ...]) -> Iterator[int]:
    port = _free_port()
    words = [word for choice in choices for word in ("-c", choice)]
    server = _run(folder, "postgres", "-k", str(folder), "-p", str(port), *words)
    try:
        _until_it_answers(server, port, folder / "log")
        yield port
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: does not wait for connections
        server.wait(START_SECONDS)


def _until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            address = f"postgres://golmok@127.0.0.1:{port}/postgres"
            with psycopg.connect(address, autocommit=True, connect_timeout=2) as connection:
                connection.execute("CREATE DATABASE golmok")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.1)


def program(name: str) -> str:
    """The newest installed `name`; Debian keeps the server's programs outside of PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise SystemExit(f"PostgreSQL's {name} is not installed.")
    return found


def _run(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    extra_groups = () if OWNER else None
    command = [program(name), "-D", str(folder / "data"), *arguments]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, user=OWNER, group=OWNER, extra_groups=extra_groups
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        raise SystemExit("python -m tests.cluster -- command …")
    with cluster() as address:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
