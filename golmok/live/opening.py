"""Opening a room: continued from its folder, or begun, and brought up to what is true now."""

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from golmok.live.feed import RECENT_CHUNKS, Chunk, Feed, as_chunk
from golmok.live.folder import DAMAGE, FeedFolder, LostRoom, new_epoch
from golmok.live.ports import RoomFacts
from golmok.live.room import LEASE_SECONDS, Ports, Room
from golmok.live.state import EpochRange, RoomState, from_document
from golmok.problems import Problem

log = logging.getLogger(__name__)


async def open_room(show_id: str, folder: FeedFolder, ports: Ports) -> Room:
    """The room, continued or begun. Raises Problem: 404, or 503 when another process has it."""
    if await ports.facts.load(show_id) is None:
        raise Problem(404, "show-not-found")
    if not await ports.lease.acquire(show_id, ports.owner, LEASE_SECONDS):
        raise _elsewhere()
    try:
        beginning = await asyncio.to_thread(begin_or_continue, folder)
    except OSError as refused:
        log.exception("show %s: the disk did not let the room begin", show_id)
        await ports.lease.release(show_id, ports.owner)
        raise _busy() from refused
    room = Room(show_id, folder, resume(folder, beginning), ports)
    try:
        await _catch_up(room, ports)
    except LostRoom as lost:
        await room.stop()
        raise _elsewhere() from lost
    except BaseException:
        await room.stop()
        raise
    room.begin()
    return room


def _elsewhere() -> Problem:
    return Problem(503, "room-elsewhere", headers={"Retry-After": "2"})


def _busy() -> Problem:
    return Problem(503, "room-busy", headers={"Retry-After": "2"})


async def _catch_up(room: Room, ports: Ports) -> None:
    """Tells what waits in the outbox, then whatever else is true. Raises Problem 503 when the disk refuses.

    What is true is read after the outbox: a change in between is told twice, and none is undone.
    """
    while await room.drain():
        await _flush(room.feed)
    facts = await ports.facts.load(room.show_id)
    for kind, fields in _unsaid(room.feed.ahead, facts) if facts else ():
        if room.feed.full:
            await _flush(room.feed)
        room.feed.append(kind, fields)
    await _flush(room.feed)


async def _flush(feed: Feed) -> None:
    if not await feed.flush():
        raise _busy()


@dataclass(frozen=True)
class Beginning:
    """What a room starts from."""

    state: RoomState
    facts: frozenset[int]
    recent: tuple[Chunk, ...]


def begin_or_continue(folder: FeedFolder) -> Beginning:
    """The log on disk, or a new one when there is none that can be continued. Blocking."""
    restored = folder.restore()
    if restored is None:
        return Beginning(_new_log(folder), frozenset(), ())
    state = restored.state
    numbers = range(max(0, state.chunk - RECENT_CHUNKS), state.chunk)
    bodies = ((number, folder.read_chunk(state.epoch, number)) for number in numbers)
    recent = tuple(as_chunk(state.epoch, number, body) for number, body in bodies if body is not None)
    return Beginning(state, restored.facts, recent)


def _new_log(folder: FeedFolder) -> RoomState:
    """A new epoch after the earlier ones, its snapshot on disk before its first chunk. Keeps the hearts."""
    logs = folder.logs()
    earlier = tuple(EpochRange(log.epoch, 0, log.last_chunk) for log in logs)
    at = max([int(time.time() * 1000), *(log.ended + 1 for log in logs)])
    state = RoomState(new_epoch(), at=at, hearts=_old_hearts(folder), earlier=earlier)
    folder.write_snapshot(orjson.dumps({**state.document(), "facts": []}))
    return state


def _old_hearts(folder: FeedFolder) -> int:
    try:
        return from_document(orjson.loads(folder.read_snapshot() or b"")).hearts
    except DAMAGE:
        return 0


def resume(folder: FeedFolder, beginning: Beginning) -> Feed:
    """The feed that goes on from there."""
    feed = Feed(folder, beginning.state, beginning.facts)
    for chunk in beginning.recent:
        feed.remember(chunk)
    return feed


def _unsaid(state: RoomState, facts: RoomFacts) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Events for what is true and the log does not say, so that the log alone tells the room.

    After the end nothing is said any more, so that goods and prices of today do not get into the show.
    """
    if state.phase == "ended":
        return
    if state.phase != facts.phase:
        yield "show", {"phase": facts.phase}
    if facts.phase == "ended":
        return
    for variant, stock in facts.stock.items():
        if state.stock.get(variant) != {"left": stock.left, "closed": stock.closed}:
            yield "stock", {"variant": variant, "left": stock.left, "closed": stock.closed}
    for variant, price in facts.prices.items():
        if state.prices.get(variant) != price:
            yield "price", {"variant": variant, "price": price}
    if facts.pinned != state.pinned:
        yield ("unpin", {}) if facts.pinned is None else ("pin", {"product": facts.pinned})
