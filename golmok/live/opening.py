"""Opening a room: continued from its folder, or begun, and brought up to what is true now."""

import asyncio
import time
from dataclasses import dataclass

import orjson

from golmok.live.feed import RECENT_CHUNKS, Chunk, Feed, as_chunk
from golmok.live.folder import FeedFolder, LostRoom, new_epoch
from golmok.live.ports import RoomFacts
from golmok.live.room import LEASE_SECONDS, Ports, Room
from golmok.live.state import RoomState, from_document
from golmok.problems import Problem


async def open_room(show_id: str, folder: FeedFolder, ports: Ports) -> Room:
    """The room, continued or begun. Raises Problem: 404, or 503 when another process has it."""
    if await ports.facts.load(show_id) is None:
        raise Problem(404, "show-not-found")
    if not await ports.lease.acquire(show_id, ports.owner, LEASE_SECONDS):
        raise _elsewhere()
    beginning = await asyncio.to_thread(_begin_or_continue, folder)
    room = Room(show_id, folder, _feed(folder, beginning), ports)
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


async def _catch_up(room: Room, ports: Ports) -> None:
    """Tells what waits in the outbox, then whatever else is true. Raises Problem 503 when the disk refuses.

    What is true is read after the outbox: a change in between is told twice, and none is undone.
    """
    await room.drain()
    facts = await ports.facts.load(room.show_id)
    if facts is not None:
        _mend(room.feed, facts)
    if not await room.feed.flush():
        raise Problem(503, "room-busy", headers={"Retry-After": "2"})


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
