"""One epoch on its way: chunk store → ffmpeg → packagers → folder, begun again when ffmpeg fails."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from golmok.media.boxes import BrokenMedia
from golmok.media.chunks import ChunkStore
from golmok.media.files import sync_with_way
from golmok.media.packager import InitChanged, Packager
from golmok.media.recording import Recording
from golmok.media.rendition import Rendition
from golmok.media.transcoder import Source, Transcoder, probe

UNKNOWN_AFTER = 1024 * 1024
"""Bytes in which a picture must have been found."""
ATTEMPTS = 4
"""How often ffmpeg may fail without getting any further."""
STUCK_BYTES = 128 * 1024
"""Bytes that came in without anything coming out before ffmpeg counts as stuck."""
READ = 256 * 1024

log = logging.getLogger(__name__)


class Broadcast:
    """Packages one epoch. Cancelled at any moment, a later run goes on where it was."""

    def __init__(
        self, store: ChunkStore, renditions: Sequence[Rendition], recordings: Path, stuck_after: float
    ) -> None:
        self._store = store
        self._renditions = renditions
        self._recording = recordings / f"{store.epoch}.mp4"
        self._stuck_after = stuck_after
        self._began = 0
        self._all_fed = False
        self._fed = 0
        self._broken = False
        self._packagers: list[Packager] = []

    async def run(self) -> None:
        """Returns when the epoch is closed and all of it is in the folder, or it turns out hopeless."""
        source = await self._source()
        packaged = await self._persist(source) if source else self._store.next == 0
        for rendition in self._renditions:
            await rendition.close_segment()
        await asyncio.to_thread(self._finish if packaged else self._store.set_aside)

    def _finish(self) -> None:
        """Lets the chunks go, once all they became is on disk."""
        for rendition in self._renditions:
            rendition.settle(self._store.epoch)
        if self._recording.exists():
            sync_with_way(self._recording)
        self._store.finish()

    async def _source(self) -> Source | None:
        """What is being sent, from as many chunks as it takes to see it."""
        data, count = b"", 0
        async for chunk in self._store.in_order():
            data, count = data + chunk, count + 1
            source = await probe(data)
            if source is not None:
                self._began = self._store.arrival(count - 1) - int(source.seconds * 1000)
                return source
            if len(data) > UNKNOWN_AFTER:
                break
        self._store.unknown = count > 0
        return None

    async def _persist(self, source: Source) -> bool:
        """Whether all of the epoch is in the folder."""
        failures = 0
        while failures < ATTEMPTS and not self._broken:
            before = self._renditions[0].timeline.edge
            if await self._transcode(source):
                return True
            failures = 1 if self._renditions[0].timeline.edge != before else failures + 1
            await asyncio.sleep(0.1 * 2**failures)
        log.error("epoch %s could not be packaged to its end; its chunks stay there", self._store.folder)
        return False

    async def _transcode(self, source: Source) -> bool:
        """One ffmpeg from chunk 0 on. True when it took everything of a closed epoch and ended well."""
        transcoder = await Transcoder.start(source, saver=len(self._renditions) > 1)
        self._all_fed, self._fed = False, 0
        try:
            with ExitStack() as open_files:
                self._packagers = self._make_packagers(open_files)
                code = await self._attend(transcoder)
        finally:
            await transcoder.kill()
        if code != 0:
            log.warning("ffmpeg ended with %s: %s", code, transcoder.last_words.decode(errors="replace"))
        return self._all_fed and code == 0

    def _make_packagers(self, open_files: ExitStack) -> list[Packager]:
        timeline = self._renditions[0].timeline
        whole = timeline.recorded if self._store.epoch in timeline.epochs else 0
        recording = Recording(self._recording, whole)
        open_files.callback(recording.close)
        return [
            Packager(rendition, self._store.epoch, lambda: self._began, recording if number == 0 else None)
            for number, rendition in enumerate(self._renditions)
        ]

    async def _attend(self, transcoder: Transcoder) -> int:
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(transcoder.listen()),
                group.create_task(self._feed(transcoder)),
                group.create_task(self._guard(transcoder)),
            ]
            pairs = zip(transcoder.outputs, self._packagers, strict=True)
            packing = [
                group.create_task(self._pack(output, packager, transcoder)) for output, packager in pairs
            ]
            await asyncio.wait(packing)
            code = await transcoder.wait()
            for task in beside[1:]:
                task.cancel()
        return code

    async def _feed(self, transcoder: Transcoder) -> None:
        try:
            async for chunk in self._store.in_order():
                await transcoder.write(chunk)
                self._fed += 1
            self._all_fed = True
            transcoder.no_more()
        except (BrokenPipeError, ConnectionResetError):
            return

    async def _pack(self, output: asyncio.StreamReader, packager: Packager, transcoder: Transcoder) -> None:
        try:
            while data := await output.read(READ):
                await packager.feed(data)
        except (BrokenMedia, InitChanged):
            log.exception("epoch %s cannot be continued", self._store.folder)
            self._broken = True
            await transcoder.kill()

    async def _guard(self, transcoder: Transcoder) -> None:
        """Ends an ffmpeg that takes and gives nothing; the caller starts another."""
        seen, received, since = -1, 0, time.monotonic()
        while True:
            await asyncio.sleep(min(1.0, self._stuck_after / 4))
            fragments = sum(packager.fragments for packager in self._packagers)
            if fragments != seen:
                seen, received, since = fragments, self._store.received, time.monotonic()
            unread = self._fed < self._store.next
            waiting = self._all_fed or unread or self._store.received - received > STUCK_BYTES
            if waiting and time.monotonic() - since > self._stuck_after:
                log.warning("epoch %s: ffmpeg is stuck, starting it again", self._store.folder)
                await transcoder.kill()
                return
