"""The feed pushed: every chunk as it is written, resumed without a gap, ended when the room closes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.types import Message as AsgiMessage
from starlette.types import Scope

from golmok.live import feed, house, push, room
from golmok.live.opening import open_room

from .stage import SHOW, Message, Stage, Watcher, World, problem, until

STREAM = {
    "type": "http",
    "method": "GET",
    "path": f"/live/{SHOW}/events",
    "raw_path": b"",
    "root_path": "",
    "scheme": "http",
    "query_string": b"",
    "headers": [],
    "client": ("127.0.0.1", 1),
    "server": ("127.0.0.1", 2),
}


async def said(stage: Stage, *texts: str) -> list[Message]:
    """A chunk for each line, as somebody saw them who watched all the time."""
    async with stage.watch() as watcher:
        messages = []
        for text in texts:
            await stage.said(text, by=f"guest:{text}")
            while message := await watcher.next():
                messages.append(message)
                if text in message.data:
                    break
        return messages


async def caught_up(watcher: Watcher, last: Message) -> list[Message]:
    """The chunks up to `last`."""
    messages: list[Message] = []
    while not messages or messages[-1].id != last.id:
        message = await watcher.next()
        assert message is not None
        messages.append(message)
    return messages


async def test_a_viewer_gets_each_chunk_as_its_file_holds_it(stage: Stage) -> None:
    async with stage.watch() as watcher:
        assert watcher.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert watcher.headers["cache-control"] == "no-store"
        for text in ("하나", "둘"):
            await stage.said(text)
            message = await watcher.next()
            while message and text not in message.data:
                message = await watcher.next()
            assert message is not None
            epoch, _, number = message.id.partition(":")
            assert (await stage.chunk(epoch, int(number))).text == message.data


async def test_two_viewers_get_the_same(stage: Stage) -> None:
    async with stage.watch() as one, stage.watch() as two:
        await stage.said("모두에게")
        assert await one.until("chat") == await two.until("chat")


@pytest.mark.parametrize("by_header", [True, False])
async def test_who_comes_back_goes_on_where_he_was(stage: Stage, by_header: bool) -> None:
    messages = await said(stage, "1", "2", "3", "4")
    for n, seen in enumerate(messages[:-1]):
        where = {"last_event_id" if by_header else "after": seen.id}
        async with stage.watch(**where) as watcher:
            assert await caught_up(watcher, messages[-1]) == messages[n + 1 :]


async def test_what_the_browser_saw_last_counts_more_than_where_the_page_began(stage: Stage) -> None:
    messages = await said(stage, "1", "2", "3")
    async with stage.watch(after=messages[0].id, last_event_id=messages[1].id) as watcher:
        assert (await caught_up(watcher, messages[-1]))[0] == messages[2]


async def test_a_viewer_goes_on_from_the_snapshot(stage: Stage) -> None:
    await stage.said("davor")
    state = await stage.state()
    messages = await said(stage, "danach")
    async with stage.watch(after=f"{state['epoch']}:{state['chunk'] - 1}") as watcher:
        missed = await caught_up(watcher, messages[-1])
    assert missed[0].chunk["first"] == state["offset"]


async def test_from_before_the_first_chunk_everything_is_told(stage: Stage) -> None:
    state = await stage.state()
    last = (await said(stage, "1", "2"))[-1]
    async with stage.watch(after=f"{state['epoch']}:-1") as watcher:
        numbers = [message.chunk["chunk"] for message in await caught_up(watcher, last)]
    assert numbers == list(range(last.chunk["chunk"] + 1))


@pytest.mark.parametrize(
    "where",
    ["unknown9:0", "{epoch}:99999", "{epoch}:-2", "{epoch}", "nonsense", ":", "{epoch}:1e3", "\u00e9:1"],
)
async def test_who_was_somewhere_else_starts_again(stage: Stage, where: str) -> None:
    epoch = (await stage.state())["epoch"]
    async with stage.watch(after=where.format(epoch=epoch)) as watcher:
        assert await watcher.rest() == [Message(event="reset", data="{}")]


async def test_who_was_away_too_long_starts_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "RECENT_CHUNKS", 2)
    messages = await said(stage, "1", "2", "3", "4")
    async with stage.watch(after=messages[0].id) as watcher:
        assert await watcher.rest() == [Message(event="reset", data="{}")]


async def test_viewers_are_counted_while_they_watch(stage: Stage) -> None:
    async with stage.watch() as watcher:
        await watcher.until("viewers", count=1)
        async with stage.watch():
            await watcher.until("viewers", count=2)
        await watcher.until("viewers", count=1)
    await until(lambda: viewers(stage, 0))


async def viewers(stage: Stage, count: int) -> bool:
    return bool((await stage.state())["viewers"] == count)


async def test_who_does_not_want_to_be_counted_hears_everything_and_is_not_counted(stage: Stage) -> None:
    async with stage.watch(silent="1") as studio:
        async with stage.watch(), stage.watch(silent="0"):
            await studio.until("viewers", count=2)
        await stage.said("안녕")
        await studio.until("chat", text="안녕")
        await until(lambda: viewers(stage, 0))
    assert max(event["count"] for event in stage.world.events("viewers")) == 2


async def test_a_room_stays_open_for_who_is_not_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "IDLE_SECONDS", 0.0)
    stage.world.facts.phase = "scheduled"
    async with stage.watch(silent="1") as studio:
        async with stage.watch():
            await studio.until("viewers", count=1)
        await studio.until("viewers", count=0)
        stage.tell("pin", product=5)
        await studio.until("pin", product=5)


async def test_who_only_asks_is_no_viewer(stage: Stage) -> None:
    async with stage.watch() as watcher:
        answer = await stage.client.head(f"/live/{SHOW}/events")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")
        async with stage.watch():
            await watcher.until("viewers", count=2)
        counts = [e["count"] for e in stage.world.everything_on_disk() if e["type"] == "viewers"]
        assert max(counts) == 2


async def test_a_quiet_line_is_kept_open_by_a_word_now_and_then(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "HEARTBEAT", (0.01, 0.02))
    async with stage.client.stream("GET", f"/live/{SHOW}/events") as answer:
        assert [line async for line in first_comment(answer.aiter_lines())] == [": still here"]


async def first_comment(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async for line in lines:
        if line.startswith(":"):
            yield line
            return


class SlowViewer:
    """A connection that takes nothing until it is told to."""

    def __init__(self, stage: Stage, after: str) -> None:
        self.takes = asyncio.Event()
        self.leaves = asyncio.Event()
        self.asked = asyncio.Event()
        """The house has something that this viewer does not take."""
        self.body = b""
        self.ended = False
        scope: Scope = {**STREAM, "query_string": b"after=" + after.encode()}
        app = Starlette(routes=stage.house.routes)
        self.done = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> AsgiMessage:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: AsgiMessage) -> None:
        if b"data:" in message.get("body", b""):
            self.asked.set()
            await self.takes.wait()
        self.body += message.get("body", b"")
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)

    @property
    def ids(self) -> list[str]:
        return [line[4:] for line in self.body.decode().splitlines() if line.startswith("id: ")]


async def test_a_slow_viewer_is_dropped_and_goes_on_where_he_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "WAITING_BYTES", 1000)
    first = (await said(stage, "0"))[-1]
    async with stage.watch(after=first.id) as keen:
        slow = SlowViewer(stage, first.id)
        await stage.said("1")
        await slow.asked.wait()
        for n in range(2, 6):
            await stage.said("긴 말 " * 50, by=f"guest:{n}")
        slow.takes.set()
        await slow.done
        assert slow.ended
        last = (await said(stage, "끝"))[-1]
        everything = [message.id for message in await caught_up(keen, last)]
    async with stage.watch(last_event_id=slow.ids[-1]) as back:
        rest = [message.id for message in await caught_up(back, last)]
    assert len(rest) > 1
    assert slow.ids + rest == everything


async def test_a_viewer_who_takes_nothing_at_all_is_let_go(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "SEND_WITHIN", 0.05)
    async with stage.watch() as other:
        dead = SlowViewer(stage, "")
        await other.until("viewers", count=2)
        await stage.said("1")
        await dead.done
        assert not dead.ended
        await other.until("viewers", count=1)


async def test_catching_up_with_much_is_not_being_slow(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "WAITING_BYTES", 1000)
    monkeypatch.setattr(push, "SEND_BYTES", 10)
    messages = await said(stage, *("긴 말" * 40 + str(n) for n in range(6)))
    assert sum(len(message.data) for message in messages[2:]) > 1000
    viewer = SlowViewer(stage, messages[0].id)
    await viewer.asked.wait()
    last = (await said(stage, "neu"))[-1]
    viewer.takes.set()

    async def caught_up() -> bool:
        return last.id in viewer.ids

    await until(caught_up)
    assert viewer.ids[: len(messages) - 1] == [message.id for message in messages[1:]]
    viewer.leaves.set()
    await viewer.done
    assert not viewer.ended


async def test_nothing_is_kept_for_a_viewer_who_left(world: World) -> None:
    opened = await open_room(SHOW, world.folder, world.ports)
    leaves = asyncio.Event()

    async def receive() -> AsgiMessage:
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(_message: AsgiMessage) -> None:
        pass

    watching = asyncio.create_task(push.Stream(opened, None)(STREAM, receive, send))
    await asyncio.sleep(0)
    assert len(opened.feed.readers) == 1
    leaves.set()
    await watching
    assert not opened.feed.readers
    await opened.stop()


async def test_one_address_has_only_so_many_streams(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "STREAMS_PER_ADDRESS", 1)
    address = f"/live/{SHOW}/events"
    async with stage.watch():
        refused = await stage.client.get(address)
        assert problem(refused) == (429, "too-many-streams")
        assert refused.headers["retry-after"] == "30"
    await until(lambda: viewers(stage, 0))
    async with stage.watch():
        pass


async def test_streams_end_when_the_house_stops(stage: Stage) -> None:
    async with stage.watch() as one, stage.watch() as two:
        await stage.said("마지막")
        await stage.house.stop()
        for watcher in (one, two):
            assert "마지막" in "".join(message.data for message in await watcher.rest())
    refused = await stage.client.get(f"/live/{SHOW}/events")
    assert problem(refused) == (503, "room-elsewhere")
    assert refused.headers["retry-after"]
