"""`golmok demo`: the server, a broadcaster and a few viewers as children, ended together."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import orjson

from golmok.configuration import Configuration
from golmok.messages import LANGUAGES, text

if TYPE_CHECKING:
    from golmok.demo.sample import SampleLogins

SAMPLE = Path(__file__).with_name("sample.json")
START_SECONDS = 60
GRACE_SECONDS = 8
"""How long a child may take to end by itself."""


def run(configuration: Configuration) -> int:
    """Until Ctrl-C (0), or until a child is gone or the port is taken (1)."""
    if _taken(configuration.port):
        _say("demo-port-taken", port=str(configuration.port), other=str(configuration.port + 1))
        return 1
    name_an_operator(os.environ)
    offer_two_qualities(os.environ)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    _say("demo-loading")
    logins = _load_sample()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    cast = Cast(stop)
    try:
        return _perform(cast, f"http://127.0.0.1:{configuration.port}", configuration.public_url, logins)
    finally:
        cast.end()
        _say("demo-ended")


def name_an_operator(environment: MutableMapping[str, str]) -> None:
    """The children read who runs this from their environment; nobody yet means the invented one."""
    if not environment.get("GOLMOK_OPERATOR_NAME"):
        environment.update(orjson.loads(SAMPLE.read_bytes())["operator"])


def offer_two_qualities(environment: MutableMapping[str, str]) -> None:
    """The demo shows the choice of quality too, unless its operator decided about the data saver."""
    environment.setdefault("GOLMOK_DATA_SAVER", "1")


class Cast:
    """The children, each leading a process group of its own so that none of theirs is left over."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def enter(self, name: str, *command: str) -> None:
        program = [sys.executable, "-m", *command]
        self._children[name] = subprocess.Popen(program, start_new_session=True, stdin=subprocess.DEVNULL)

    def until_one_is_gone(self) -> str | None:
        """The name of a child that ended by itself; None when we were asked to stop."""
        while not self._stop.wait(0.3):
            if gone := self.gone():
                return gone
        return None

    def gone(self) -> str | None:
        return next((name for name, child in self._children.items() if child.poll() is not None), None)

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def end(self) -> None:
        """Ends the last that came first: the broadcaster can still close its epoch."""
        for child in reversed(self._children.values()):
            _signal(child, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                child.wait(GRACE_SECONDS)
            _signal(child, signal.SIGKILL)
            child.wait()


def _perform(cast: Cast, here: str, public: str, logins: "SampleLogins") -> int:
    cast.enter("server", "golmok.cli", "up")
    if _answers(here, cast):
        cast.enter(
            "broadcaster", "golmok.demo.broadcaster", here, logins.show_id, logins.merchant, logins.password
        )
        cast.enter("crowd", "golmok.demo.crowd", here, logins.show_id)
        _announce(public, logins)
    gone = cast.until_one_is_gone()
    if gone is not None:
        _say(f"demo-gone-{gone}")
        return 1
    return 0


def _answers(url: str, cast: Cast) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not cast.stopping and not cast.gone():
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/healthz", trust_env=False).is_success:
                return True
        time.sleep(0.2)
    return False


def _announce(url: str, logins: "SampleLogins") -> None:
    values = {"url": url, "show": logins.show_id, "password": logins.password}
    people = {"viewer": logins.viewer, "merchant": logins.merchant, "organiser": logins.organiser}
    for language in LANGUAGES:
        print(f"\n{text('demo-open', language, **values, **people)}", flush=True)


def _load_sample() -> "SampleLogins":
    from golmok.cli import prepare

    prepare()
    from django.db import connections
    from django.utils import timezone

    from golmok.demo.sample import load

    logins = load(timezone.now())
    connections.close_all()
    return logins


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _say(key: str, languages: Sequence[str] = LANGUAGES, **values: object) -> None:
    for language in languages:
        print(text(key, language, **values), flush=True)
