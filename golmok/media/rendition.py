"""One rendition of a show: its folder, its timeline, and the newest bytes kept at hand for viewers."""

import asyncio
import gzip
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from golmok.media.files import size, sync, sync_with_way, write_whole
from golmok.media.playlist import Variant, farewell_playlist, media_playlist
from golmok.media.timeline import Epoch, Journal, Part, Segment

KEEP_PARTS = 60.0
"""Seconds that part files outlive their whole segment, for viewers who are late."""
AT_HAND = 24 * 1024 * 1024
"""Bytes of the newest parts and segments held in memory for each rendition."""
USUAL_PEAK = 3_000_000
"""Bits per second to announce before there is a segment to measure."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A playlist as it goes out, compressed once for everybody."""

    plain: bytes
    mark: str
    """Entity tag."""

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.plain, 5, mtime=0)


class Rendition:
    """Writes what the packager cuts, and wakes who waits for it. All but file work is on the event loop."""

    def __init__(self, folder: Path, unfinished: Mapping[int, int] | None = None) -> None:
        """`unfinished`: the epochs whose chunks are still there, with the bytes left of their recordings."""
        self.folder = folder
        self.name = folder.name
        self._journal = Journal(folder / "timeline.jsonl")
        self.timeline = self._journal.read()
        self._forget_what_was_lost(unfinished or {})
        self._grown = asyncio.Event()
        self._at_hand: OrderedDict[str, bytes] = OrderedDict()
        self._held = 0
        self._old_parts: deque[tuple[float, int, int]] = deque()
        self._rendered: Rendered | None = None
        self._farewell: Rendered | None = None
        self.released = False
        """Nobody may wait here any more."""

    # --- reading -----------------------------------------------------------------------------------

    @property
    def playlist(self) -> Rendered:
        if self._rendered is None:
            segment, part = self.timeline.edge
            text = media_playlist(self.timeline)
            self._rendered = Rendered(text.encode(), f'"{self.name}-{segment}-{part}-{self.timeline.over:d}"')
        return self._rendered

    @property
    def variant(self) -> Variant | None:
        """Its line in the multivariant playlist; None before there is a picture."""
        epoch = self.timeline.newest
        if epoch is None or not self.timeline.segments:
            return None
        return Variant(self.name, epoch, self.timeline.peak or USUAL_PEAK)

    @property
    def farewell(self) -> Rendered:
        """What live viewers are told when the show ends."""
        if self._farewell is None:
            self._farewell = Rendered(farewell_playlist(self.timeline).encode(), f'"{self.name}-end"')
        return self._farewell

    def at_hand(self, name: str) -> bytes | None:
        return self._at_hand.get(name)

    async def growth(self) -> None:
        """Returns when the timeline has changed, or nobody may wait any more."""
        await self._grown.wait()

    def release(self) -> None:
        """Wakes all who wait, and lets nobody wait again."""
        self.released = True
        self._grown.set()

    # --- writing -----------------------------------------------------------------------------------

    async def begin(self, epoch: Epoch, init: bytes, recorded: int) -> None:
        await self.close_segment()
        await asyncio.to_thread(self._write, f"init-{epoch.number}.mp4", init, durable=True)
        self._journal.write(self.timeline.begin(epoch, recorded))

    async def add(
        self, data: bytes, part: Part, starts: dict[int, int], recorded: int, *, solid: bool = False
    ) -> None:
        """Publishes a part; a `solid` one is at once a whole segment."""
        segment, number = self.timeline.edge
        name = f"{segment}.{number}.m4s"
        await asyncio.to_thread(self._write, name, data)
        line = self.timeline.add(part, starts, recorded, solid=solid)
        self._journal.write(line)
        self._hold(name, data)
        if solid:
            await self.close_segment()
        else:
            self._announce()

    async def close_segment(self) -> None:
        """Makes the open segment whole, if there is one."""
        growing = self.timeline.open
        if growing is None:
            return
        name = f"{growing.number}.m4s"
        parts = [f"{growing.number}.{number}.m4s" for number in range(len(growing.parts))]
        data = await asyncio.to_thread(self._join, parts)
        await asyncio.to_thread(self._write, name, data)
        self._journal.write(self.timeline.close_segment())
        self._hold(name, data)
        self._old_parts.append((time.monotonic(), growing.number, len(parts)))
        self._announce()
        await asyncio.to_thread(self._drop_old_parts)

    async def finish(self) -> None:
        """The show is over: the playlist lists everything, and parts go."""
        await self.close_segment()
        if not self.timeline.over:
            self._journal.write(self.timeline.end())
        self._announce()
        await asyncio.to_thread(self._rest)
        self._journal.close()

    def settle(self, epoch: int) -> None:
        """Returns when all of that epoch is on disk."""
        for segment in self.timeline.segments:
            if segment.epoch == epoch:
                sync(self.folder / f"{segment.number}.m4s")
        if self._journal.path.exists():
            sync_with_way(self._journal.path)

    def close(self) -> None:
        self._journal.close()

    def _announce(self) -> None:
        self._rendered = self._farewell = None
        self._grown.set()
        self._grown = asyncio.Event()

    def _hold(self, name: str, data: bytes) -> None:
        self._at_hand[name] = data
        self._held += len(data)
        while self._held > AT_HAND and len(self._at_hand) > 1:
            self._held -= len(self._at_hand.popitem(last=False)[1])

    # --- files -------------------------------------------------------------------------------------

    def _forget_what_was_lost(self, unfinished: Mapping[int, int]) -> None:
        """After a power cut the journal may know of more than the disk got; the chunks bring it again."""
        for segment in self.timeline.segments:
            left = unfinished.get(segment.epoch)
            if left is not None and (segment.recorded > left or not self._is_there(segment)):
                log.warning("%s: a power cut took segment %s and what followed", self.folder, segment.number)
                self.timeline = self._journal.cut(segment.number)
                return

    def _is_there(self, segment: Segment) -> bool:
        if segment.whole:
            return size(self.folder / f"{segment.number}.m4s") == segment.size
        parts = enumerate(segment.parts)
        return all(size(self.folder / f"{segment.number}.{n}.m4s") == part.size for n, part in parts)

    def _write(self, name: str, data: bytes, *, durable: bool = False) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / name, data, durable=durable)

    def _join(self, names: list[str]) -> bytes:
        return b"".join(self._at_hand.get(name) or (self.folder / name).read_bytes() for name in names)

    def _drop_old_parts(self) -> None:
        while self._old_parts and self._old_parts[0][0] < time.monotonic() - KEEP_PARTS:
            _when, segment, count = self._old_parts.popleft()
            for number in range(count):
                (self.folder / f"{segment}.{number}.m4s").unlink(missing_ok=True)

    def _rest(self) -> None:
        self._write("media.m3u8", self.playlist.plain, durable=True)
        for part in self.folder.glob("*.*.m4s"):
            part.unlink(missing_ok=True)
