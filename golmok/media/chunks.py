"""The chunks of an epoch on disk, from the moment they are acknowledged until the epoch is packaged."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import orjson

from golmok.media.files import sync, sync_with_way, write_whole
from golmok.problems import Problem

WINDOW = 64
"""How far ahead of the next expected chunk one may come."""


class ChunkStore:
    """One epoch's chunks: kept in any order inside the window, read in order, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.epoch = int(folder.name)
        self.closed = (folder / "closed").exists()
        self.done = (folder / "done").exists()
        """All of it is packaged."""
        self._aside = (folder / "unpackaged").exists()
        self.unknown = False
        """No picture was found in what came."""
        self.arrived: float | None = None
        """Monotonic seconds of the newest chunk, None before the first since this process started."""
        self.received = 0
        """Bytes kept since this process started."""
        self._way_synced = False
        self._kept = {int(path.name) for path in folder.iterdir() if path.name.isdecimal()}
        self.next = 0
        """The first chunk that is missing."""
        self._advance()
        self._changed = asyncio.Event()

    @staticmethod
    def open(folder: Path, mime: str) -> "ChunkStore":
        """A new epoch's store."""
        folder.mkdir(parents=True)
        (folder / "epoch.json").write_bytes(orjson.dumps({"mime": mime}))
        return ChunkStore(folder)

    def arrival(self, number: int) -> int:
        """Wall clock (ms UTC) at which that chunk was kept."""
        return (self.folder / str(number)).stat().st_mtime_ns // 1_000_000

    async def put(self, number: int, data: bytes) -> int:
        """Keeps a chunk and returns `next`, when the bytes are on disk. Again is harmless."""
        if number > self.next + WINDOW:
            raise Problem(409, "out-of-window", {"expected": self.next})
        if number >= self.next and number not in self._kept:
            await asyncio.to_thread(self._write, number, data)
            self._kept.add(number)
            self.received += len(data)
            self._advance()
        self.arrived = time.monotonic()
        self._wake()
        return self.next

    def close(self) -> None:
        """No more chunks of this epoch."""
        if not self.closed:
            (self.folder / "closed").touch()
            self.closed = True
            self._wake()

    def finish(self) -> None:
        """Everything is packaged and on disk: the chunks go, the epoch stays known."""
        self.close()
        (self.folder / "done").touch()
        sync(self.folder)
        self.done = True
        for path in self.folder.iterdir():
            if path.name not in {"closed", "done", "epoch.json"}:
                path.unlink()

    def set_aside(self) -> None:
        """It could not be packaged: the epoch is over, and its chunks stay on disk for a person to rescue."""
        self.closed = self.done = self._aside = True
        self._wake()
        # A full disk takes no mark; without one the next start tries the epoch again.
        with suppress(OSError):
            for mark in ("unpackaged", "closed", "done"):
                (self.folder / mark).touch()

    def remove(self) -> None:
        """Removes what is packaged or empty; what was set aside stays."""
        if not self._aside:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def in_order(self) -> AsyncIterator[bytes]:
        """Every chunk from 0 on, waiting for those to come; ends after the last one of a closed epoch."""
        number = 0
        while await self._has(number):
            yield await asyncio.to_thread((self.folder / str(number)).read_bytes)
            number += 1

    async def _has(self, number: int) -> bool:
        while number >= self.next and not self.closed:
            await self._changed.wait()
        return number < self.next

    def _write(self, number: int, data: bytes) -> None:
        path = self.folder / str(number)
        write_whole(path, data, durable=True)
        if not self._way_synced:
            sync_with_way(path)
            self._way_synced = True

    def _advance(self) -> None:
        while self.next in self._kept:
            self._kept.discard(self.next)
            self.next += 1

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
