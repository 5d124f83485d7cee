"""The merchant of the demo: sends a programme through the public ingest, holds up products in turn.

``python -m golmok.demo.broadcaster URL SHOW USERNAME PASSWORD``; SIGTERM ends the epoch, not the show.
"""

import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

from golmok.demo.caller import Caller, Refused
from golmok.demo.programme import MIME, TURN_SECONDS, Card, command
from golmok.messages import LANGUAGES, text

CHUNK_SECONDS = 0.25
MOST_WAITING = 1200
"""Chunks kept for a server that is away: five minutes; then the programme itself waits."""
SEOUL_CLOCK = {"TZ": "KST-9"}


class Broadcaster:
    def __init__(self, caller: Caller, show_id: str) -> None:
        self._caller = caller
        self._show_id = show_id
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self, username: str, password: str) -> None:
        """Until `stop`. When another device takes the show over it goes silent, as the studio does."""
        await self._caller.log_in(username, password)
        show = await self._caller.get(f"/api/v1/shows/{self._show_id}")
        on_air = await self._caller.post(f"/api/v1/studio/shows/{self._show_id}/on-air")
        pinning = asyncio.create_task(self._pin_in_turn(show))
        try:
            await self._send_epochs(_cards(show), on_air["ingest_key"])
        except Refused as refusal:
            print(refusal, flush=True)
        finally:
            pinning.cancel()
        await self._stopping.wait()

    async def _send_epochs(self, cards: list[Card], key: str) -> None:
        with tempfile.TemporaryDirectory(prefix="golmok-programme-") as folder:
            while not self._stopping.is_set():
                try:
                    await self._send_epoch(cards, key, Path(folder))
                except Refused as refusal:
                    if refusal.status != 409:
                        raise

    async def _send_epoch(self, cards: list[Card], key: str, folder: Path) -> None:
        """One ffmpeg, one epoch; Refused 409 when the epoch was closed and a new one is due."""
        bearer = {"Authorization": f"Bearer {key}"}
        address = f"/live/{self._show_id}/ingest"
        opened = await self._caller.post(address, {"mime": MIME}, **bearer)
        address = f"{address}/{opened['epoch']}"
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        note = " · ".join(text("demo-note", language) for language in LANGUAGES)
        film = await asyncio.create_subprocess_exec(
            *command(cards, note, folder), stdout=PIPE, env=os.environ | SEOUL_CLOCK
        )
        cutting = asyncio.create_task(self._cut(film, waiting))
        try:
            number = 0
            while (data := await waiting.get()) is not None:
                answer = await self._caller.patiently(
                    "POST", f"{address}/{number}", content=data, headers=bearer
                )
                if answer.is_error:
                    raise Refused(answer)
                number += 1
            await self._caller.post(f"{address}/end", **bearer)
        finally:
            cutting.cancel()
            await _ended(film)

    async def _cut(self, film: Process, waiting: asyncio.Queue[bytes | None]) -> None:
        """Cuts what ffmpeg writes into chunks of a quarter of a second, until it or we end."""
        assert film.stdout is not None  # noqa: S101 - asked for with PIPE
        clock = asyncio.get_running_loop()
        chunk, due = bytearray(), clock.time() + CHUNK_SECONDS
        while not self._stopping.is_set() and (piece := await film.stdout.read(65536)):
            chunk += piece
            if clock.time() >= due:
                await waiting.put(bytes(chunk))
                chunk, due = bytearray(), clock.time() + CHUNK_SECONDS
        if chunk:
            await waiting.put(bytes(chunk))
        await waiting.put(None)

    async def _pin_in_turn(self, show: dict[str, Any]) -> None:
        """Holds up a product of the shop whose card is on the screen."""
        by_shop = [
            cycle([product["id"] for product in show["products"] if product["shop"] == turn["shop"]["slug"]])
            for turn in show["rundown"]
        ]
        for products in cycle(by_shop):
            product = next(products, None)
            if product is not None:
                with suppress(Refused):
                    await self._caller.post(f"/api/v1/studio/shows/{self._show_id}/pin", {"product": product})
            await asyncio.sleep(TURN_SECONDS)


def _cards(show: dict[str, Any]) -> list[Card]:
    return [Card(turn["shop"]["name"], turn["shop"]["trade"]) for turn in show["rundown"]]


async def _ended(film: Process) -> None:
    if film.returncode is None:
        film.kill()
    await film.wait()


async def main(url: str, show_id: str, username: str, password: str) -> None:
    broadcaster = Broadcaster(Caller(url), show_id)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, broadcaster.stop)
    running = asyncio.create_task(broadcaster.run(username, password))
    await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
