"""What of a rendition has been packaged, and the journal it is rebuilt from after a restart.

A line of `timeline.jsonl` is written after the bytes it speaks of, so everything it names is in the folder.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Epoch:
    """One unbroken run of the broadcaster's recorder, with its own initialisation."""

    number: int
    at: int
    """Programme time (ms UTC) of its media time 0."""
    codecs: str
    width: int
    height: int


@dataclass(frozen=True)
class Part:
    seconds: float
    key: bool
    """Starts with a key frame, so playing can begin here."""
    size: int


@dataclass
class Segment:
    number: int
    epoch: int
    start: float
    """Media seconds since the epoch's time 0."""
    discontinuity: bool
    parts: list[Part] = field(default_factory=list)
    whole: bool = False
    recorded: int = 0
    """Bytes of the epoch's recording with all of these parts in it."""
    solid: bool = False
    """Too long a part for PART-TARGET: offered as a segment only."""

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)


class Timeline:
    """Epochs and segments in order, as the journal tells them."""

    def __init__(self) -> None:
        self.epochs: dict[int, Epoch] = {}
        self.segments: list[Segment] = []
        self.over = False
        self.starts: dict[int, int] = {}
        """Per track, where its last fragment of the newest epoch started, in the track's timescale."""
        self.recorded = 0
        """Bytes of the newest epoch's recording that are whole."""
        self.peak = 0
        """Bits per second of the heaviest whole segment, 0 before the first of more than half a second."""

    @property
    def open(self) -> Segment | None:
        """The segment that still grows."""
        last = self.segments[-1] if self.segments else None
        return last if last and not last.whole else None

    @property
    def edge(self) -> tuple[int, int]:
        """(segment, part) that comes next."""
        growing = self.open
        return (growing.number, len(growing.parts)) if growing else (len(self.segments), 0)

    @property
    def newest(self) -> Epoch | None:
        return self.epochs[max(self.epochs)] if self.epochs else None

    @property
    def reached(self) -> float:
        """Media seconds of the newest epoch that are packaged."""
        last, newest = (self.segments[-1] if self.segments else None), self.newest
        return last.start + last.seconds if last and newest and last.epoch == newest.number else 0.0

    def begin(self, epoch: Epoch, recorded: int) -> bytes:
        """Takes in an epoch and returns its line."""
        self.epochs[epoch.number] = epoch
        self.starts, self.recorded = {}, recorded
        return _line({"epoch": asdict(epoch), "recorded": recorded})

    def add(self, part: Part, starts: dict[int, int], recorded: int, *, solid: bool = False) -> bytes:
        """Appends a part to the open segment (opening one) and returns its line."""
        self.recorded = recorded
        self._append(part, solid=solid)
        self.starts.update(starts)
        return _line(
            {
                "part": [round(part.seconds, 6), part.key, part.size],
                "starts": {str(track): start for track, start in starts.items()},
                "recorded": recorded,
                **({"solid": True} if solid else {}),
            }
        )

    def close_segment(self) -> bytes:
        if growing := self.open:
            growing.whole = True
            if growing.seconds > 0.5:
                self.peak = max(self.peak, int(8 * growing.size / growing.seconds))
        return _line({"whole": len(self.segments) - 1})

    def end(self) -> bytes:
        self.over = True
        return _line({"over": True})

    def _append(self, part: Part, *, solid: bool) -> None:
        segment = self.open
        if segment is None:
            segment = self._next_segment()
            self.segments.append(segment)
        segment.parts.append(part)
        segment.recorded = self.recorded
        segment.solid = segment.solid or solid

    def _next_segment(self) -> Segment:
        epoch = self.newest
        assert epoch is not None, "a part before any epoch"  # noqa: S101 - invariant of the packager
        last = self.segments[-1] if self.segments else None
        changed = last is not None and last.epoch != epoch.number
        return Segment(len(self.segments), epoch.number, self.reached, discontinuity=changed)

    def replay(self, entry: dict[str, object]) -> None:
        """Takes in one journal line."""
        match entry:
            case {"epoch": dict(values), "recorded": int(recorded)}:
                self.begin(Epoch(**values), recorded)
            case {
                "part": [float(seconds), bool(key), int(size)],
                "starts": dict(starts),
                "recorded": int(recorded),
            }:
                tracks = {int(track): start for track, start in starts.items()}
                self.add(Part(seconds, key, size), tracks, recorded, solid="solid" in entry)
            case {"whole": _}:
                self.close_segment()
            case {"over": True}:
                self.end()


class Journal:
    """The file of a timeline. Lines are appended whole; what a crash tore is cut off when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None
        self._owed = b""
        """Lines the disk had no room for; the timeline in memory has them already."""

    def read(self) -> Timeline:
        return self._read(lambda _timeline, _entry: False)

    def cut(self, segment: int) -> Timeline:
        """Forgets that segment and whatever follows."""
        return self._read(
            lambda timeline, entry: (
                "part" in entry and timeline.open is None and len(timeline.segments) == segment
            )
        )

    def write(self, line: bytes) -> None:
        """Appends the line. Raises OSError when nothing of it could be; then it goes before the next one."""
        self._owed += line
        file = self._opened()
        size = os.fstat(file).st_size
        rest = memoryview(self._owed)
        try:
            while rest:
                rest = rest[os.write(file, rest) :]
        except OSError:
            os.ftruncate(file, size)
            raise
        self._owed = b""

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _read(self, ends: Callable[[Timeline, dict[str, object]], bool]) -> Timeline:
        """The timeline up to the line at which it `ends`, or to the first that cannot be read."""
        timeline, kept = Timeline(), 0
        data = self.path.read_bytes() if self.path.exists() else b""
        for line in data.splitlines(keepends=True):
            entry = _entry(line)
            if entry is None or ends(timeline, entry):
                break
            timeline.replay(entry)
            kept += len(line)
        if kept < len(data):
            self._cut_at(kept, data)
        return timeline

    def _cut_at(self, kept: int, data: bytes) -> None:
        """What is cut off lies beside it, for a person to look at."""
        log.warning("%s: %s bytes at its end are left out", self.path, len(data) - kept)
        with suppress(OSError):
            self.path.with_name(f"{self.path.name}.cut").write_bytes(data[kept:])
        os.truncate(self.path, kept)

    def _opened(self) -> int:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        return self._file


def _entry(line: bytes) -> dict[str, object] | None:
    """A journal line, None for one that is torn."""
    try:
        entry = orjson.loads(line) if line.endswith(b"\n") else None
    except orjson.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) else None


def _line(entry: dict[str, object]) -> bytes:
    return orjson.dumps(entry) + b"\n"
