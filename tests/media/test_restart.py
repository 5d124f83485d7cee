"""Nothing acknowledged is lost or doubled, whoever dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from golmok.media.boxes import Boxes, read_fragment, read_init
from golmok.media.chunks import ChunkStore
from golmok.media.timeline import Journal

from .disk import Disk
from .studio import SHOW, Stage, bearer, film, frames, pieces

TWO_MS = 96
"""At the finest timescale there is, 48,000 a second."""


def spans(recording: Path) -> dict[str, list[tuple[int, int]]]:
    """Per kind of track, where each fragment of a recording starts and ends."""
    boxes = list(Boxes().feed(recording.read_bytes()))
    init = read_init(dict(boxes)[b"moov"])
    found: dict[str, list[tuple[int, int]]] = {}
    for kind, box in boxes:
        for track, span in read_fragment(box, init).items() if kind == b"moof" else []:
            found.setdefault(init.tracks[track].kind, []).append((span.start, span.end))
    return found


def assert_unbroken(stage: Stage, count: int) -> None:
    """The recording and the segments hold the same picture, without a gap or an overlap."""
    recording = stage.folder / "recording" / "1.mp4"
    assert frames(recording) == count
    for runs in spans(recording).values():
        gaps = [abs(other[0] - one[1]) for one, other in pairwise(runs)]
        assert max(gaps) <= TWO_MS, "but for a last sample's guessed duration"
    source = stage.folder / "source"
    segments = sorted(source.glob("*.m4s"), key=lambda path: int(path.stem))
    init = (source / "init-1.mp4").read_bytes()
    assert init + b"".join(path.read_bytes() for path in segments) == recording.read_bytes()


async def finish(stage: Stage, epoch: int) -> str:
    await stage.end_epoch(epoch)
    await stage.house.end_show(SHOW)
    return (await stage.get("source/media.m3u8")).text


@pytest.mark.parametrize("name", ["h264.mkv", "vp8.webm"])
async def test_a_stopped_house_goes_on_where_it_was(stage: Stage, films: Path, name: str) -> None:
    chunks = pieces(films / name, 24)
    epoch = await stage.open()
    await stage.send(epoch, chunks[:16])
    before = await stage.playlist(until='URI="0.3.m4s"')
    await stage.restart()
    assert (await stage.get("source/media.m3u8")).text.startswith(before.rsplit("#EXT-X-PRELOAD", 1)[0])
    await stage.send(epoch, chunks[16:], 16)
    text = await finish(stage, epoch)
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert_unbroken(stage, 240 if name == "h264.mkv" else 120)


@pytest.mark.parametrize("after", [6, 13, 21])
async def test_a_killed_server_goes_on_where_it_was(
    tmp_path: Path, films: Path, unused_tcp_port: int, after: int
) -> None:
    chunks = pieces(films / "h264.mkv", 32)
    server = await serve(tmp_path, unused_tcp_port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}", headers=bearer()) as client:
        opened = await client.post(f"/live/{SHOW}/ingest", json={"mime": "video/webm"})
        epoch = opened.json()["epoch"]
        for number in range(after):
            answer = await client.post(f"/live/{SHOW}/ingest/{epoch}/{number}", content=chunks[number])
            assert answer.json() == {"next": number + 1}

        async def begun() -> bool:
            return (await client.get(f"/shows/{SHOW}/source/media.m3u8")).status_code == 200

        await Stage(tmp_path).until(begun)
    server.send_signal(signal.SIGKILL)
    server.wait()
    packaged = Journal(tmp_path / "shows" / SHOW / "source" / "timeline.jsonl").read()
    with (tmp_path / "shows" / SHOW / "recording" / "1.mp4").open("ab") as torn:
        torn.write(b"half a fragment")
    stage = Stage(tmp_path)
    await stage.house.start()
    await stage.send(epoch, chunks[after:], after)
    text = await finish(stage, epoch)
    await stage.house.stop()
    assert packaged.edge > (0, 0)
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert_unbroken(stage, 240)


async def serve(var: Path, port: int) -> "subprocess.Popen[bytes]":
    """The house in a process of its own."""
    command = [sys.executable, "-m", "tests.media.studio", str(var), str(port)]
    server = await asyncio.to_thread(subprocess.Popen, command)
    async with httpx.AsyncClient() as client, asyncio.timeout(20):
        while True:
            try:
                await client.get(f"http://127.0.0.1:{port}/")
                return server
            except httpx.TransportError:
                await asyncio.sleep(0.05)


def ffmpegs() -> list[int]:
    """Process numbers of this process's own ffmpegs."""
    return [
        int(child)
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
        if "ffmpeg" in Path(f"/proc/{child}/cmdline").read_text()
    ]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_an_ffmpeg_that_dies_or_hangs_is_replaced(tmp_path: Path, how: signal.Signals) -> None:
    path = film(
        tmp_path, "busy.mkv", seconds=8, video=["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "4M"]
    )
    chunks = pieces(path, 32)
    stage = Stage(tmp_path, stuck_after=0.5)
    await stage.house.start()
    epoch = await stage.open()
    await stage.send(epoch, chunks[:16])
    await stage.playlist(until='URI="1.1.m4s"')
    (child,) = ffmpegs()
    os.kill(child, how)
    await stage.send(epoch, chunks[16:], 16)
    text = await finish(stage, epoch)
    await stage.house.stop()
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert_unbroken(stage, 240)
    assert child not in ffmpegs()


async def test_a_show_ended_in_a_crash_is_laid_to_rest_at_the_next_start(
    stage: Stage, chunks: list[bytes]
) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks)
    await stage.playlist(until='URI="0.3.m4s"')
    await stage.house.stop()
    (stage.ingest / "over").touch()
    await stage.restart()
    assert (await stage.get("source/media.m3u8")).text.endswith("#EXT-X-ENDLIST\n")
    assert_unbroken(stage, 240)


async def test_what_is_acknowledged_outlives_a_power_cut(
    stage: Stage, chunks: list[bytes], disk: Disk
) -> None:
    epoch = await stage.open()
    await stage.put(epoch, 0, chunks[0])
    folder = stage.ingest / str(epoch)
    assert {folder, folder.parent, folder.parent.parent} <= set(disk.synced)
    disk.synced.clear()
    await stage.put(epoch, 1, chunks[1])
    chunk, name = disk.synced[:2]
    assert (chunk.parent, name) == (folder, folder)


async def test_chunks_go_only_when_all_they_became_is_on_disk(
    stage: Stage, chunks: list[bytes], disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe: set[Path] = set()
    finish = ChunkStore.finish

    def noting(store: ChunkStore) -> None:
        safe.update(disk.synced)
        finish(store)

    monkeypatch.setattr(ChunkStore, "finish", noting)
    epoch = await stage.open()
    await stage.send(epoch, chunks)
    await finish_epoch(stage, epoch)
    source, recording = stage.folder / "source", stage.folder / "recording"
    assert {source / f"{number}.m4s" for number in range(4)} <= safe
    assert {source / "timeline.jsonl", source, recording / "1.mp4", recording, stage.folder} <= safe
    assert stage.ingest / str(epoch) in disk.synced


async def finish_epoch(stage: Stage, epoch: int) -> None:
    await stage.end_epoch(epoch)

    async def done() -> bool:
        return (stage.ingest / str(epoch) / "done").exists() and not (
            stage.ingest / str(epoch) / "0"
        ).exists()

    await stage.until(done)


LOST: dict[str, Callable[[Path], None]] = {
    "a segment": lambda show: os.truncate(show / "source" / "1.m4s", 0),
    "the name of a segment": lambda show: (show / "source" / "1.m4s").unlink(),
    "a part": lambda show: os.truncate(show / "source" / "2.0.m4s", 10),
    "the end of the recording": lambda show: os.truncate(
        show / "recording" / "1.mp4", (show / "recording" / "1.mp4").stat().st_size // 2
    ),
    "all of the recording but its head": lambda show: os.truncate(
        show / "recording" / "1.mp4", (show / "source" / "init-1.mp4").stat().st_size
    ),
    "the end of the journal": lambda show: os.truncate(show / "source" / "timeline.jsonl", 900),
}


@pytest.mark.parametrize("what", LOST)
async def test_what_a_power_cut_takes_is_packaged_again(stage: Stage, chunks: list[bytes], what: str) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks[:20])
    await stage.playlist(until='URI="2.1.m4s"')
    await stage.house.stop()
    LOST[what](stage.folder)
    await stage.restart()
    await stage.send(epoch, chunks[20:], 20)
    text = await finish(stage, epoch)
    assert text.count("#EXTINF") == 4
    assert_unbroken(stage, 240)


class PowerCut(BaseException):
    pass


async def test_a_show_is_at_rest_only_when_its_playlist_is_whole(
    stage: Stage, chunks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        if target.name == "index.m3u8":
            raise PowerCut
        return replace(self, target)

    epoch = await stage.open()
    await stage.send(epoch, chunks)
    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(PowerCut):
        await stage.house.end_show(SHOW)
    assert not (stage.folder / "index.m3u8").exists()
    monkeypatch.undo()
    await stage.restart()
    assert (await stage.get("source/media.m3u8")).text.endswith("#EXT-X-ENDLIST\n")
    assert "#EXT-X-STREAM-INF" in (await stage.get("index.m3u8")).text
