"""Cuts ffmpeg's fragmented MP4 into parts, segments and the recording of one epoch."""

import asyncio
import logging
from collections.abc import Callable

from golmok.media.boxes import Boxes, BrokenMedia, Init, Span, read_fragment, read_init
from golmok.media.playlist import PART_TARGET, TARGET_DURATION
from golmok.media.recording import Recording
from golmok.media.rendition import Rendition
from golmok.media.timeline import Epoch, Part

SEGMENT = 1.95
"""Seconds from which a key frame starts the next segment: 2 s, less the jitter of a browser's time stamps."""
LONGEST_SEGMENT = TARGET_DURATION + 0.4
"""Seconds after which a segment ends without a key frame."""
STILL = 0.5
"""Seconds the picture may outlast the sound before time follows the sound (a picture that stands still)."""

log = logging.getLogger(__name__)


class InitChanged(Exception):
    """A restarted ffmpeg describes the epoch differently, so it cannot be continued."""


class Packager:
    """Fed with one ffmpeg's output; what the timeline already has is skipped, so a restart just goes on."""

    def __init__(
        self, rendition: Rendition, epoch: int, began: Callable[[], int], recording: Recording | None
    ) -> None:
        self._rendition = rendition
        self._epoch = epoch
        self._began = began
        self._recording = recording
        self._boxes = Boxes()
        self._init: Init | None = None
        self._head = b""
        self._moof: bytes | None = None
        self.fragments = 0
        """Fragments seen, a sign of life."""

    async def feed(self, data: bytes) -> None:
        """Takes output as it comes. Raises BrokenMedia or InitChanged."""
        for kind, box in self._boxes.feed(data):
            if kind == b"ftyp":
                self._head = box
            elif kind == b"moov":
                await self._begin(box)
            elif kind == b"moof":
                self._moof = box
            elif kind == b"mdat" and self._moof is not None:
                await self._fragment(self._moof, box)
                self._moof = None

    async def _begin(self, moov: bytes) -> None:
        init, self._init = self._head + moov, read_init(moov)
        video = self._init.track("video")
        if video is None:
            raise BrokenMedia("no picture")
        if self._epoch in self._rendition.timeline.epochs:
            kept = self._rendition.folder / f"init-{self._epoch}.mp4"
            if kept.read_bytes() != init:
                raise InitChanged
            return
        recorded = 0
        if self._recording:
            recorded = self._recording.append(init)
            await asyncio.to_thread(self._recording.settle)
        epoch = Epoch(self._epoch, self._began(), self._init.codecs, video.width, video.height)
        await self._rendition.begin(epoch, init, recorded)

    async def _fragment(self, moof: bytes, mdat: bytes) -> None:
        if self._init is None:
            raise BrokenMedia("a fragment before its initialisation")
        self.fragments += 1
        spans = read_fragment(moof, self._init)
        if not self._packaged(spans):
            await self._publish(moof + mdat, spans, self._init)

    def _packaged(self, spans: dict[int, Span]) -> bool:
        """Whether the timeline has it already, because ffmpeg was started again.

        Starts tell, not ends: ffmpeg guesses the last sample's duration when the next one is not there yet.
        """
        starts = self._rendition.timeline.starts
        old = [span.start <= starts.get(track, -1) for track, span in spans.items()]
        if any(old) and not all(old):
            log.warning("%s: a fragment overlaps what was packaged before", self._rendition.folder)
        return all(old)

    async def _publish(self, data: bytes, spans: dict[int, Span], init: Init) -> None:
        timeline = self._rendition.timeline
        key = any(span.key for track, span in spans.items() if init.tracks[track].kind == "video")
        seconds = max(self._end(spans, init) - timeline.reached, 0.001)
        solid = seconds > PART_TARGET
        if solid or self._segment_ends(seconds, key=key):
            await self._rendition.close_segment()
        recorded = self._recording.append(data) if self._recording else 0
        part = Part(round(seconds, 6), key, len(data))
        starts = {track: span.start for track, span in spans.items()}
        await self._rendition.add(data, part, starts, recorded, solid=solid)

    def _segment_ends(self, coming: float, *, key: bool) -> bool:
        growing = self._rendition.timeline.open
        if growing is None:
            return False
        return (key and growing.seconds >= SEGMENT) or growing.seconds + coming > LONGEST_SEGMENT

    @staticmethod
    def _end(spans: dict[int, Span], init: Init) -> float:
        """Media seconds where a fragment ends. Never sums up durations, so it cannot drift."""
        ends = {
            init.tracks[track].kind: span.end / init.tracks[track].timescale for track, span in spans.items()
        }
        video, audio = ends.get("video"), ends.get("audio")
        if video is None or (audio is not None and video > audio + STILL):
            return audio or 0.0
        return video
