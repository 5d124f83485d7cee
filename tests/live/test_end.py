"""The end of a show: everybody hears of it, nothing follows it, and its folder is at rest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson
import pytest

from golmok.live import house, room

from .stage import SHOW, Facts, Lease, Stage, Stock, World, on_stage, plain, problem, until
from .test_push import SlowViewer

EVENTS = f"/live/{SHOW}/events"
AFTERMATH: list[tuple[str, dict[str, object]]] = [
    ("stock", {"variant": 1, "left": 4, "closed": False}),
    ("price", {"variant": 1, "price": 12000}),
    ("order", {"name": "김*울", "product": 1, "quantity": 2}),
]


@dataclass
class CountingLease(Lease):
    """A lease that remembers how often somebody wanted it."""

    acquired: list[str] = field(default_factory=list)

    async def acquire(self, show_id: str, owner: str, seconds: int) -> bool:
        self.acquired.append(show_id)
        return await super().acquire(show_id, owner, seconds)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that closes as soon as its end is told."""
    monkeypatch.setattr(room, "LINGER_SECONDS", 0.0)


@pytest.fixture
async def ended(world: World, quick: None, at_once: None) -> World:
    """A world in which the show has been, and nobody has its room any more."""
    world.shows.facts[SHOW] = Facts(stock={1: Stock(5)}, prices={1: 9900})
    async with on_stage(world) as stage:
        await stage.said("사과 맛있어요")
        await end(stage)
        await until(lambda: closed(world))
    return world


@pytest.fixture
async def afterwards(ended: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """The stage after the show, in another process."""
    monkeypatch.setattr(house, "POLL_EVERY", 0.02)
    ended.lease = CountingLease()
    async with on_stage(ended) as stage:
        yield stage


async def end(stage: Stage) -> None:
    stage.tell("show", phase="ended")
    await until(stage.world.all_told)


async def closed(world: World) -> bool:
    return not world.lease.holders


def files(world: World) -> dict[str, bytes]:
    """Everything in the show's folder."""
    show = world.var / "shows" / SHOW
    return {str(path.relative_to(show)): path.read_bytes() for path in show.rglob("*") if path.is_file()}


# --- the room


async def test_a_room_that_ends_tells_everybody_and_closes(stage: Stage, at_once: None) -> None:
    async with stage.watch() as one, stage.watch() as two:
        await end(stage)
        for watcher in (one, two):
            last = (await watcher.rest())[-1]
            assert plain(last.chunk["events"][-1]) == {"type": "show", "phase": "ended"}
    await until(lambda: closed(stage.world))
    assert stage.world.phases == [(SHOW, "ended")]


async def test_who_is_slow_hears_of_the_end_too(stage: Stage, at_once: None) -> None:
    slow = SlowViewer(stage, "")
    await stage.said("1")
    await slow.asked.wait()
    await end(stage)
    await until(lambda: closed(stage.world))
    slow.takes.set()
    await slow.done
    assert slow.ended
    assert '"phase":"ended"' in slow.body.decode()


async def test_nothing_follows_the_end(stage: Stage) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        await end(stage)
        await watcher.until("show", phase="ended")
        for kind, fields in AFTERMATH:
            stage.tell(kind, **fields)
        await stage.house.picture_changed(SHOW, "flowing")
        await until(stage.world.all_told)
        assert problem(await stage.say("늦었나요")) == (409, "show-over")
        assert problem(await stage.cheer(1)) == (409, "show-over")
        refused = await stage.client.get(EVENTS)
        assert problem(refused) == (410, "show-over")
        assert refused.headers["cache-control"] == "no-store"
    await stage.house.stop()
    assert plain(stage.world.everything_on_disk()[-1]) == {"type": "show", "phase": "ended"}


async def test_nobody_waits_for_a_chunk_after_the_last(stage: Stage) -> None:
    await stage.state()
    await end(stage)
    state = await stage.state()
    assert problem(await stage.chunk(state["epoch"], state["chunk"])) == (404, "chunk-not-here")


# --- the folder


async def test_who_asks_for_an_ended_show_changes_nothing(afterwards: Stage) -> None:
    stage = afterwards
    before = files(stage.world)
    stage.world.facts.stock[1] = Stock(0)
    state = await stage.state()
    for _ in range(3):
        assert problem(await stage.client.get(EVENTS)) == (410, "show-over")
        assert (await stage.client.head(EVENTS)).status_code == 410
        assert problem(await stage.say("늦었나요")) == (409, "show-over")
        assert problem(await stage.cheer(1)) == (409, "show-over")
        assert problem(await stage.chunk(state["epoch"], state["chunk"])) == (404, "chunk-not-here")
        await stage.house.picture_changed(SHOW, "none")
        assert await stage.state() == state
    assert files(stage.world) == before
    assert stage.world.lease == CountingLease()


async def test_what_becomes_true_after_the_end_is_no_part_of_the_show(afterwards: Stage) -> None:
    before = files(afterwards.world)
    for kind, fields in AFTERMATH:
        afterwards.tell(kind, **fields)
    await until(afterwards.world.all_told)
    await until(lambda: closed(afterwards.world))
    assert files(afterwards.world) == before
    assert afterwards.world.phases == [(SHOW, "ended")]


async def test_facts_of_an_ended_show_wait_for_who_has_its_room(afterwards: Stage) -> None:
    world = afterwards.world
    world.lease.holders[SHOW] = "another process"
    fact = afterwards.tell("stock", variant=1, left=4, closed=False)
    asked = len(world.lease.acquired) if isinstance(world.lease, CountingLease) else 0

    async def asked_again() -> bool:
        return isinstance(world.lease, CountingLease) and len(world.lease.acquired) > asked + 1

    await until(asked_again)
    assert fact not in world.outbox.told
    world.lease.holders.clear()
    await until(world.all_told)


async def test_an_end_that_the_snapshot_does_not_know_is_found(ended: World) -> None:
    """As after a death in the second between the last chunk and its snapshot."""
    rest = files(ended)
    restored = ended.folder.restore()
    assert restored is not None
    (ended.folder.path / "state.json").unlink()
    stale = ended.folder
    opened = {"epoch": restored.state.epoch, "chunk": 0, "offset": 0, "at": 0, "phase": "scheduled"}
    empty = {"picture": "none", "viewers": 0, "hearts": 0, "pinned": None, "stock": {}, "prices": {}}
    stale.write_snapshot(orjson.dumps({**opened, **empty, "chat": [], "epochs": [], "facts": []}))
    async with on_stage(ended) as stage:
        assert problem(await stage.client.get(EVENTS)) == (410, "show-over")
        await until(lambda: closed(ended))
        assert problem(await stage.client.get(EVENTS)) == (410, "show-over")
    now = files(ended)
    assert now.keys() == rest.keys()
    at_rest = ended.folder.snapshot_at_rest()
    assert at_rest is not None
    assert orjson.loads(at_rest)["chat"][0]["text"] == "사과 맛있어요"


async def test_a_show_that_ended_without_a_room_gets_its_end_once(
    world: World, quick: None, at_once: None
) -> None:
    world.shows.facts[SHOW] = Facts("ended", None, {1: Stock(5)}, {1: 9900})
    async with on_stage(world) as stage:
        await asyncio.gather(*(stage.client.get(EVENTS) for _ in range(3)))
        assert (await stage.state())["phase"] == "ended"
        await until(lambda: closed(world))
        once = files(world)
        assert problem(await stage.client.get(EVENTS)) == (410, "show-over")
    assert files(world) == once
    assert [plain(event) for event in world.everything_on_disk()] == [{"type": "show", "phase": "ended"}]
