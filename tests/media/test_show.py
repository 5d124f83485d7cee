"""A show from its first chunk to its replay, through the real ffmpeg."""

from pathlib import Path

import pytest

from golmok.media import show as show_module
from golmok.media.transcoder import probe

from .studio import SHOW, Stage, frames, pieces


async def sent(stage: Stage, path: Path, mime: str = "video/webm") -> None:
    epoch = await stage.open(mime)
    await stage.send(epoch, pieces(path, 16))
    await stage.end_epoch(epoch)


async def test_h264_is_copied_whatever_the_mime_says(stage: Stage, films: Path) -> None:
    await sent(stage, films / "h264.mkv", "video/webm;codecs=vp8,opus")
    await stage.house.end_show(SHOW)
    kept = await probe((stage.folder / "recording" / "1.mp4").read_bytes())
    assert kept is not None
    assert 'CODECS="avc1.42c0' in (await stage.get("index.m3u8")).text, "the browser's own profile"
    assert frames(stage.folder / "recording" / "1.mp4") == 240


@pytest.mark.parametrize(("name", "count"), [("h264.mp4", 120), ("silent.mkv", 120), ("vp8.webm", 120)])
async def test_other_sources_become_h264_too(stage: Stage, films: Path, name: str, count: int) -> None:
    await sent(stage, films / name)
    await stage.house.end_show(SHOW)
    index, media = (await stage.get("index.m3u8")).text, (await stage.get("source/media.m3u8")).text
    assert 'CODECS="avc1.' in index
    assert ("mp4a" in index) == (name != "silent.mkv")
    assert media.count("#EXTINF:2.0") == 2, "a key frame every two seconds"
    assert frames(stage.folder / "recording" / "1.mp4") == count


async def test_the_replay_is_the_folder_at_rest(stage: Stage, films: Path) -> None:
    await sent(stage, films / "h264.mkv")
    await sent(stage, films / "h264.mp4", "video/mp4")
    await stage.house.end_show(SHOW)
    await stage.house.end_show(SHOW)
    text = (await stage.get("source/media.m3u8")).text
    assert text.count("#EXTINF") == 6
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.count("#EXT-X-MAP") == 2
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert not list(stage.folder.glob("*/*.*.m4s")), "parts are gone"
    assert not stage.ingest.exists(), "chunks are gone"
    for name in ("init-1.mp4", "init-2.mp4", *(f"{number}.m4s" for number in range(6))):
        assert (await stage.get(f"source/{name}")).status_code == 200
    await stage.restart()
    assert (await stage.get("source/media.m3u8")).text == text


async def test_a_new_epoch_goes_on_in_the_same_playlist(
    stage: Stage, films: Path, chunks: list[bytes]
) -> None:
    await stage.send(await stage.open(), chunks[:10])
    before = await stage.playlist(until='URI="0.3.m4s"')
    await stage.send(await stage.open("video/mp4"), pieces(films / "h264.mp4", 16))
    after = await stage.playlist(until='#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-2.mp4"')
    assert "#EXT-X-MEDIA-SEQUENCE:0" in before
    assert after.index("#EXT-X-DISCONTINUITY\n") > after.index("\n0.m4s")


async def test_the_data_saver_of_an_upright_picture_is_as_wide_as_a_wide_one_is_high(
    tmp_path: Path, films: Path
) -> None:
    stage = Stage(tmp_path, data_saver=True)
    await stage.house.start()
    await sent(stage, films / "upright.mkv")
    await stage.house.end_show(SHOW)
    assert "RESOLUTION=360x640" in (await stage.get("index.m3u8")).text
    await stage.house.stop()


async def test_the_data_saver_has_the_same_cuts(tmp_path: Path, films: Path) -> None:
    stage = Stage(tmp_path, data_saver=True)
    await stage.house.start()
    await sent(stage, films / "h264.mkv")
    await stage.house.end_show(SHOW)
    source, saver = [(await stage.get(f"{name}/media.m3u8")).text for name in ("source", "saver")]
    index = (await stage.get("index.m3u8")).text
    assert "RESOLUTION=320x180" in index
    assert "RESOLUTION=640x360" in index
    assert [line.split(".")[0] for line in source.splitlines() if "EXTINF" in line] == [
        line.split(".")[0] for line in saver.splitlines() if "EXTINF" in line
    ]
    await stage.house.stop()


async def test_the_room_hears_whether_the_picture_flows(
    stage: Stage, chunks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show_module, "STALLED_AFTER", 0.7)
    epoch = await stage.open()
    await stage.send(epoch, chunks[:4])
    await heard(stage, ["flowing", "stalled"])
    await stage.send(epoch, chunks[4:8], 4)
    await heard(stage, ["flowing", "stalled", "flowing"])
    await stage.house.end_show(SHOW)
    assert stage.pictures[-1] == "none"


async def heard(stage: Stage, pictures: list[str]) -> None:
    async def reached() -> bool:
        return stage.pictures[: len(pictures)] == pictures

    await stage.until(reached)


async def test_programme_time_is_when_the_picture_was_taken(stage: Stage, chunks: list[bytes]) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks)
    await stage.playlist(until="3.0.m4s")
    timeline = stage.house._shows[SHOW].renditions["source"].timeline
    arrived = (stage.ingest / str(epoch) / "0").stat().st_mtime_ns // 1_000_000
    assert 0 < arrived - timeline.epochs[epoch].at < 2000
