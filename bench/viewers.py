"""What 100 and 300 low-latency viewers of one copied show cost: ``make bench NAME=viewers``."""

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import orjson

from bench.stage.broadcaster import broadcasting, make_film
from bench.stage.load import Watch, machine
from bench.stage.merchant import Merchant
from bench.stage.report import conclude
from bench.stage.server import ROOT, Server, folder, serving, within

CROWDS = (100, 300)
LONGEST = 115
PICTURE_WITHIN = 15.0
SAY_EVERY = 1.0
"""Seconds. A busy host; every line goes to every viewer."""
OPEN_FILES = 8192
"""Three connections a viewer, at both ends."""


def main() -> None:
    allow_open_files()
    with within(LONGEST), folder() as var:
        film = make_film(var / "film.mkv")
        with serving(var) as server:
            merchant = Merchant(server)
            with broadcasting(server, merchant.ingest_key, film), talking(merchant):
                _until_there_is_a_picture(server)
                rows = [measure(server, viewers) for viewers in CROWDS]
    shown = [{key: value for key, value in row.items() if key != "errors_by_kind"} for row in rows]
    conclude(shown, {"bench": "viewers", "crowds": rows, "machine": machine()})


def measure(server: Server, viewers: int) -> dict[str, object]:
    """One crowd, in a process of its own."""
    print(f"{viewers} viewers …", flush=True)
    command = [sys.executable, "-m", "bench.stage.crowd", "--viewers", str(viewers)]
    command += ["--port", str(server.port), "--show", server.show_id, "--pictures", str(server.pictures)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdout is not None
        try:
            crowd.stdout.readline()
            watch = Watch(server.pid)
            said = crowd.stdout.readline()
        finally:
            crowd.terminate()
    load = watch.load()
    seen: dict[str, object] = orjson.loads(said)
    used = {"server_cpu_percent": load.server, "ffmpeg_cpu_percent": load.ffmpeg}
    return {"viewers": viewers} | seen | used | {"machine_busy_percent": load.machine}


def allow_open_files(wanted: int = OPEN_FILES) -> int:
    """For this process and its children, the server among them; how many there may be."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


@contextmanager
def talking(merchant: Merchant) -> Iterator[None]:
    """The merchant says what time it is, by which the crowd sees how long the feed takes."""
    enough = threading.Event()

    def talk() -> None:
        while not enough.wait(SAY_EVERY):
            merchant.say(f"{time.time():.4f}")

    talker = threading.Thread(target=talk, daemon=True)
    talker.start()
    try:
        yield
    finally:
        enough.set()
        talker.join()


def _until_there_is_a_picture(server: Server) -> None:
    deadline = time.monotonic() + PICTURE_WITHIN
    address = f"{server.url}/shows/{server.show_id}/source/media.m3u8"
    while not httpx.get(address).is_success:
        if time.monotonic() > deadline:
            raise RuntimeError("no picture came out of the broadcast")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
