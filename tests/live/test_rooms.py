"""Rooms over HTTP: who gets in, what the domain tells, and what becomes of a room that is elsewhere."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from golmok.live import house, room

from .stage import SHOW, Facts, Outbox, Stage, Stock, Told, World, bearer, on_stage, plain, problem, until

ADDRESSES = [
    ("GET", "/live/{show}/events"),
    ("POST", "/live/{show}/chat"),
    ("POST", "/live/{show}/hearts"),
    ("GET", "/shows/{show}/feed/state.json"),
    ("GET", "/shows/{show}/feed/abc/0.json"),
]


async def visit(stage: Stage, method: str, address: str, show: str) -> httpx.Response:
    body = {"text": "안녕", "count": 1} if method == "POST" else None
    return await stage.client.request(method, address.format(show=show), headers=bearer(show=show), json=body)


# --- who gets in


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_a_show_that_is_not_there(stage: Stage, method: str, address: str) -> None:
    assert problem(await visit(stage, method, address, "nowhere")) == (404, "show-not-found")
    assert not (stage.world.var / "shows" / "nowhere").exists()


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_a_room_that_another_process_has(stage: Stage, method: str, address: str) -> None:
    stage.world.lease.holders[SHOW] = "another process"
    refused = await visit(stage, method, address, SHOW)
    assert problem(refused) == (503, "room-elsewhere")
    assert refused.headers["retry-after"] == "2"
    assert not stage.world.folder.path.exists()
    del stage.world.lease.holders[SHOW]
    assert (await stage.state())["phase"] == "live"


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_only_the_right_method(stage: Stage, method: str, address: str) -> None:
    wrong = "DELETE" if method == "GET" else "GET"
    assert (await stage.client.request(wrong, address.format(show=SHOW))).status_code == 405


async def test_a_room_that_was_taken_over_says_nothing_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RENEW_EVERY", 0.0)
    async with stage.watch() as watcher:
        await stage.said("vorher")
        stage.world.lease.holders[SHOW] = "another process"
        await watcher.rest()
    assert problem(await stage.say("nachher")) == (503, "room-elsewhere")
    assert [event["text"] for event in stage.world.events("chat")] == ["vorher"]
    assert stage.world.lease.holders == {SHOW: "another process"}


async def test_a_stopped_house_leaves_its_rooms_to_others(world: World, quick: None) -> None:
    async with on_stage(world) as stage:
        await stage.said("안녕")
        assert world.lease.holders == {SHOW: "this-process"}
    assert world.lease.holders == {}
    kept = world.folder.restore()
    assert kept is not None
    assert kept.state.document()["chat"][0]["text"] == "안녕"


async def test_an_unused_room_closes_and_opens_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "IDLE_SECONDS", 0.0)
    stage.world.facts.phase = "scheduled"
    before = await stage.state()

    async def closed() -> bool:
        return not stage.world.lease.holders

    await until(closed)
    monkeypatch.undo()
    assert (await stage.state())["epoch"] == before["epoch"]


async def test_visitors_who_come_at_once_open_one_room(stage: Stage) -> None:
    states = await asyncio.gather(*(stage.state() for _ in range(8)))
    assert len({state["epoch"] for state in states}) == 1


@pytest.mark.parametrize("show", ["nowhere", "x" * 33])
async def test_who_only_asks_for_a_show_that_is_not_there(stage: Stage, show: str) -> None:
    assert (await stage.client.head(f"/live/{show}/events")).status_code == 404


async def test_who_only_asks_opens_no_room(stage: Stage) -> None:
    answer = await stage.client.head(f"/live/{SHOW}/events")
    assert (answer.status_code, answer.content) == (200, b"")
    assert stage.world.lease.holders == {}
    assert not stage.world.folder.path.exists()


@pytest.mark.parametrize(("method", "address"), [*ADDRESSES, ("HEAD", "/live/{show}/events")])
async def test_a_world_that_cannot_be_asked_may_be_asked_again(
    stage: Stage, method: str, address: str
) -> None:
    shows, stage.world.shows.facts = stage.world.shows.facts, Unreachable()
    refused = await visit(stage, method, address, SHOW)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    if method != "HEAD":
        assert problem(refused) == (503, "room-unreachable")
    await stage.house.picture_changed(SHOW, "flowing")
    stage.world.shows.facts = shows
    assert (await stage.state())["phase"] == "live"


class Unreachable(dict[str, Facts]):
    """Shows in a database that is away."""

    def get(self, *_: object) -> NoReturn:
        raise ConnectionError("the database is away")


# --- what the domain tells


async def test_a_room_starts_from_what_is_true(world: World, quick: None) -> None:
    world.shows.facts[SHOW] = Facts("live", 5, {1: Stock(3), 2: Stock(0, closed=True)}, {1: 9900})
    async with on_stage(world) as stage:
        state = await stage.state()
    assert (state["phase"], state["pinned"], state["prices"]) == ("live", 5, {"1": 9900})
    assert state["stock"] == {"1": {"left": 3, "closed": False}, "2": {"left": 0, "closed": True}}


async def test_a_room_that_was_away_says_only_what_has_changed(world: World, quick: None) -> None:
    world.shows.facts[SHOW] = Facts("live", 5, {1: Stock(3), 2: Stock(4)}, {1: 9900})
    async with on_stage(world) as stage:
        before = await stage.state()
    world.shows.facts[SHOW] = Facts("live", None, {1: Stock(2), 2: Stock(4)}, {1: 9900})
    async with on_stage(world) as stage:
        after = await stage.state()
    assert after["epoch"] == before["epoch"]
    later = [plain(event) for event in world.everything_on_disk()[before["offset"] :]]
    assert later == [{"type": "stock", "variant": 1, "left": 2, "closed": False}, {"type": "unpin"}]


async def test_a_festa_with_more_goods_than_a_chunk_holds(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("golmok.live.feed.PENDING_EVENTS", 10)
    goods = range(25)
    world.shows.facts[SHOW] = Facts("live", None, {n: Stock(n) for n in goods}, dict.fromkeys(goods, 100))
    for n in goods:
        world.outbox.tell(SHOW, "order", name="김*울", product=n, quantity=1)
    async with on_stage(world) as stage:
        state = await stage.state()
        await until(stage.world.all_told)
    assert len(state["stock"]) == len(state["prices"]) == 25
    assert [order["product"] for order in world.events("order")] == list(goods)


async def test_what_the_domain_tells_reaches_the_viewers_once_and_in_order(stage: Stage) -> None:
    async with stage.watch() as watcher:
        for left in (3, 2, 1):
            stage.tell("stock", variant=1, left=left, closed=False)
            stage.tell("order", name="김*울", product=1, quantity=left)
        await watcher.until("order", quantity=1)
    await until(stage.world.all_told)
    assert [order["quantity"] for order in stage.world.events("order")] == [3, 2, 1]
    assert stage.world.events("stock")[-1]["left"] == 1


async def test_what_nobody_was_woken_for_is_found(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "POLL_EVERY", 0.02)
    async with on_stage(world) as stage:
        await stage.state()
        world.tell("pin", product=2)
        world.outbox.tell("elsewhere", "pin", product=3)
        await until(lambda: pinned(stage, 2))


async def pinned(stage: Stage, product: int | None) -> bool:
    return bool((await stage.state())["pinned"] == product)


async def test_what_cannot_be_told_does_not_stop_the_rest(stage: Stage) -> None:
    stage.world.outbox.tell(SHOW, "nonsense", product=1)
    stage.world.outbox.tell(SHOW, "pin", product="five")
    stage.tell("pin", product=5)
    await until(lambda: pinned(stage, 5))
    await until(stage.world.all_told)
    assert len(stage.world.events("pin")) == 1


async def test_the_world_acts_on_each_phase_once_and_after_it_is_on_disk(world: World, quick: None) -> None:
    world.facts.phase = "scheduled"
    async with on_stage(world) as stage:
        await stage.state()
        for phase in ("live", "ended"):
            stage.tell("show", phase=phase)
            await until(stage.world.all_told)
    async with on_stage(world) as stage:
        assert (await stage.state())["phase"] == "ended"
        stage.house.wake(SHOW)
        await stage.cheer(1)
    assert world.phases == [(SHOW, "live"), (SHOW, "ended")]
    assert [event["phase"] for event in world.events("show")] == ["live", "ended"]


async def test_a_show_that_is_over_takes_no_more_words(stage: Stage) -> None:
    await stage.said("사과 맛있어요")
    stage.tell("show", phase="ended")
    await until(stage.world.all_told)
    korean = await stage.say("늦었나요", **{"Accept-Language": "ko-KR,ko;q=0.9"})
    english = await stage.say("too late?", **{"Accept-Language": "en"})
    assert problem(korean) == problem(english) == (409, "show-over")
    assert korean.json()["title"] == "이미 끝난 방송이에요"
    assert english.json()["title"] == "This show has ended"
    assert problem(await stage.cheer(1)) == (409, "show-over")
    assert len(stage.world.events("chat")) == 1


# --- told, and not yet marked


@dataclass
class Forgetful(Outbox):
    """An outbox that can be made to lose marks, or to let its answers wait."""

    loses_marks: bool = False
    marks: asyncio.Event = field(default_factory=asyncio.Event)
    lists: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.marks.set()
        self.lists.set()

    async def mark_told(self, ids: Sequence[int]) -> None:
        if self.loses_marks:
            raise ConnectionError("the database is away")
        await self.marks.wait()
        await super().mark_told(ids)

    async def untold(self, show_id: str) -> Sequence[Told]:
        found = await super().untold(show_id)
        await self.lists.wait()
        return found


@pytest.fixture
def outbox(world: World) -> Forgetful:
    world.outbox = Forgetful()
    return world.outbox


@pytest.mark.parametrize("killed", [True, False])
async def test_what_was_told_and_not_marked_is_not_told_again_after_a_restart(
    world: World, outbox: Forgetful, quick: None, tmp_path: Path, killed: bool
) -> None:
    outbox.loses_marks = True
    left_behind = tmp_path / "left behind"
    async with on_stage(world) as stage:
        async with stage.watch() as watcher:
            stage.tell("pin", product=5)
            stage.tell("show", phase="ended")
            await watcher.until("show", phase="ended")
        shutil.copytree(world.var / "shows", left_behind / "shows")
    again = replace(world, var=left_behind) if killed else world
    outbox.loses_marks = False
    async with on_stage(again) as stage:
        stage.house.wake(SHOW)
        await until(stage.world.all_told)
        assert (await stage.state())["phase"] == "ended"
    assert len(again.events("pin")) == 1
    assert len(again.events("show")) == 2
    assert again.phases[-1] == (SHOW, "ended")


async def test_a_list_older_than_the_mark_tells_nothing_again(stage_of: Stage, outbox: Forgetful) -> None:
    stage = stage_of
    outbox.marks.clear()
    async with stage.watch() as watcher:
        stage.tell("pin", product=5)
        await watcher.until("pin")
        outbox.lists.clear()
        stage.house.wake(SHOW)
        for _ in range(5):
            await stage.state()
        outbox.marks.set()
        for _ in range(5):
            await stage.state()
        outbox.lists.set()
        await until(stage.world.all_told)
        stage.tell("unpin")
        await watcher.until("unpin")
    assert len(stage.world.events("pin")) == 1


@pytest.fixture
async def stage_of(world: World, outbox: Forgetful, stage: Stage) -> Stage:
    """The stage with the outbox in it."""
    return stage


async def test_the_snapshot_remembers_what_is_not_marked(stage_of: Stage, outbox: Forgetful) -> None:
    async def remembered(facts: list[int]) -> bool:
        restored = stage_of.world.folder.restore()
        snapshot = stage_of.world.folder.read_snapshot() or b""
        return restored is not None and f'"facts":{facts}'.replace(" ", "") in snapshot.decode()

    outbox.marks.clear()
    fact = stage_of.tell("pin", product=5)
    await until(lambda: remembered([fact]))
    outbox.marks.set()
    await until(lambda: remembered([]))


class Busy(list[tuple[str, str]]):
    """A world that can act on a phase only when it is asked for the third time."""

    asked = 0

    def append(self, phase: tuple[str, str]) -> None:
        self.asked += 1
        if self.asked < 3:
            raise ConnectionError("the media house is busy")
        super().append(phase)


async def test_a_world_that_cannot_act_on_a_phase_is_asked_again(
    world: World, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "POLL_EVERY", 0.02)
    world.phases = Busy()
    async with on_stage(world) as stage:
        await stage.state()
        stage.tell("show", phase="ended")
        await until(stage.world.all_told)
    assert world.phases == [(SHOW, "ended")]
    assert [event["phase"] for event in world.events("show")] == ["live", "ended"]
