"""A show that is being sent: its epochs, its renditions, and the one task that packages them in turn."""

import asyncio
import logging
import time
from pathlib import Path

from golmok.media.broadcast import Broadcast
from golmok.media.chunks import ChunkStore
from golmok.media.files import size, sync, write_whole
from golmok.media.playlist import Variant, multivariant_playlist
from golmok.media.ports import Picture
from golmok.media.rendition import Rendition
from golmok.problems import Problem

SOURCE, SAVER = "source", "saver"
STALLED_AFTER = 4.0
"""Seconds without a chunk."""
MOST_EPOCHS = 500
"""Openings per show: a page reloaded every minute for eight hours."""

log = logging.getLogger(__name__)


class Show:
    """Loads what is in the folders, so that a show goes on after any restart."""

    def __init__(self, folder: Path, ingest: Path, *, data_saver: bool, stuck_after: float) -> None:
        self.folder = folder
        self.id = folder.name
        self._ingest = ingest
        self._stuck_after = stuck_after
        names = [SOURCE, SAVER] if data_saver or (folder / SAVER).exists() else [SOURCE]
        self._epochs = {store.epoch: store for store in _stores(ingest)}
        recorded = {number: size(folder / "recording" / f"{number}.mp4") for number in self._unfinished()}
        self.renditions = {name: Rendition(folder / name, recorded) for name in names}
        self._index: tuple[list[Variant], bytes] = ([], b"")
        self._opened = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Lock()

    @property
    def current(self) -> int:
        """The newest epoch's number, 0 before the first."""
        return max([0, *self._epochs, *self.renditions[SOURCE].timeline.epochs])

    @property
    def over(self) -> bool:
        return self.renditions[SOURCE].timeline.over or (self._ingest / "over").exists()

    @property
    def index(self) -> bytes | None:
        """The multivariant playlist; None before there is a picture."""
        variants = [rendition.variant for rendition in self.renditions.values()]
        ready = [variant for variant in variants if variant is not None]
        if ready != self._index[0]:
            self._index = (ready, multivariant_playlist(ready).encode())
        return self._index[1] or None

    def picture(self) -> Picture:
        store = self._epochs.get(self.current)
        if store is None or store.closed or (store.arrived is None and store.next == 0):
            return "none"
        quiet = store.arrived is None or time.monotonic() - store.arrived > STALLED_AFTER
        return "stalled" if quiet else "flowing"

    def open_epoch(self, mime: str) -> ChunkStore:
        """A new epoch; the one before gets no more chunks."""
        if self.over:
            raise Problem(409, "show-over")
        number = self.current + 1
        if number > MOST_EPOCHS:
            raise Problem(429, "too-many-epochs", {"most": MOST_EPOCHS})
        for store in self._epochs.values():
            store.close()
        self._epochs[number] = store = ChunkStore.open(self._ingest / str(number), mime)
        self._idle.clear()
        self.start()
        self._opened.set()
        return store

    def epoch(self, number: int) -> ChunkStore:
        store = self._epochs.get(number)
        if store is None:
            raise Problem(404, "epoch-not-found")
        return store

    def start(self) -> None:
        """Begins or goes on packaging."""
        if self._task is None:
            self._idle.clear()
            self._task = asyncio.create_task(self._package(), name=f"package {self.id}")

    def release(self) -> None:
        """Answers everybody who waits for picture, now and from now on."""
        for rendition in self.renditions.values():
            rendition.release()

    async def stop(self) -> None:
        """Lets everything lie as it is; a new Show of the same folders goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        for rendition in self.renditions.values():
            rendition.close()

    async def end(self) -> None:
        """Packages the rest and lays the folder to rest."""
        async with self._ending:
            await asyncio.to_thread(self._mark_over)
            for store in self._epochs.values():
                store.close()
            self.start()
            await self._idle.wait()
            await self.stop()
            await self._rest()

    def _mark_over(self) -> None:
        over = self._ingest / "over"
        self._ingest.mkdir(parents=True, exist_ok=True)
        over.touch()
        for place in (self._ingest, self._ingest.parent):
            sync(place)

    async def _rest(self) -> None:
        for rendition in self.renditions.values():
            await rendition.finish()
        if (index := self.index) is not None:
            await asyncio.to_thread(write_whole, self.folder / "index.m3u8", index, durable=True)
        for store in self._epochs.values():
            await asyncio.to_thread(store.remove)
        (self._ingest / "over").unlink(missing_ok=True)
        if not any(self._ingest.iterdir()):
            self._ingest.rmdir()

    async def _package(self) -> None:
        while True:
            self._opened.clear()
            while waiting := self._unfinished():
                await self._broadcast(self._epochs[min(waiting)])
            self._idle.set()
            await self._opened.wait()

    def _unfinished(self) -> list[int]:
        """Epochs that are not all packaged."""
        return [number for number, store in self._epochs.items() if not store.done]

    async def _broadcast(self, store: ChunkStore) -> None:
        renditions, recordings = list(self.renditions.values()), self.folder / "recording"
        try:
            await Broadcast(store, renditions, recordings, self._stuck_after).run()
        except Exception:
            # One epoch's trouble (a full disk, say) must not end the show: the next epoch is tried anew.
            log.exception("show %s: epoch %s was not packaged", self.id, store.epoch)
            store.set_aside()


def _stores(ingest: Path) -> list[ChunkStore]:
    if not ingest.is_dir():
        return []
    return [ChunkStore(path) for path in ingest.iterdir() if path.name.isdecimal()]
