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

import httpx

from golmok.demo.caller import PATIENCE, Caller, Refused
from golmok.demo.programme import MIME, TURN_SECONDS, Card, command
from golmok.demo.reel import Reel
from golmok.messages import LANGUAGES, Language, text

CHUNK_SECONDS = 0.25
CLOSING_SECONDS = 3
"""How long the end may take: a server that is gone answers no more."""
SEOUL_CLOCK = {"TZ": "KST-9"}
NEW_EPOCH = {"epoch-closed", "epoch-not-found"}
"""Refusals of a chunk or an end that a new epoch answers."""
OVER = {"show-over", "show-finished"}


class EpochLost(Exception):
    """Nothing more can be sent in this epoch."""


class Broadcaster:
    def __init__(self, caller: Caller, show_id: str) -> None:
        self._caller = caller
        self._show_id = show_id
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self, username: str, password: str) -> None:
        """Until `stop`. When the server wants nothing more it says why and goes silent, as a studio does."""
        try:
            await self._perform(username, password)
        except Refused as refusal:
            for language in LANGUAGES:
                print(_why(refusal, language), flush=True)
        await self._stopping.wait()

    async def _perform(self, username: str, password: str) -> None:
        await self._caller.log_in(username, password)
        show = await self._caller.get(f"/api/v1/shows/{self._show_id}")
        on_air = await self._caller.post(f"/api/v1/studio/shows/{self._show_id}/on-air")
        pinning = asyncio.create_task(self._pin_in_turn(show))
        try:
            await self.send(_cards(show), on_air["ingest_key"])
        finally:
            pinning.cancel()

    async def send(self, cards: list[Card], key: str) -> None:
        """Epoch after epoch until `stop`; Refused when a new epoch would not help."""
        with tempfile.TemporaryDirectory(prefix="golmok-programme-") as folder:
            while not self._stopping.is_set():
                with suppress(EpochLost):
                    await self._send_epoch(cards, key, Path(folder))
                if not self._stopping.is_set():
                    await asyncio.sleep(PATIENCE)

    async def _send_epoch(self, cards: list[Card], key: str, folder: Path) -> None:
        """One ffmpeg, one epoch."""
        bearer = {"Authorization": f"Bearer {key}"}
        address = f"/live/{self._show_id}/ingest"
        opened = await self._caller.post(address, {"mime": MIME}, **bearer)
        note = " · ".join(text("demo-note", language) for language in LANGUAGES)
        film = await asyncio.create_subprocess_exec(
            *command(cards, note, folder), stdout=PIPE, env=os.environ | SEOUL_CLOCK
        )
        reel = Reel()
        cutting = asyncio.create_task(self._cut(film, reel))
        try:
            await self._send_reel(reel, f"{address}/{opened['epoch']}", bearer)
        finally:
            cutting.cancel()
            await asyncio.wait([cutting])
            await _ended(film)

    async def _send_reel(self, reel: Reel, address: str, bearer: dict[str, str]) -> None:
        number = 0
        while (data := await _kept(reel, number)) is not None:
            answer = await self._caller.patiently("POST", f"{address}/{number}", content=data, headers=bearer)
            wanted = _wanted(answer)
            if wanted <= number:
                await asyncio.sleep(PATIENCE)
            number = wanted
        await self._caller.post(f"{address}/end", **bearer)

    async def _cut(self, film: Process, reel: Reel) -> None:
        """Cuts what ffmpeg writes into chunks of a quarter of a second, until it or we end."""
        assert film.stdout is not None  # noqa: S101 - asked for with PIPE
        clock = asyncio.get_running_loop()
        chunk, due = bytearray(), clock.time() + CHUNK_SECONDS
        while not self._stopping.is_set() and (piece := await film.stdout.read(65536)):
            chunk += piece
            if clock.time() >= due:
                await reel.add(bytes(chunk))
                chunk, due = bytearray(), clock.time() + CHUNK_SECONDS
        if chunk:
            await reel.add(bytes(chunk))
        await reel.end()

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
    """What it wrote last is read to its end: asyncio would wait for ever with more than it likes to hold."""
    if film.returncode is None:
        film.kill()
    await film.communicate()


async def _kept(reel: Reel, number: int) -> bytes | None:
    try:
        return await reel.chunk(number)
    except LookupError:
        raise EpochLost from None


def _wanted(answer: httpx.Response) -> int:
    """The chunk the server wants next: an earlier one when it lost some in a crash."""
    if answer.is_success:
        return int(answer.json()["next"])
    refusal = Refused(answer)
    if refusal.code == "out-of-window":
        return int(refusal.facts["expected"])
    if refusal.code in NEW_EPOCH:
        raise EpochLost
    raise refusal


def _why(refusal: Refused, language: Language) -> str:
    if refusal.status in (401, 403):
        return text("demo-silent-key", language, status=str(refusal.status))
    if refusal.code in OVER:
        return text("demo-silent-over", language)
    return text("demo-silent", language, answer=str(refusal))


async def main(url: str, show_id: str, username: str, password: str) -> None:
    broadcaster, loop = Broadcaster(Caller(url), show_id), asyncio.get_running_loop()
    running = asyncio.create_task(broadcaster.run(username, password))

    def stop() -> None:
        broadcaster.stop()
        loop.call_later(CLOSING_SECONDS, running.cancel)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
