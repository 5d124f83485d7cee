"""The feed pulled as files: what any cache can hold."""

import asyncio

import httpx
import orjson
import pytest

from golmok.live import pull
from golmok.live.state import apply_chunk, from_document

from .stage import SHOW, Stage, World, chunks_on_disk, on_stage, problem, until

FOR_EVER = "public, max-age=31536000, immutable"


async def waiting(stage: Stage, epoch: str, number: int) -> "asyncio.Task[httpx.Response]":
    """A request for a chunk that the house has surely taken up by now."""
    asked = asyncio.create_task(stage.chunk(epoch, number))
    for _ in range(5):
        await stage.state()
    assert not asked.done()
    return asked


async def test_the_next_chunk_is_waited_for_and_then_never_changes(stage: Stage) -> None:
    state = await stage.state()
    asked = await waiting(stage, state["epoch"], state["chunk"])
    await stage.said("새 말")
    answer = await asked
    assert (answer.status_code, answer.headers["cache-control"]) == (200, FOR_EVER)
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == stage.world.folder.read_chunk(state["epoch"], state["chunk"])
    assert answer.json()["first"] == state["offset"]
    await stage.said("noch eins")
    again = await stage.chunk(state["epoch"], state["chunk"])
    assert (again.content, again.headers["cache-control"]) == (answer.content, FOR_EVER)


async def test_many_who_wait_get_the_same(stage: Stage) -> None:
    state = await stage.state()
    asked = [await waiting(stage, state["epoch"], state["chunk"]) for _ in range(5)]
    await stage.said("모두에게")
    assert len({(await one).content for one in asked}) == 1


async def test_a_snapshot_and_the_chunks_after_it_make_the_next_snapshot(stage: Stage) -> None:
    old = from_document(await stage.state())
    for n in range(3):
        await stage.said(f"{n}", by=f"guest:{n}")
    new = from_document(await stage.state())
    for number in range(old.chunk, new.chunk):
        old = apply_chunk(old, (await stage.chunk(old.epoch, number)).json())
    assert old == new


async def test_the_snapshot_may_be_kept_for_a_second(stage: Stage) -> None:
    answer = await stage.client.get(f"/shows/{SHOW}/feed/state.json")
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert answer.headers["content-type"] == "application/json"


async def test_what_is_not_next_is_not_waited_for(stage: Stage) -> None:
    state = await stage.state()
    beyond = await stage.chunk(state["epoch"], state["chunk"] + 1)
    unknown = await stage.chunk("unknown9", 0)
    for answer in (beyond, unknown):
        assert problem(answer) == (404, "chunk-not-here")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", ["-1", "00", "01", "1e3", "9999999999999", "x", "0x1", "٣"])
async def test_what_is_no_number_is_no_chunk(stage: Stage, number: str) -> None:
    epoch = (await stage.state())["epoch"]
    answer = await stage.client.get(f"/shows/{SHOW}/feed/{epoch}/{number}.json")
    assert problem(answer) == (404, "chunk-not-here")


async def test_who_waits_long_is_told_to_ask_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "BLOCK_SECONDS", 0.05)
    state = await stage.state()
    answer = await stage.chunk(state["epoch"], state["chunk"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert (answer.headers["cache-control"], answer.headers["retry-after"]) == ("no-store", "1")


async def test_nobody_waits_for_a_house_that_stops(stage: Stage) -> None:
    state = await stage.state()
    asked = await waiting(stage, state["epoch"], state["chunk"])
    await stage.house.stop()
    assert (await asked).status_code == 204


async def test_a_show_at_rest_needs_no_room(world: World, quick: None) -> None:
    async with on_stage(world) as stage:
        await stage.said("안녕")
        stage.tell("show", phase="ended")
        await until(lambda: ended(stage))
    world.lease.holders[SHOW] = "another process"
    async with on_stage(world) as stage:
        state = await stage.state()
        assert (state["phase"], state["chat"][0]["text"]) == ("ended", "안녕")
        numbers = range(state["chunk"])
        chunks = [(await stage.chunk(state["epoch"], number)).json() for number in numbers]
        assert chunks == chunks_on_disk(world, state["epoch"])


async def ended(stage: Stage) -> bool:
    return bool((await stage.state())["phase"] == "ended")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}"])
async def test_a_damaged_snapshot_is_replaced(world: World, quick: None, body: bytes) -> None:
    world.folder.write_snapshot(body)
    async with on_stage(world) as stage:
        assert (await stage.state())["phase"] == "live"


TRAVERSALS = [
    "/shows/../feed/state.json",
    "/shows/%2e%2e/feed/state.json",
    "/shows/..%2f..%2f/feed/state.json",
    "/shows/./nangok/../../feed/state.json",
    "/shows/nangok%00/feed/state.json",
    "/shows/nangok/feed/../0.json",
    "/shows/nangok/feed/%2e%2e/0.json",
    "/shows/nangok/feed/..%2f..%2ffeed/0.json",
    "/shows/nangok/feed/abc/..%2f..%2f0.json",
    "/shows/nangok/feed/abc%2f..%2f../0.json",
    "/shows/nangok/feed/ABC/0.json",
    "/shows/nangok/feed/abc/%30%00.json",
    "/live/../events",
    "/live/%2e%2e/events",
    "/live/..%2fnangok/events",
]


@pytest.mark.parametrize("target", TRAVERSALS)
async def test_no_address_leads_out_of_the_feed(stage: Stage, target: str) -> None:
    await stage.state()
    lures = [stage.world.var / "feed", stage.world.var / "shows" / SHOW, stage.world.var / "shows" / "feed"]
    for lure in lures:
        lure.mkdir(exist_ok=True)
        for name in ("state.json", "0.json"):
            (lure / name).write_bytes(orjson.dumps({"phase": "ended", "secret": 1}))
    head, body = await raw(stage.port, target)
    assert head.startswith("HTTP/1.1 404 ")
    assert "secret" not in body


async def raw(port: int, target: str) -> tuple[str, str]:
    """An answer to exactly this target, which a client library would have tidied."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(f"GET {target} HTTP/1.1\r\nHost: golmok\r\nConnection: close\r\n\r\n".encode())
    answer = (await reading.read()).decode()
    writing.close()
    await writing.wait_closed()
    head, _, body = answer.partition("\r\n\r\n")
    return head, body
