"""What fails around a room: it goes on, and what it was told is not lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import orjson
import pytest

from golmok.live import house, opening, room
from golmok.live.folder import FeedFolder
from golmok.live.opening import open_room
from golmok.problems import Problem

from .conftest import Disk
from .stage import (
    SHOW,
    Facts,
    Lease,
    Outbox,
    Shows,
    Stage,
    Stock,
    Told,
    World,
    on_stage,
    plain,
    problem,
    until,
)


async def refused(disk: Disk, since: int) -> bool:
    return disk.refused > since


# --- a full disk


async def test_a_line_that_the_disk_refused_was_not_said(stage: Stage, disk: Disk) -> None:
    await stage.said("vorher")
    disk.chunks = True
    answer = await stage.say("verloren")
    assert problem(answer) == (503, "room-busy")
    assert answer.headers["retry-after"] == "2"
    disk.chunks = False
    await stage.said("nachher")
    assert [event["text"] for event in stage.world.events("chat")] == ["vorher", "nachher"]
    assert len((await stage.state())["chat"]) == 2


async def test_a_fact_that_the_disk_refused_is_told_later(stage: Stage, disk: Disk) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        disk.chunks = True
        before = disk.refused
        stage.tell("stock", variant=1, left=5, closed=False)
        await until(lambda: refused(disk, before))
        assert not stage.world.outbox.told
        disk.chunks = False
        stage.tell("stock", variant=1, left=4, closed=False)
        await watcher.until("stock", left=4)
    await until(stage.world.all_told)
    assert (await stage.state())["stock"] == {"1": {"left": 4, "closed": False}}
    assert len(stage.world.events("stock")) <= 2


async def test_younger_facts_do_not_overtake_refused_ones(stage: Stage, disk: Disk) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        disk.chunks = True
        for product in range(1, 6):
            before = disk.refused
            stage.tell("pin", product=product)
            await until(partial(refused, disk, before))
        disk.chunks = False
        stage.tell("pin", product=6)
        await watcher.until("pin", product=6)
    await until(stage.world.all_told)
    assert [event["product"] for event in stage.world.events("pin")] == [1, 2, 3, 4, 5, 6]


async def test_the_word_about_the_picture_is_repeated(stage: Stage, disk: Disk) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        disk.chunks = True
        before = disk.refused
        await stage.house.picture_changed(SHOW, "flowing")
        await until(lambda: refused(disk, before))
        disk.chunks = False
        await watcher.until("picture", state="flowing")


async def test_a_room_that_opens_later_knows_of_the_picture(stage: Stage) -> None:
    stage.world.lease.holders[SHOW] = "another process"
    await stage.house.picture_changed(SHOW, "flowing")
    stage.world.lease.holders.clear()
    async with stage.watch() as watcher:
        if (await stage.state())["picture"] != "flowing":
            await watcher.until("picture", state="flowing")


async def test_a_room_goes_on_without_a_snapshot(
    stage: Stage, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RENEW_EVERY", 0.0)
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        disk.snapshots = True
        await stage.said("안녕")
        await until(lambda: refused(disk, 2))
        stage.world.lease.holders[SHOW] = "another process"
        await watcher.rest()
    disk.snapshots = False
    stage.world.lease.holders.clear()
    assert [line["text"] for line in (await stage.state())["chat"]] == ["안녕"]


@pytest.mark.parametrize("refuses", ["chunks", "snapshots"])
async def test_a_full_disk_keeps_a_room_shut_until_there_is_space(
    stage: Stage, disk: Disk, refuses: str
) -> None:
    setattr(disk, refuses, True)
    for _ in range(2):
        answer = await stage.client.get(f"/shows/{SHOW}/feed/state.json")
        assert problem(answer) == (503, "room-busy")
        assert answer.headers["retry-after"] == "2"
        assert stage.world.lease.holders == {}
    await stage.house.picture_changed(SHOW, "flowing")
    setattr(disk, refuses, False)
    assert (await stage.state())["phase"] == "live"
    await stage.said("안녕")


# --- the database


@dataclass
class FailingLease(Lease):
    """A lease whose database is away now and then."""

    fails: int = 0
    renewed: int = 0

    async def renew(self, show_id: str, owner: str, seconds: int) -> bool:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")
        self.renewed += 1
        return await super().renew(show_id, owner, seconds)

    async def release(self, show_id: str, owner: str) -> None:
        await super().release(show_id, owner)
        if self.fails:
            raise ConnectionError("the database is away")


async def test_a_room_goes_on_when_its_lease_cannot_be_renewed_for_once(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RENEW_EVERY", 0.0)
    world.lease = lease = FailingLease()
    async with on_stage(world) as stage, stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        lease.fails = 3

        async def renewed() -> bool:
            return not lease.fails and lease.renewed > 0

        lease.renewed = 0
        await until(renewed)
        await stage.said("noch da")
        await watcher.until("chat", text="noch da")


async def test_streams_end_even_if_the_lease_cannot_be_given_back(world: World, quick: None) -> None:
    world.lease = lease = FailingLease()
    async with on_stage(world) as stage, stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        lease.fails = 1
        await stage.house.stop()
        await watcher.rest()


@dataclass
class Away(Outbox):
    """An outbox whose database is away now and then."""

    fails: int = 0

    async def untold(self, show_id: str) -> Sequence[Told]:
        self._fail()
        return await super().untold(show_id)

    async def shows_with_untold(self) -> Sequence[str]:
        self._fail()
        return await super().shows_with_untold()

    def _fail(self) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")


async def test_facts_are_told_when_the_database_is_back(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "POLL_EVERY", 0.02)
    world.outbox = outbox = Away()
    async with on_stage(world) as stage, stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        outbox.fails = 4
        stage.tell("pin", product=5)
        await watcher.until("pin", product=5)
    assert len(world.events("pin")) == 1


# --- closing


async def test_a_room_can_be_closed_by_two_at_once(world: World) -> None:
    opened = await open_room(SHOW, world.folder, world.ports)
    saved = opened.feed.append("pin", {"product": 5})
    first = asyncio.create_task(opened.close())
    await asyncio.sleep(0)
    await opened.close(flush=False)
    assert world.lease.holders == {}
    assert len(world.events("pin")) == 1
    assert saved.exception() is None
    await asyncio.gather(first, opened.stop(), opened.stop())


async def test_a_house_can_be_stopped_by_two_at_once(stage: Stage) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        await asyncio.gather(stage.house.stop(), stage.house.stop())
        await watcher.rest()
    await stage.house.stop()


async def test_who_waits_for_a_closing_room_that_cannot_write_is_told(world: World, disk: Disk) -> None:
    opened = await open_room(SHOW, world.folder, world.ports)
    saved = opened.feed.append("pin", {"product": 5})
    disk.chunks = disk.snapshots = True
    await opened.stop()
    assert saved.exception() is not None
    assert world.lease.holders == {}


# --- opening


@dataclass
class Meanwhile(Outbox):
    """An outbox that is read just before the world changes, once."""

    world: World | None = None

    async def untold(self, show_id: str) -> Sequence[Told]:
        if self.world:
            world, self.world = self.world, None
            world.tell("stock", variant=1, left=4, closed=False)
        return await super().untold(show_id)


async def test_a_change_while_a_room_opens_is_not_undone(world: World) -> None:
    world.shows.facts[SHOW] = Facts(stock={1: Stock(5)})
    world.outbox = Meanwhile(world=world)
    opened = await open_room(SHOW, world.folder, world.ports)
    assert opened.feed.state.stock[1] == {"left": 4, "closed": False}
    assert [event["left"] for event in world.events("stock")][-1] == 4
    await opened.stop()


@dataclass
class Intruder(Outbox):
    """Another process writes to the room while this one opens it, once."""

    folder: FeedFolder | None = None

    async def untold(self, show_id: str) -> Sequence[Told]:
        if self.folder:
            folder, self.folder = self.folder, None
            theirs = opening.resume(folder, opening.begin_or_continue(folder))
            theirs.append("pin", {"product": 5})
            await theirs.flush()
        return await super().untold(show_id)


async def test_a_room_that_is_lost_while_it_opens_is_elsewhere(world: World, quick: None) -> None:
    world.outbox = Intruder(folder=world.folder)
    with pytest.raises(Problem) as lost:
        await open_room(SHOW, world.folder, world.ports)
    assert (lost.value.status, lost.value.code) == (503, "room-elsewhere")
    assert lost.value.headers == {"Retry-After": "2"}
    assert world.lease.holders == {}
    async with on_stage(world) as stage:
        assert (await stage.state())["phase"] == "live"
    assert [plain(event)["type"] for event in world.everything_on_disk()] == ["pin", "show", "unpin"]


async def test_a_room_that_is_lost_while_it_writes_opens_again(stage: Stage) -> None:
    state = await stage.state()
    theirs = {"offset": state["offset"], "at": state["at"] + 1, "type": "pin", "product": 5}
    chunk = {"epoch": state["epoch"], "chunk": state["chunk"], "first": state["offset"], "events": [theirs]}
    stage.world.folder.write_chunk(state["epoch"], state["chunk"], orjson.dumps(chunk))
    async with stage.watch() as watcher:
        assert problem(await stage.say("verloren")) == (503, "room-busy")
        await watcher.rest()
    await stage.said("nachher")
    assert [event["text"] for event in stage.world.events("chat")] == ["nachher"]


async def test_a_world_that_cannot_be_asked_leaves_no_room_behind(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable(Shows):
        asked = 0

        async def load(self, show_id: str) -> Facts | None:
            self.asked += 1
            if self.asked == 2:
                raise ConnectionError("the database is away")
            return await super().load(show_id)

    world.shows = Unreachable()
    with pytest.raises(ConnectionError):
        await open_room(SHOW, world.folder, world.ports)
    assert world.lease.holders == {}
