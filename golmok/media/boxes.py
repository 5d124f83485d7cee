"""Reading fragmented MP4 (ISO/IEC 14496-12): just what cutting and timing need."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

NOT_A_KEY_FRAME = 0x10000
CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"})
VIDEO_ENTRY_HEADER = 78
"""Bytes of a visual sample entry before its own boxes."""


class BrokenMedia(Exception):
    """The bytes are not the fragmented MP4 they should be."""


@dataclass(frozen=True)
class Track:
    kind: Literal["video", "audio", "other"]
    timescale: int
    codec: str
    """RFC 6381, as in a playlist's CODECS."""
    width: int = 0
    height: int = 0
    default_duration: int = 0
    default_flags: int = 0


@dataclass(frozen=True)
class Init:
    """What `moov` says about every later fragment."""

    tracks: dict[int, Track]

    def track(self, kind: str) -> Track | None:
        return next((track for track in self.tracks.values() if track.kind == kind), None)

    @property
    def codecs(self) -> str:
        return ",".join(track.codec for track in self.tracks.values() if track.codec)


@dataclass(frozen=True)
class Span:
    """One track's samples in a fragment, in that track's timescale."""

    start: int
    end: int
    key: bool


class Boxes:
    """Cuts a growing stream of bytes into whole top-level boxes."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Each box that is now whole: its type, and all its bytes with the header."""
        self._rest += data
        while (size := self._size()) and len(self._rest) >= size:
            box = bytes(self._rest[:size])
            del self._rest[:size]
            yield box[4:8], box

    def _size(self) -> int:
        if len(self._rest) < 16:
            return 0
        size: int = struct.unpack_from(">I", self._rest)[0]
        if size == 1:
            size = struct.unpack_from(">Q", self._rest, 8)[0]
        if size < 8:
            raise BrokenMedia("a box without a size")
        return size


def children(data: bytes, start: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """The boxes inside `data` from byte `start`: type and payload."""
    while start + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > len(data):
            raise BrokenMedia(f"box {kind!r} reaches beyond its parent")
        yield kind, data[start + 8 : start + size]
        start += size


def find(data: bytes, *path: bytes) -> bytes | None:
    """Payload of the first box at `path` below `data` (itself a payload)."""
    for kind, payload in children(data):
        if kind == path[0]:
            return payload if len(path) == 1 else find(payload, *path[1:])
    return None


def read_init(moov: bytes) -> Init:
    """The tracks of a whole `moov` box."""
    payload = moov[8:]
    defaults = _defaults(find(payload, b"mvex") or b"")
    tracks = {}
    for kind, trak in children(payload):
        if kind == b"trak":
            number, track = _track(trak, defaults)
            tracks[number] = track
    return Init(tracks)


def _defaults(mvex: bytes) -> dict[int, tuple[int, int]]:
    found = {}
    for kind, trex in children(mvex):
        if kind == b"trex":
            number, _description, duration, _size, flags = struct.unpack_from(">5I", trex, 4)
            found[number] = (duration, flags)
    return found


def _track(trak: bytes, defaults: dict[int, tuple[int, int]]) -> tuple[int, Track]:
    header, timing = _required(trak, b"tkhd"), _required(trak, b"mdia", b"mdhd")
    number: int = struct.unpack_from(">I", header, 20 if header[0] else 12)[0]
    timescale: int = struct.unpack_from(">I", timing, 20 if timing[0] else 12)[0]
    handler = _required(trak, b"mdia", b"hdlr")[8:12]
    description = _required(trak, b"mdia", b"minf", b"stbl", b"stsd")[8:]
    duration, flags = defaults.get(number, (0, 0))
    if handler == b"vide":
        width, height = struct.unpack_from(">HH", description, 8 + 24)
        codec = _video_codec(description)
        return number, Track("video", timescale, codec, width, height, duration, flags)
    if handler == b"soun":
        return number, Track("audio", timescale, "mp4a.40.2", 0, 0, duration, flags)
    return number, Track("other", timescale, "", 0, 0, duration, flags)


def _video_codec(description: bytes) -> str:
    """``avc1.PPCCLL`` from the decoder configuration: a mime type is only the sender's guess."""
    for _kind, entry in children(description):
        avcc = find(entry[VIDEO_ENTRY_HEADER:], b"avcC")
        if avcc is not None:
            return f"avc1.{avcc[1:4].hex()}"
    raise BrokenMedia("the picture is not H.264")


def _required(data: bytes, *path: bytes) -> bytes:
    found = find(data, *path)
    if found is None:
        raise BrokenMedia(f"no {path[-1]!r}")
    return found


def read_fragment(moof: bytes, init: Init) -> dict[int, Span]:
    """Where each track of a whole `moof` box starts and ends; tracks without a sample are left out."""
    spans = {}
    for kind, traf in children(moof, 8):
        if kind != b"traf":
            continue
        number, span = _span(traf, init)
        if span.end > span.start:
            spans[number] = span
    return spans


def _span(traf: bytes, init: Init) -> tuple[int, Span]:
    number, duration, flags = _fragment_defaults(_required(traf, b"tfhd"), init)
    clock = _required(traf, b"tfdt")
    start: int = struct.unpack_from(">Q" if clock[0] else ">I", clock, 4)[0]
    end, first_flags = start, None
    for kind, trun in children(traf):
        if kind == b"trun":
            length, run_flags = _run(trun, duration, flags)
            end += length
            first_flags = run_flags if first_flags is None else first_flags
    return number, Span(start, end, not (first_flags or 0) & NOT_A_KEY_FRAME)


def _fragment_defaults(tfhd: bytes, init: Init) -> tuple[int, int, int]:
    present, number = struct.unpack_from(">II", tfhd)
    present &= 0xFFFFFF
    track = init.tracks.get(number)
    if track is None:
        raise BrokenMedia(f"a fragment of unknown track {number}")
    place = 8 + (8 if present & 0x1 else 0) + (4 if present & 0x2 else 0)
    duration, flags = track.default_duration, track.default_flags
    if present & 0x8:
        duration = struct.unpack_from(">I", tfhd, place)[0]
        place += 4
    place += 4 if present & 0x10 else 0
    if present & 0x20:
        flags = struct.unpack_from(">I", tfhd, place)[0]
    return number, duration, flags


def _run(trun: bytes, default_duration: int, default_flags: int) -> tuple[int, int]:
    """(duration of all samples, flags of the first one)"""
    present, count = struct.unpack_from(">II", trun)
    place = 8 + (4 if present & 0x1 else 0)
    first_flags = default_flags
    if present & 0x4:
        first_flags = struct.unpack_from(">I", trun, place)[0]
        place += 4
    columns = [bit for bit in (0x100, 0x200, 0x400, 0x800) if present & bit]
    table = struct.unpack_from(f">{count * len(columns)}I", trun, place)
    if 0x400 in columns and count and not present & 0x4:
        first_flags = table[columns.index(0x400)]
    if 0x100 in columns:
        return sum(table[columns.index(0x100) :: len(columns)]), first_flags
    return count * default_duration, first_flags
