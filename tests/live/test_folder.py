"""The folder of a log: damaged, full, or written by somebody else too."""

import asyncio
import errno
import time
from pathlib import Path

import orjson
import pytest

from golmok.live import feed as feeds
from golmok.live.events import BadEvent, Event
from golmok.live.feed import Feed, FeedClosed, FeedFull
from golmok.live.folder import FeedFolder, LostRoom
from golmok.live.opening import begin_or_continue, resume
from golmok.live.state import Gap, RoomState, apply_chunk

from .stage import Document, Folder, plain


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def opened(folder: FeedFolder) -> Feed:
    return resume(folder, begin_or_continue(folder))


async def talk(feed: Feed, lines: int) -> None:
    """That many chunks of one chat line each, and a heart after each line."""
    for n in range(lines):
        feed.append("chat", chat(f"line {n}"))
        feed.append("hearts", {"count": feed.ahead.hearts + 1})
        await feed.flush()


def chat(text: str) -> Document:
    return {"id": text, "name": "느티나무", "role": "viewer", "text": text}


async def test_a_chunk_tells_the_last_value_of_a_counter_in_its_place(folder: Folder) -> None:
    feed = opened(folder)
    said: list[tuple[str, Document]] = [
        ("viewers", {"count": 1}),
        ("stock", {"variant": 1, "left": 9, "closed": False}),
        ("stock", {"variant": 2, "left": 5, "closed": False}),
        ("price", {"variant": 1, "price": 9900}),
        ("stock", {"variant": 1, "left": 8, "closed": False}),
        ("price", {"variant": 1, "price": 8900}),
        ("viewers", {"count": 2}),
    ]
    for kind, fields in said:
        feed.append(kind, fields)
    await feed.flush()
    told = orjson.loads(folder.read_chunk(feed.state.epoch, 0) or b"")["events"]
    assert [plain(event) for event in told] == [{"type": kind, **fields} for kind, fields in said[2:]]


@pytest.mark.parametrize("lost", [0, 3, 5, 6, 8])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "of another chunk"])
async def test_a_log_with_a_hole_is_not_continued(folder: Folder, lost: int, damage: str) -> None:
    feed = opened(folder)
    await talk(feed, 6)
    folder.write_snapshot(feed.snapshot())
    await talk(feed, 4)
    spoil(folder.chunk_path(feed.state.epoch, lost), damage)
    again = opened(folder)
    assert again.state.epoch != feed.state.epoch
    assert (again.state.chunk, again.state.offset) == (0, 0)
    assert again.state.hearts == 6
    assert [(old.epoch, old.last_chunk) for old in again.state.epochs] == [(feed.state.epoch, lost - 1)] * (
        lost > 0
    )


def spoil(path: Path, damage: str) -> None:
    body = path.read_bytes()
    path.unlink()
    if damage == "empty":
        path.touch()
    if damage == "cut":
        path.write_bytes(body[: len(body) // 2])
    if damage == "of another chunk":
        path.write_bytes(orjson.dumps({**orjson.loads(body), "chunk": 77}))


@pytest.mark.parametrize("body", [None, b"", b"{", b"[]", b"{}", b'{"epoch": "abc", "chunk": 0}'])
async def test_without_its_snapshot_a_log_is_not_continued(folder: Folder, body: bytes | None) -> None:
    feed = opened(folder)
    await talk(feed, 3)
    (folder.path / "state.json").unlink()
    if body is not None:
        folder.write_snapshot(body)
    again = opened(folder)
    assert again.state.epoch != feed.state.epoch
    assert [(old.epoch, old.last_chunk) for old in again.state.epochs] == [(feed.state.epoch, 2)]
    assert opened(folder).state == again.state


async def test_every_epoch_is_listed_in_the_order_they_began(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the wall clock is set meanwhile."""
    names: list[str] = []
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - len(names))
    for chunks in (1, 2, 3):
        feed = opened(folder)
        await talk(feed, chunks)
        names.append(feed.state.epoch)
        (folder.path / "state.json").unlink()
    last = opened(folder)
    assert [(old.epoch, old.first_chunk, old.last_chunk) for old in last.state.epochs] == [
        (name, 0, n) for n, name in enumerate(names)
    ]


async def test_a_log_is_continued_without_its_latest_snapshot(folder: Folder) -> None:
    feed = opened(folder)
    await talk(feed, 5)
    again = opened(folder)
    assert again.state == feed.state
    assert again.since(again.state.epoch, -1) == feed.since(feed.state.epoch, -1)


async def test_whoever_finds_its_chunk_written_has_lost_the_room(folder: Folder) -> None:
    mine = opened(folder)
    theirs = opened(folder)
    await talk(theirs, 1)
    before = folder.read_chunk(mine.state.epoch, 0)
    saved = mine.append("chat", chat("mine"))
    with pytest.raises(LostRoom):
        await mine.flush()
    assert isinstance(saved.exception(), FeedClosed)
    assert folder.read_chunk(mine.state.epoch, 0) == before
    with pytest.raises(FeedClosed):
        mine.append("chat", chat("again"))


async def test_nothing_is_written_after_the_room_was_let_go(folder: Folder) -> None:
    feed = opened(folder)
    running = asyncio.create_task(feed.run())
    saved = feed.append("chat", chat("too late"))
    await asyncio.sleep(0)
    await feed.close(flush=False)
    await running
    assert isinstance(saved.exception(), FeedClosed)
    assert feed.state.chunk == 0
    assert folder.read_chunk(feed.state.epoch, 0) is None


async def test_what_followed_on_a_refused_chunk_is_refused_with_it(folder: Folder) -> None:
    """Otherwise its facts, told again, would come after younger ones and undo them."""
    feed = opened(folder)
    older = feed.append("stock", {"variant": 1, "left": 5, "closed": False}, fact=1)
    folder.full = True
    writing = asyncio.create_task(feed.flush())
    await asyncio.sleep(0)
    younger = feed.append("stock", {"variant": 1, "left": 4, "closed": False}, fact=2)
    assert not await writing
    assert older.exception() is not None
    assert younger.done()
    assert younger.exception() is not None
    assert feed.ahead == feed.state
    folder.full = False
    assert await feed.flush()
    assert feed.state.chunk == 0


async def test_a_full_disk_keeps_no_half_written_files(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = opened(folder)
    await talk(feed, 1)
    before = sorted(folder.path.rglob("*"))

    def full(path: Path, body: bytes) -> int:
        with path.open("wb") as half:
            half.write(body[:10])
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    await talk(feed, 1)
    with pytest.raises(OSError, match="no space"):
        folder.write_snapshot(feed.snapshot())
    assert sorted(folder.path.rglob("*")) == before


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("nonsense", {}),
        ("show", {"phase": "paused"}),
        ("show", {}),
        ("pin", {"product": "5"}),
        ("pin", {"product": True}),
        ("viewers", {"count": 1, "more": 2}),
    ],
)
async def test_what_is_no_event_is_refused_and_leaves_no_trace(
    folder: Folder, kind: str, fields: Document
) -> None:
    feed = opened(folder)
    with pytest.raises(BadEvent):
        feed.append(kind, fields)
    assert not feed.busy
    assert feed.ahead == feed.state


async def test_more_than_the_disk_takes_is_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PENDING_EVENTS", 2)
    feed = opened(folder)
    feed.append("chat", chat("1"))
    feed.append("chat", chat("2"))
    with pytest.raises(FeedFull):
        feed.append("chat", chat("3"))
    await feed.flush()
    feed.append("chat", chat("3"))


async def test_readers_far_behind_are_refused_by_bytes_too(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "RECENT_BYTES", 1000)
    feed = opened(folder)
    await talk(feed, 20)
    kept = next(n for n in range(20) if feed.since(feed.state.epoch, n) is not None)
    assert 10 < kept < 19
    assert feed.recent(kept) is None
    assert feed.recent(kept + 1) is not None


def test_a_chunk_that_does_not_follow_is_a_gap() -> None:
    state = RoomState("abc", chunk=3, offset=9)
    event: Event = {"type": "unpin", "offset": 9, "at": 5}
    right = {"epoch": "abc", "chunk": 3, "first": 9, "events": [event]}
    assert apply_chunk(state, right).offset == 10
    wrong: list[Document] = [
        {"epoch": "abd"},
        {"chunk": 4},
        {"first": 8},
        {"events": [{**event, "offset": 10}]},
    ]
    for difference in wrong:
        with pytest.raises(Gap):
            apply_chunk(state, {**right, **difference})
