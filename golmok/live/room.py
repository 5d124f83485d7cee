"""One show's room: facts and talk go in, chunks come out. Belongs to one event loop and one process."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from golmok.live.events import BadEvent, Event
from golmok.live.feed import RECENT_CHUNKS, Chunk, Feed, FeedClosed, FeedFull, as_chunk
from golmok.live.folder import FeedFolder, LostRoom, new_epoch
from golmok.live.passes import RoomPass
from golmok.live.ports import Fact, Lease, Outbox, RoomFacts, ShowFacts
from golmok.live.state import RoomState, from_document
from golmok.problems import Problem

LEASE_SECONDS = 10
RENEW_EVERY = 3.0
TICK = 1.0
"""Seconds between looks at the number of viewers, and snapshots of a room that changed."""
IDLE_SECONDS = 60.0
ACKNOWLEDGE_WITHIN = 5.0

OnPhase = Callable[[str, str], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ports:
    """The world outside a room."""

    outbox: Outbox
    lease: Lease
    facts: ShowFacts
    owner: str
    on_phase: OnPhase


class Room:
    """An open room. `closed` is set when it was lost, fell idle, or the house stops."""

    def __init__(self, show_id: str, folder: FeedFolder, feed: Feed, ports: Ports) -> None:
        self.show_id = show_id
        self.feed = feed
        self.closed = asyncio.Event()
        self._folder = folder
        self._ports = ports
        self._streams: set[Callable[[], None]] = set()
        self._telling: set[int] = set()
        self._draining = asyncio.Lock()
        self._background: set[asyncio.Task[None]] = set()
        self._kept = feed.state
        self._used_at = time.monotonic()
        feed.on_chunk = self._on_chunk

    def begin(self) -> None:
        self._spawn(self._write())
        self._spawn(self._tick())

    # --- readers

    def enter(self, wake: Callable[[], None]) -> None:
        """A viewer opened a stream; `wake` is called when the room closes."""
        self._streams.add(wake)

    def leave(self, wake: Callable[[], None]) -> None:
        self._streams.discard(wake)
        self.touch()

    def touch(self) -> None:
        """Somebody used the room; it stays open another while."""
        self._used_at = time.monotonic()

    @property
    def over(self) -> bool:
        return self.feed.ahead.phase == "ended"

    # --- writers

    async def say(self, room_pass: RoomPass, text: str) -> str:
        """Adds a chat line; returns its id once the line is on disk. Raises Problem."""
        chat_id = secrets.token_urlsafe(8)
        fields: dict[str, object] = {
            "id": chat_id,
            "name": room_pass.name,
            "role": room_pass.role,
            "text": text,
        }
        await self._acknowledged("chat", fields)
        return chat_id

    async def cheer(self, count: int) -> None:
        """Adds hearts. Raises Problem."""
        await self._acknowledged("hearts", {"count": self.feed.ahead.hearts + count})

    async def _acknowledged(self, kind: str, fields: dict[str, object]) -> None:
        if self.over:
            raise Problem(409, "show-over")
        self.touch()
        try:
            saved = self.feed.append(kind, fields)
            await asyncio.wait_for(asyncio.shield(saved), ACKNOWLEDGE_WITHIN)
        except (FeedFull, FeedClosed, TimeoutError) as busy:
            raise Problem(503, "room-busy", headers={"Retry-After": "2"}) from busy

    def picture(self, state: str) -> None:
        """The picture flows, stalls, or is not there."""
        if self.feed.ahead.picture != state and not self.feed.closed:
            self.feed.append("picture", {"state": state})

    # --- facts of the domain

    async def drain(self) -> None:
        """Tells every fact that waits in the outbox."""
        async with self._draining:
            for fact in await self._ports.outbox.untold(self.show_id):
                if fact.id not in self._telling and not self.feed.closed:
                    self._take(fact)

    def _take(self, fact: Fact) -> None:
        self._telling.add(fact.id)
        if fact.id in self.feed.doubtful:
            self._spawn(self._settle([(fact.id, {"type": fact.kind, **fact.fields})]))
            return
        try:
            self.feed.append(fact.kind, fact.fields, fact.id)
        except BadEvent:
            log.exception("fact %s of show %s cannot be told", fact.id, self.show_id)
            self._spawn(self._settle([(fact.id, {"type": "", **fact.fields})]))
        except (FeedFull, FeedClosed):
            self._telling.discard(fact.id)

    def _on_chunk(self, facts: Sequence[tuple[int, Event]], _events: Sequence[Event]) -> None:
        if facts:
            self._spawn(self._settle(facts))

    async def _settle(self, facts: Sequence[tuple[int, Event]]) -> None:
        """The facts are on disk: act on a new phase, then mark them told."""
        try:
            for _, event in facts:
                if event["type"] == "show":
                    await self._ports.on_phase(self.show_id, str(event["phase"]))
            ids = [fact for fact, _ in facts]
            await self._ports.outbox.mark_told(ids)
            self.feed.doubtful.difference_update(ids)
        except Exception:
            log.exception("facts of show %s were told but not marked; they will be again", self.show_id)
        finally:
            self._telling.difference_update(fact for fact, _ in facts)

    # --- life

    async def _write(self) -> None:
        try:
            await self.feed.run()
        except LostRoom:
            log.warning("show %s: another process owns the room now", self.show_id)
            await self.close(flush=False)

    async def _tick(self) -> None:
        renewed = time.monotonic()
        while not self.closed.is_set():
            await asyncio.sleep(TICK)
            self._count()
            await self._keep()
            if time.monotonic() - renewed > RENEW_EVERY:
                renewed = time.monotonic()
                await self._renew()
            if self._idle():
                await self.close()

    def _count(self) -> None:
        if self.feed.ahead.viewers != len(self._streams) and not self.feed.closed:
            self.feed.append("viewers", {"count": len(self._streams)})

    async def _keep(self) -> None:
        """The snapshot file, when the room has moved on since the last one."""
        state = self.feed.state
        if state is not self._kept:
            await asyncio.to_thread(self._folder.write_snapshot, self.feed.snapshot())
            self._kept = state

    async def _renew(self) -> None:
        if not await self._ports.lease.renew(self.show_id, self._ports.owner, LEASE_SECONDS):
            await self.close(flush=False)

    def _idle(self) -> bool:
        resting = self.feed.ahead.phase != "live" and not self._streams
        return resting and time.monotonic() - self._used_at > IDLE_SECONDS

    async def close(self, *, flush: bool = True) -> None:
        """Writes what waits and lets go of the room."""
        if self.closed.is_set():
            return
        await self.feed.close(flush=flush)
        if flush:
            await self._keep()
            await self._ports.lease.release(self.show_id, self._ports.owner)
        self.closed.set()
        for wake in tuple(self._streams):
            wake()

    async def stop(self) -> None:
        """Closes the room and ends what still runs for it; facts not marked told will be told again."""
        await self.close()
        current = asyncio.current_task()
        running = {task for task in self._background if task is not current}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def open_room(show_id: str, folder: FeedFolder, ports: Ports) -> Room:
    """The room, continued or begun. Raises Problem: 404, or 503 when another process has it."""
    facts = await ports.facts.load(show_id)
    if facts is None:
        raise Problem(404, "show-not-found")
    if not await ports.lease.acquire(show_id, ports.owner, LEASE_SECONDS):
        raise Problem(503, "room-elsewhere", headers={"Retry-After": "2"})
    beginning = await asyncio.to_thread(_begin_or_continue, folder)
    room = Room(show_id, folder, _feed(folder, beginning), ports)
    await room.drain()
    _mend(room.feed, facts)
    await room.feed.flush()
    room.begin()
    return room


@dataclass(frozen=True)
class Beginning:
    """What a room starts from."""

    state: RoomState
    facts: frozenset[int]
    recent: tuple[Chunk, ...]


def _begin_or_continue(folder: FeedFolder) -> Beginning:
    restored = folder.restore()
    if restored is None:
        return Beginning(_new_log(folder), frozenset(), ())
    state = restored.state
    numbers = range(max(0, state.chunk - RECENT_CHUNKS), state.chunk)
    bodies = ((number, folder.read_chunk(state.epoch, number)) for number in numbers)
    recent = tuple(as_chunk(state.epoch, number, body) for number, body in bodies if body is not None)
    return Beginning(state, restored.facts, recent)


def _new_log(folder: FeedFolder) -> RoomState:
    """A new epoch, its snapshot on disk before its first chunk. Hearts are carried over."""
    now = int(time.time() * 1000)
    state = RoomState(new_epoch(), at=now, hearts=_old_hearts(folder), earlier=folder.epochs())
    folder.write_snapshot(orjson.dumps({**state.document(), "facts": []}))
    return state


def _old_hearts(folder: FeedFolder) -> int:
    try:
        return from_document(orjson.loads(folder.read_snapshot() or b"")).hearts
    except (KeyError, TypeError, ValueError):
        return 0


def _feed(folder: FeedFolder, beginning: Beginning) -> Feed:
    feed = Feed(folder, beginning.state, beginning.facts)
    for chunk in beginning.recent:
        feed.remember(chunk)
    return feed


def _mend(feed: Feed, facts: RoomFacts) -> None:
    """Says what is true and the log does not say, so that the log alone tells the room."""
    ahead = feed.ahead
    if ahead.phase not in {facts.phase, "ended"}:
        feed.append("show", {"phase": facts.phase})
    for variant, stock in facts.stock.items():
        if ahead.stock.get(variant) != {"left": stock.left, "closed": stock.closed}:
            feed.append("stock", {"variant": variant, "left": stock.left, "closed": stock.closed})
    for variant, price in facts.prices.items():
        if ahead.prices.get(variant) != price:
            feed.append("price", {"variant": variant, "price": price})
    if facts.pinned != ahead.pinned:
        feed.append(*(("unpin", {}) if facts.pinned is None else ("pin", {"product": facts.pinned})))
