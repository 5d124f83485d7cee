"""One show's room: facts and talk go in, chunks come out. Belongs to one event loop and one process."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from golmok.live.events import BadEvent, Event
from golmok.live.feed import Feed, FeedClosed, FeedFull
from golmok.live.folder import FeedFolder, LostRoom
from golmok.live.passes import RoomPass
from golmok.live.ports import Fact, Lease, Outbox, ShowFacts
from golmok.live.state import RoomState
from golmok.problems import Problem

LEASE_SECONDS = 10
RENEW_EVERY = 3.0
TICK = 1.0
"""Seconds between looks at the number of viewers, and snapshots of a room that changed."""
IDLE_SECONDS = 60.0
LINGER_SECONDS = 5.0
"""A room stays this long after the end is told: pages leave by themselves when they hear it, and whoever
is left then does not come back with everybody else in the same moment."""
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


def ends(fact: Fact) -> bool:
    return fact.kind == "show" and fact.fields.get("phase") == "ended"


class Room:
    """An open room. `closed` is set when it was lost, fell idle, is over, or the house stops."""

    def __init__(self, show_id: str, folder: FeedFolder, feed: Feed, ports: Ports) -> None:
        self.show_id = show_id
        self.feed = feed
        self.closed = asyncio.Event()
        self._folder = folder
        self._ports = ports
        self._streams: dict[Callable[[], None], bool] = {}
        """Who to wake, and whether it is a viewer."""
        self._telling: set[int] = set()
        self._draining = asyncio.Lock()
        self._background: set[asyncio.Task[None]] = set()
        self._kept: tuple[RoomState, frozenset[int]] | None = None
        self._over_since: float | None = None
        self._picture = feed.state.picture
        self._renewed_at = time.monotonic()
        self._closing = False
        self._used_at = time.monotonic()
        feed.on_chunk = self._on_chunk
        feed.on_refused = self._telling.difference_update

    def begin(self) -> None:
        self._spawn(self._write())
        self._spawn(self._tick())

    # --- readers

    def enter(self, wake: Callable[[], None], *, counted: bool = True) -> None:
        """Somebody opened a stream, `counted` as a viewer; `wake` is called when the room closes."""
        self._streams[wake] = counted

    def leave(self, wake: Callable[[], None]) -> None:
        self._streams.pop(wake, None)
        self.touch()

    def touch(self) -> None:
        """Somebody used the room; it stays open another while."""
        self._used_at = time.monotonic()

    @property
    def over(self) -> bool:
        """The end is told, or waits for its chunk; nothing is appended after it."""
        return self.feed.ahead.phase == "ended"

    @property
    def at_rest(self) -> bool:
        """The end is on disk: nothing will follow."""
        return self.feed.state.phase == "ended"

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
            async with asyncio.timeout(ACKNOWLEDGE_WITHIN):
                await asyncio.shield(saved)
        except (FeedFull, FeedClosed, TimeoutError) as busy:
            raise Problem(503, "room-busy", headers={"Retry-After": "2"}) from busy

    def picture(self, state: str) -> None:
        """The picture flows, stalls, or is not there. Said again until it is on disk."""
        self._picture = state
        try:
            self._show_picture()
        except (FeedFull, FeedClosed):
            log.info("show %s: the word that the picture is %s has to wait", self.show_id, state)

    def _show_picture(self) -> None:
        if self.feed.ahead.picture != self._picture and not (self.over or self.feed.closed):
            self.feed.append("picture", {"state": self._picture})

    # --- facts of the domain

    async def drain(self) -> int:
        """Tells the facts that wait in the outbox. How many it took up; the rest waits for the next time."""
        async with self._draining:
            untold = await self._ports.outbox.untold(self.show_id)
            new = [fact for fact in untold if fact.id not in self._telling and not self.feed.closed]
            for fact in new:
                self._take(fact)
            return sum(fact.id in self._telling for fact in new)

    def _take(self, fact: Fact) -> None:
        """A fact whose chunk the disk refuses still waits in the outbox; the next drain takes it again."""
        self._telling.add(fact.id)
        if fact.id in self.feed.doubtful:
            self._spawn(self._settle([(fact.id, {"type": fact.kind, **fact.fields})]))
            return
        if self.over:
            self._pass_over(fact)
            return
        try:
            self.feed.append(fact.kind, fact.fields, fact.id)
        except BadEvent:
            log.exception("fact %s of show %s cannot be told", fact.id, self.show_id)
            self._spawn(self._settle([(fact.id, {"type": "", **fact.fields})]))
        except (FeedFull, FeedClosed):
            self._telling.discard(fact.id)

    def _pass_over(self, fact: Fact) -> None:
        """What becomes true after the end is no part of the show: marked told, and not appended.

        Only the end itself, if it stands in the log already, is acted on.
        """
        kind = fact.kind if self.at_rest and ends(fact) else ""
        self._spawn(self._settle([(fact.id, {"type": kind, **fact.fields})]))

    def _on_chunk(self, facts: Sequence[tuple[int, Event]], _events: Sequence[Event]) -> None:
        if facts:
            self._spawn(self._settle(facts))

    async def _settle(self, facts: Sequence[tuple[int, Event]]) -> None:
        """The facts are on disk: act on a new phase, then mark them told.

        Never while `drain` reads: a list of untold facts older than the mark would tell them again.
        """
        try:
            for _, event in facts:
                if event["type"] == "show":
                    await self._ports.on_phase(self.show_id, str(event["phase"]))
            ids = [fact for fact, _ in facts]
            async with self._draining:
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
        except Exception:
            log.exception("show %s: the room cannot write any more", self.show_id)
            await self.close(flush=False)

    async def _tick(self) -> None:
        """Every step each second, whatever became of the others: a full disk must not cost the lease."""
        while not self.closed.is_set():
            await asyncio.sleep(TICK)
            for step in (self._count, self._repeat_picture, self._keep, self._renew, self._rest):
                try:
                    await step()
                except Exception:
                    log.exception("show %s: %s failed; again in a second", self.show_id, step.__name__)

    async def _count(self) -> None:
        viewers = sum(self._streams.values())
        if self.feed.ahead.viewers != viewers and not (self.over or self.feed.closed):
            self.feed.append("viewers", {"count": viewers})

    async def _repeat_picture(self) -> None:
        self._show_picture()

    async def _keep(self) -> None:
        """The snapshot file, when the room has moved on since the last one."""
        kept = self._keepsake()
        if self._kept and kept[0] is self._kept[0] and kept[1] == self._kept[1]:
            return
        await asyncio.to_thread(self._folder.write_snapshot, self.feed.snapshot())
        self._kept = kept

    def _keepsake(self) -> tuple[RoomState, frozenset[int]]:
        return self.feed.state, frozenset(self.feed.doubtful)

    async def _renew(self) -> None:
        if time.monotonic() - self._renewed_at < RENEW_EVERY:
            return
        if not await self._ports.lease.renew(self.show_id, self._ports.owner, LEASE_SECONDS):
            await self.close(flush=False)
        self._renewed_at = time.monotonic()

    async def _rest(self) -> None:
        """An unused room closes, and one that is over when its facts are told; a show on air stays open."""
        if self.at_rest:
            self._over_since = self._over_since or time.monotonic()
            if not self._telling and time.monotonic() - self._over_since >= LINGER_SECONDS:
                await self.close()
            return
        resting = self.feed.ahead.phase != "live" and not self._streams
        if resting and time.monotonic() - self._used_at > IDLE_SECONDS:
            await self.close()

    async def close(self, *, flush: bool = True) -> None:
        """Writes what waits and lets go of the room. Its streams end whatever fails on the way."""
        if self._closing:
            await self.closed.wait()
            return
        self._closing = True
        try:
            await self._let_go(flush)
        except LostRoom:
            log.warning("show %s: another process owned the room already", self.show_id)
        except Exception:
            log.exception("show %s: the room was closed without its last snapshot", self.show_id)
        finally:
            self.closed.set()
            for wake in tuple(self._streams):
                wake()

    async def _let_go(self, flush: bool) -> None:
        if not flush:
            await self.feed.close(flush=False)
            return
        try:
            await self.feed.close()
            await self._keep()
        finally:
            await self._ports.lease.release(self.show_id, self._ports.owner)

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
