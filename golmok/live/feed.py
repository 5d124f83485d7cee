"""The log of one room.

The delivery contract
---------------------
- A position is (epoch, offset). Offsets of an epoch count from 0 without a hole, and so do its chunks.
  `epoch` changes when the log cannot be continued (files lost or damaged), and only then.
- Chunk n is on disk, whole, before anyone sees an event of it: pushed, pulled, or acknowledged to its
  sender. It survives the death of the process (kill -9); after a power cut late chunks may be gone or
  damaged, which restoring notices (a hole, a file that does not follow) and answers with a new epoch.
- When the disk refuses a chunk, everything that waits behind it is refused as well.
- A chunk is never written again. Whoever finds chunk n already there has lost the room and stops.
- A chunk holds at most CHUNK_SECONDS of events and exists only when something happened. In a quiet room the
  first event waits GATHER_SECONDS, so there are never more than about four chunks a second.
- Counters keep their last value per chunk, in the place of that last value.
- `at` never goes backwards, and a new epoch begins after the one before.
- A snapshot's position and its state are one immutable value, so the position is never behind the state's
  back: the snapshot plus all later chunks equals a fresh snapshot.
- A reader at (epoch, n) gets every chunk after n, once, in order, or is refused (`since` returns None) and
  starts again from the snapshot. Nothing is ever skipped silently.
- The end of the show (`show`, ended) is the last event; the room appends nothing after it.
- A fact of the outbox is told once: the chunk that tells it lists its id under `facts`, and the snapshot
  lists the ids whose mark in the outbox is not known to be there. Both are written in the same stroke as
  the event.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson

from golmok.live.events import TYPES, Event, apply_event, make
from golmok.live.folder import FeedFolder
from golmok.live.state import RoomState, apply_chunk

CHUNK_SECONDS = 0.25
GATHER_SECONDS = 0.02
RECENT_CHUNKS = 480
"""Two minutes of a busy room: enough for a tunnel; a phone that slept starts from the snapshot."""
RECENT_BYTES = 4 * 1024 * 1024
PENDING_EVENTS = 1000
"""Events that may wait for one chunk; more means the disk does not keep up."""

log = logging.getLogger(__name__)


class FeedFull(Exception):
    """More events wait than the disk takes; the sender may try again."""


class FeedClosed(Exception):
    """The event was not written: the room is closing, was lost, or the disk refused."""


@dataclass(frozen=True)
class Chunk:
    number: int
    body: bytes
    """The chunk file."""
    frame: bytes
    """The same bytes as one server-sent event, shared by every connection."""


@dataclass
class Batch:
    """What the next chunk will hold."""

    saved: asyncio.Future[None]
    events: dict[tuple[object, ...], Event] = field(default_factory=dict)
    facts: list[tuple[int, Event]] = field(default_factory=list)


def _unheard(saved: asyncio.Future[None]) -> None:
    """A batch nobody awaits may fail without asyncio's complaint; the feed has logged why."""
    if not saved.cancelled():
        saved.exception()


def as_chunk(epoch: str, number: int, body: bytes) -> Chunk:
    return Chunk(number, body, b"id: %s:%d\ndata: %s\n\n" % (epoch.encode(), number, body))


class Feed:
    """Appends, closes chunks, remembers the recent ones. Belongs to one event loop."""

    def __init__(self, folder: FeedFolder, state: RoomState, facts: Iterable[int] = ()) -> None:
        self.state = state
        """As on disk."""
        self.ahead = state
        """With everything that still waits for its chunk; never shown to readers."""
        self.doubtful: set[int] = set(facts)
        """Facts on disk whose mark in the outbox is not known to be there."""
        self.readers: set[Callable[[Chunk], None]] = set()
        self.on_chunk: Callable[[Sequence[tuple[int, Event]], Sequence[Event]], None] | None = None
        """Told the facts and events of each chunk once it is on disk."""
        self.on_refused: Callable[[Sequence[int]], None] | None = None
        """Told the facts that were appended and are not in the log after all."""
        self._folder = folder
        self._recent: deque[Chunk] = deque()
        self._recent_bytes = 0
        self._writing = asyncio.Lock()
        self._something = asyncio.Event()
        self._batch = self._new_batch()
        self._next: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._flushed_at = 0.0
        self._closed = False

    # --- writing

    def append(
        self, kind: str, fields: Mapping[str, object], fact: int | None = None
    ) -> asyncio.Future[None]:
        """Put an event into the next chunk; the future is done when that chunk is on disk.

        Raises BadEvent, FeedFull, FeedClosed. The future fails with FeedClosed.
        """
        if self._closed:
            raise FeedClosed
        if self.full:
            raise FeedFull
        event = make(kind, max(int(time.time() * 1000), self.ahead.at), fields)
        self.ahead = replace(apply_event(self.ahead, event), at=event["at"])
        self._put(event)
        if fact is not None:
            self._batch.facts.append((fact, event))
        self._something.set()
        return self._batch.saved

    def _put(self, event: Event) -> None:
        kind = TYPES[event["type"]]
        key = kind.key(event) if kind.counter else ("", len(self._batch.events), id(event))
        self._batch.events.pop(key, None)
        self._batch.events[key] = event

    async def run(self) -> None:
        """Close chunks until `close`."""
        while not self._closed:
            await self._something.wait()
            rest = CHUNK_SECONDS - (time.monotonic() - self._flushed_at)
            await asyncio.sleep(max(GATHER_SECONDS, rest))
            await self.flush()

    async def flush(self) -> bool:
        """Write what waits as one chunk, then show it. A full disk fails the senders, not the room: False."""
        async with self._writing:
            batch, self._batch = self._batch, self._new_batch()
            self._something.clear()
            if not batch.events:
                return True
            self._flushed_at = time.monotonic()
            try:
                await self._write(batch)
            except OSError:
                log.exception("chunk %s:%d was not written", self.state.epoch, self.state.chunk)
                self._refuse(batch)
                return False
            return True

    async def _write(self, batch: Batch) -> None:
        state = self.state
        events = [{"offset": state.offset + n, **event} for n, event in enumerate(batch.events.values())]
        document = {"epoch": state.epoch, "chunk": state.chunk, "first": state.offset, "events": events}
        facts = [fact for fact, _ in batch.facts]
        try:
            body = orjson.dumps({**document, "facts": facts} if facts else document)
            await asyncio.to_thread(self._folder.write_chunk, state.epoch, state.chunk, body)
        except BaseException as failure:
            if not isinstance(failure, OSError):
                self._closed = True
                self._refuse(batch)
            raise
        self.state = apply_chunk(state, document)
        self.doubtful.update(facts)
        self._show(as_chunk(state.epoch, state.chunk, body), batch, events)

    def _show(self, chunk: Chunk, batch: Batch, events: Sequence[Event]) -> None:
        self.remember(chunk)
        if not batch.saved.done():
            batch.saved.set_result(None)
        self._turn()
        for reader in tuple(self.readers):
            reader(chunk)
        if self.on_chunk:
            self.on_chunk(batch.facts, events)

    def _refuse(self, *batches: Batch) -> None:
        """Fails the senders of `batches` and of all that waits behind them.

        What followed goes too: its counters were counted on from the refused ones, and a refused fact,
        told again after a younger one, would undo it.
        """
        waiting, self._batch = self._batch, self._new_batch()
        self.ahead = self.state
        for batch in (*batches, waiting):
            if not batch.saved.done():
                batch.saved.set_exception(FeedClosed())
            if self.on_refused:
                self.on_refused([fact for fact, _ in batch.facts])

    async def close(self, *, flush: bool = True) -> None:
        """Refuse new events, write what waits (or fail its senders), wake who blocks on the next chunk."""
        self._closed = True
        self._something.set()
        try:
            if flush:
                await self.flush()
            else:
                self._refuse()
        finally:
            self._turn()

    def _turn(self) -> None:
        """Wake those who wait for the next chunk."""
        done, self._next = self._next, asyncio.get_running_loop().create_future()
        if not done.done():
            done.set_result(None)

    @staticmethod
    def _new_batch() -> Batch:
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        saved.add_done_callback(_unheard)
        return Batch(saved)

    # --- reading

    @property
    def busy(self) -> bool:
        """Something waits for its chunk or is being written."""
        return bool(self._batch.events) or self._writing.locked()

    @property
    def full(self) -> bool:
        """Nothing more can be appended before the next chunk is on its way."""
        return len(self._batch.events) >= PENDING_EVENTS

    @property
    def closed(self) -> bool:
        return self._closed

    def snapshot(self) -> bytes:
        """`state.json` as of the last chunk on disk."""
        return orjson.dumps({**self.state.document(), "facts": sorted(self.doubtful)})

    def recent(self, number: int) -> Chunk | None:
        if not self._recent or not 0 <= number - self._recent[0].number < len(self._recent):
            return None
        return self._recent[number - self._recent[0].number]

    def since(self, epoch: str, number: int) -> list[Chunk] | None:
        """Every chunk after `number`; None when that cannot be said without a gap."""
        if epoch != self.state.epoch or not -1 <= number < self.state.chunk:
            return None
        behind = self.state.chunk - 1 - number
        if behind > len(self._recent):
            return None
        return list(self._recent)[len(self._recent) - behind :]

    def remember(self, chunk: Chunk) -> None:
        """Keep a chunk for readers that resume; chunks come in order."""
        self._recent.append(chunk)
        self._recent_bytes += len(chunk.body)
        while len(self._recent) > RECENT_CHUNKS or self._recent_bytes > RECENT_BYTES:
            self._recent_bytes -= len(self._recent.popleft().body)

    @property
    def next_chunk(self) -> asyncio.Future[None]:
        """Done when another chunk is on disk, or the feed has closed. Await it through `asyncio.shield`."""
        return self._next
