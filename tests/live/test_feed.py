"""The log of a room, whatever is appended, refused by the disk, or restarted, and in whatever order."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from golmok.live import feed as feeds
from golmok.live import opening
from golmok.live.events import TYPES, EventType, Field
from golmok.live.feed import Chunk, Feed, FeedFull
from golmok.live.opening import begin_or_continue, resume
from golmok.live.state import RoomState, apply_chunk, from_document

from .stage import Document, Folder, plain

RECENT = 2
FULL = 12


@dataclass
class Clock:
    """In the place of the time module; people set wall clocks back."""

    now: float = 1_658_310_000.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Line:
    """One call of append, and what became of it."""

    event: Document
    fact: int | None
    saved: asyncio.Future[None] | None
    """None when it was refused at once."""

    @property
    def refused(self) -> bool:
        return self.saved is None or (self.saved.done() and self.saved.exception() is not None)


@dataclass
class Play:
    """A feed, and a record of all that was done to it and seen of it."""

    folder: Folder
    clock: Clock
    lines: list[Line] = field(default_factory=list)
    batches: list[list[Line]] = field(default_factory=list)
    """Lines that went together into a chunk that was written."""
    waiting: list[Line] = field(default_factory=list)
    snapshots: list[bytes] = field(default_factory=list)
    seen: list[Chunk] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = self._open()
        self.first = self.feed.state

    def _open(self) -> Feed:
        feed = resume(self.folder, begin_or_continue(self.folder))
        feed.readers.add(self.seen.append)
        self.snapshots.append(feed.snapshot())
        return feed

    def append(self, kind: str, fields: Document, is_fact: bool) -> None:
        fact = len(self.lines) if is_fact else None
        try:
            saved = self.feed.append(kind, fields, fact)
        except FeedFull:
            self.lines.append(Line({"type": kind, **fields}, fact, None))
            return
        line = Line({"type": kind, **fields}, fact, saved)
        self.lines.append(line)
        self.waiting.append(line)

    async def flush(self, meanwhile: Iterable[tuple[str, Document, bool]] = ()) -> None:
        """Writes what waits; `meanwhile` is appended while the disk is at it."""
        going, self.waiting = self.waiting, []
        writing = asyncio.create_task(self.feed.flush())
        await asyncio.sleep(0)
        for line in meanwhile:
            self.append(*line)
        if await writing and going:
            self.batches.append(going)
        self.waiting = [line for line in self.waiting if not line.refused]

    def keep_snapshot(self) -> None:
        self.snapshots.append(self.feed.snapshot())
        self.folder.write_snapshot(self.snapshots[-1])

    def crash(self) -> None:
        """The process is gone without a word, and another continues."""
        self.waiting = []
        self.feed = self._open()

    # --- what must hold

    def log(self) -> list[Document]:
        return [self.chunk(number) for number in range(self.feed.state.chunk)]

    def chunk(self, number: int) -> Document:
        document: Document = orjson.loads(self.folder.read_chunk(self.feed.state.epoch, number) or b"")
        return document

    def check(self) -> None:
        log = self.log()
        self._check_log(log)
        self._check_snapshots(log)
        self._check_readers(log)
        self._check_chunks(log)

    def _check_log(self, log: Sequence[Document]) -> None:
        events = [event for chunk in log for event in chunk["events"]]
        assert [chunk["chunk"] for chunk in log] == list(range(len(log)))
        assert [chunk["first"] for chunk in log] == [chunk["events"][0]["offset"] for chunk in log]
        assert [event["offset"] for event in events] == list(range(len(events)))
        times = [event["at"] for event in events]
        assert times == sorted(times)

    def _check_snapshots(self, log: Sequence[Document]) -> None:
        fresh = from_document(orjson.loads(self.feed.snapshot()))
        assert fresh == self.feed.state
        for old in self.snapshots:
            state = from_document(orjson.loads(old))
            assert folded(state, log[state.chunk :]) == fresh

    def _check_readers(self, log: Sequence[Document]) -> None:
        assert [orjson.loads(chunk.body) for chunk in self.seen] == log
        last = len(log) - 1
        for number in range(-1, len(log)):
            chunks = self.feed.since(self.feed.state.epoch, number)
            if number < last - RECENT:
                assert chunks is None
            else:
                assert chunks is not None
                assert [chunk.number for chunk in chunks] == list(range(number + 1, last + 1))
                assert [orjson.loads(chunk.body) for chunk in chunks] == log[number + 1 :]
        assert self.feed.since(self.feed.state.epoch, len(log)) is None
        assert self.feed.since("another", last) is None

    def _check_chunks(self, log: Sequence[Document]) -> None:
        """Each chunk tells its batch: counters once, in the place of the last value, and every fact."""
        assert [[plain(event) for event in chunk["events"]] for chunk in log] == [
            coalesced([line.event for line in batch]) for batch in self.batches
        ]
        facts = [[line.fact for line in batch if line.fact is not None] for batch in self.batches]
        assert [chunk.get("facts", []) for chunk in log] == facts
        written = {id(line) for batch in self.batches for line in batch}
        assert all(not line.refused for batch in self.batches for line in batch)
        assert all(line.refused for line in self.lines if id(line) not in written and settled(line))
        assert self.feed.doubtful == {fact for told in facts for fact in told}


def settled(line: Line) -> bool:
    return line.saved is None or line.saved.done()


def coalesced(events: Sequence[Document]) -> list[Document]:
    def replaced(n: int, event: Document) -> bool:
        kind = TYPES[event["type"]]
        later = (other for other in events[n + 1 :] if other["type"] == kind.name)
        return kind.counter and any(not kind.per or other[kind.per] == event[kind.per] for other in later)

    return [event for n, event in enumerate(events) if not replaced(n, event)]


def folded(state: RoomState, chunks: Iterable[Document]) -> RoomState:
    for chunk in chunks:
        state = apply_chunk(state, chunk)
    return state


def values(of: Field) -> st.SearchStrategy[object]:
    if of.choices:
        return st.sampled_from(of.choices)
    few = st.integers(1, 3) if of.name in {"variant", "product"} else st.integers(0, 2**53)
    by_kind: dict[type, st.SearchStrategy[object]] = {
        int: few,
        bool: st.booleans(),
        str: st.text(max_size=8),
    }
    return by_kind[of.kind]


def lines_of(kind: EventType) -> st.SearchStrategy[tuple[str, Document, bool]]:
    fields = st.fixed_dictionaries({of.name: values(of) for of in kind.fields})
    return st.tuples(st.just(kind.name), fields, st.booleans())


LINES = st.one_of([lines_of(kind) for kind in (*TYPES.values(), *[TYPES["stock"]] * 4)])
STEPS = st.one_of(
    st.tuples(st.just("append"), st.lists(LINES, min_size=1, max_size=FULL + 2)),
    st.tuples(st.just("flush"), st.lists(LINES, max_size=3)),
    st.tuples(st.just("chunk"), st.lists(LINES, min_size=1, max_size=5)),
    st.tuples(st.just("disk"), st.booleans()),
    st.tuples(st.just("clock"), st.integers(-5000, 5000)),
    st.tuples(st.sampled_from(["keep", "crash"]), st.none()),
)


async def played(folder: Path, clock: Clock, steps: Sequence[tuple[str, object]]) -> Play:
    play = Play(Folder(folder), clock)
    for step, value in steps:
        match step, value:
            case "append", list(lines):
                for line in lines:
                    play.append(*line)
            case "flush", list(lines):
                await play.flush(lines)
            case "chunk", list(lines):
                for line in lines:
                    play.append(*line)
                await play.flush()
            case "disk", bool(full):
                play.folder.full = full
            case "clock", int(milliseconds):
                play.clock.now += milliseconds / 1000
            case "keep", _:
                play.keep_snapshot()
            case "crash", _:
                play.crash()
    return play


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_an_old_snapshot_and_all_later_chunks_make_a_fresh_one(steps: list[tuple[str, object]]) -> None:
    clock = Clock()

    async def play() -> None:
        (await played(Path(empty), clock, steps)).check()

    with (
        TemporaryDirectory() as empty,
        patch.object(feeds, "RECENT_CHUNKS", RECENT),
        patch.object(opening, "RECENT_CHUNKS", RECENT),
        patch.object(feeds, "PENDING_EVENTS", FULL),
        patch.object(feeds, "time", clock),
    ):
        asyncio.run(play())
