"""Viewers as hls.js behaves, all in one process: ``python -m bench.stage.crowd``, run as a child.

Each has three connections: one reloads the playlist and lets the server hold the answer until there is a new
part, one fetches the parts, one listens to the room. Prints a line when measuring starts, then the figures.
"""

import argparse
import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zlib import decompress

import orjson
import uvloop

from bench.stage.connection import Connection, Refused, Traffic
from bench.stage.report import percentile

ARRIVING = 3.0
"""Seconds over which the viewers come."""
AGAIN = 0.5
GZIP = 31
"""What zlib calls a gzip header."""
PART = re.compile(rb'URI="([0-9]+)\.([0-9]+)\.m4s"')
SAID = re.compile(rb'"text": ?"([0-9]+\.[0-9]+)"')
MISHAPS = (OSError, EOFError, TimeoutError, Refused, asyncio.LimitOverrunError)

Place = tuple[int, int]
"""A part: segment and number."""


@dataclass
class Crowd:
    """What all viewers have seen since measuring began."""

    port: int
    show_id: str
    pictures: Path
    traffic: Traffic = field(default_factory=Traffic)
    parts: list[tuple[Place, float]] = field(default_factory=list)
    """Each part a viewer got whole, and when (seconds of the wall clock)."""
    said: list[float] = field(default_factory=list)
    """Seconds from a line of chat being sent to a viewer having it."""
    errors: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        self.traffic.requests = self.traffic.received = 0
        self.parts.clear()
        self.said.clear()
        self.errors.clear()


class Viewer:
    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._picture = f"/shows/{crowd.show_id}/source"
        self._wanted: asyncio.Queue[Place] = asyncio.Queue()
        self._next: Place | None = None

    async def watch(self) -> None:
        """Until cancelled; a mishap is counted, and tried again."""
        await asyncio.gather(*(self._persist(what) for what in (self._reload, self._fetch, self._listen)))

    async def _persist(self, what: Callable[[Connection], Awaitable[None]]) -> None:
        connection = Connection(self._crowd.port, self._crowd.traffic)
        try:
            while True:
                try:
                    await what(connection)
                except MISHAPS as mishap:
                    self._crowd.errors[f"{what.__name__} {type(mishap).__name__} {mishap}".strip()] += 1
                    await asyncio.sleep(AGAIN)
        finally:
            connection.close()

    async def _reload(self, connection: Connection) -> None:
        asked = "" if self._next is None else "?_HLS_msn={}&_HLS_part={}".format(*self._next)
        *parts, ahead = places(await connection.get(f"{self._picture}/media.m3u8{asked}"))
        for part in parts[-1:] if self._next is None else [part for part in parts if part >= self._next]:
            self._wanted.put_nowait(part)
        self._next = ahead

    async def _fetch(self, connection: Connection) -> None:
        segment, number = part = await self._wanted.get()
        await connection.get(f"{self._picture}/{segment}.{number}.m4s")
        self._crowd.parts.append((part, time.time()))

    async def _listen(self, connection: Connection) -> None:
        async for line in connection.lines(f"/live/{self._crowd.show_id}/events"):
            now = time.time()
            self._crowd.said += [now - float(sent) for sent in SAID.findall(line)]


@lru_cache(maxsize=64)
def places(playlist: bytes) -> list[Place]:
    """The parts a playlist lists, then the one to come. All get the same bytes, so they are read once."""
    return [(int(segment), int(part)) for segment, part in PART.findall(decompress(playlist, GZIP))]


async def attend(crowd: Crowd, viewers: int, warm_up: float, seconds: float) -> dict[str, object]:
    """Lets the viewers in, waits, then measures for `seconds`."""
    watching = []
    for _ in range(viewers):
        watching.append(asyncio.create_task(Viewer(crowd).watch()))
        await asyncio.sleep(ARRIVING / viewers)
    await asyncio.sleep(warm_up)
    crowd.begin()
    print("measuring", flush=True)
    began, used = time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    passed, used = time.monotonic() - began, time.process_time() - used
    seen = figures(crowd, passed) | {"crowd_cpu_percent": round(100 * used / passed, 1)}
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    return seen


def figures(crowd: Crowd, passed: float) -> dict[str, object]:
    delays = part_delays(crowd.pictures, crowd.parts)
    return {
        "requests_per_second": round(crowd.traffic.requests / passed),
        "mbit_per_second": round(crowd.traffic.received * 8 / passed / 1e6, 1),
        "parts": len(crowd.parts),
        "part_delay_p50_ms": _milliseconds(delays, 50),
        "part_delay_p95_ms": _milliseconds(delays, 95),
        "chat_lines": len(crowd.said),
        "chat_delay_p50_ms": _milliseconds(crowd.said, 50),
        "chat_delay_p95_ms": _milliseconds(crowd.said, 95),
        "errors": sum(crowd.errors.values()),
        "errors_by_kind": dict(crowd.errors.most_common(5)),
    }


def part_delays(pictures: Path, parts: list[tuple[Place, float]]) -> list[float]:
    """Seconds from a part being written to a viewer having it whole. A part is kept for a minute."""
    written: dict[Place, float] = {}
    for place in {place for place, _ in parts}:
        written[place] = (pictures / "{}.{}.m4s".format(*place)).stat().st_mtime
    return [received - written[place] for place, received in parts]


def _milliseconds(seconds: list[float], percent: float) -> float | None:
    found = percentile(seconds, percent)
    return None if found is None else round(found * 1000, 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.stage.crowd")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--show", required=True)
    parser.add_argument("--pictures", type=Path, required=True, help="folder in which the parts appear")
    parser.add_argument("--viewers", type=int, required=True)
    parser.add_argument("--warm-up", type=float, default=4.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    crowd = Crowd(chosen.port, chosen.show, chosen.pictures)
    seen = uvloop.run(attend(crowd, chosen.viewers, chosen.warm_up, chosen.seconds))
    print(orjson.dumps(seen).decode(), flush=True)


if __name__ == "__main__":
    main()
