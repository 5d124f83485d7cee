"""What viewers get: waiting for the future, caching, refusals, and nothing outside the folder."""

import asyncio
import gzip

import httpx
import pytest

from golmok.media import delivery, playlist

from .studio import SHOW, Stage


@pytest.fixture
async def running(stage: Stage, chunks: list[bytes]) -> Stage:
    """A show with one whole segment, the second one growing; three more seconds wait to be sent."""
    await stage.send(await stage.open(), chunks[:14])
    await stage.playlist(until='URI="1.1.m4s"')
    await settled(stage)
    return stage


async def settled(stage: Stage) -> tuple[int, int]:
    """The part that comes next, once nothing more comes by itself."""
    hint = ""
    while (now := (await stage.get("source/media.m3u8")).text.rsplit('URI="', 1)[1]) != hint:
        hint = now
        await asyncio.sleep(0.3)
    segment, part, *_rest = hint.split(".")
    return int(segment), int(part)


async def waiting(stage: Stage, name: str) -> "asyncio.Task[httpx.Response]":
    """A request that the house is holding."""
    task = asyncio.create_task(stage.get(name))
    done, _pending = await asyncio.wait([task], timeout=0.2)
    assert not done, "it should wait"
    return task


async def test_a_playlist_waits_for_the_part_asked_for(running: Stage, chunks: list[bytes]) -> None:
    segment, part = await settled(running)
    answer = await waiting(running, f"source/media.m3u8?_HLS_msn={segment}&_HLS_part={part}")
    await running.send(1, chunks[14:20], 14)
    text = (await answer).text
    assert f'#EXT-X-PART:DURATION=0.30000,URI="{segment}.{part}.m4s"' in text
    assert (await answer).headers["cache-control"] == "public, max-age=60"


async def test_a_playlist_waits_for_the_segment_asked_for(running: Stage, chunks: list[bytes]) -> None:
    answer = await waiting(running, "source/media.m3u8?_HLS_msn=1")
    await running.send(1, chunks[14:], 14)
    assert "\n1.m4s\n" in (await answer).text


async def test_what_is_there_is_answered_at_once(running: Stage) -> None:
    present = await running.get("source/media.m3u8?_HLS_msn=0&_HLS_part=2")
    beyond_its_segment = await running.get("source/media.m3u8?_HLS_msn=0&_HLS_part=99")
    assert present.status_code == beyond_its_segment.status_code == 200
    assert (await running.get("source/media.m3u8")).headers["cache-control"] == "public, max-age=1"


async def test_who_watches_live_is_told_the_end_from_where_they_are(
    running: Stage, chunks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playlist, "WINDOW", 3.0)
    await running.send(1, chunks[14:], 14)
    segment, _part = await settled(running)
    answer = await waiting(running, f"source/media.m3u8?_HLS_msn={segment + 1}")
    await running.house.end_show(SHOW)
    told, replay = (await answer).text, (await running.get("source/media.m3u8")).text
    assert "#EXT-X-MEDIA-SEQUENCE:2\n" in told
    assert "#EXT-X-MEDIA-SEQUENCE:0\n" in replay
    assert told.endswith("#EXT-X-ENDLIST\n")
    assert replay.endswith("#EXT-X-ENDLIST\n")


@pytest.mark.parametrize("query", ["_HLS_msn=3", "_HLS_msn=1&_HLS_part=50", "_HLS_part=1", "_HLS_msn=x"])
async def test_too_far_ahead_or_nonsense_is_a_bad_request(running: Stage, query: str) -> None:
    answer = await running.get(f"source/media.m3u8?{query}")
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"


async def test_patience_ends_with_try_again(running: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 0.05)
    segment, part = await settled(running)
    for name in (f"media.m3u8?_HLS_msn={segment}&_HLS_part={part}", f"{segment}.{part}.m4s"):
        answer = await running.get(f"source/{name}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.headers["cache-control"] == "no-store"


async def test_a_house_about_to_stop_holds_nobody(
    running: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 600.0)
    segment, part = await settled(running)
    names = [f"source/media.m3u8?_HLS_msn={segment}&_HLS_part={part}", f"source/{segment}.{part}.m4s"]
    held = [await waiting(running, name) for name in names]
    running.house.release()
    answers = [await asyncio.wait_for(task, 5) for task in held]
    answers += [await asyncio.wait_for(running.get(name), 5) for name in names]
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in answers} == {(503, "1")}
    await running.house.stop()
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]


async def test_the_hinted_part_waits_until_it_exists(running: Stage, chunks: list[bytes]) -> None:
    segment, part = await settled(running)
    answer = await waiting(running, f"source/{segment}.{part}.m4s")
    await running.send(1, chunks[14:20], 14)
    assert (await answer).content[4:8] == b"moof"
    assert "immutable" in (await answer).headers["cache-control"]


async def test_a_hinted_part_that_never_comes_is_soon_not_found(running: Stage) -> None:
    segment, part = await settled(running)
    answer = await waiting(running, f"source/{segment}.{part}.m4s")
    await running.open()
    async with asyncio.timeout(10):
        refused = await answer
        assert refused.status_code in {200, 404}, "closing may still bring the rest of it"
        assert (await running.get(f"source/{segment}.{part + 9}.m4s")).status_code == 404


async def test_parts_of_a_segment_are_its_bytes(running: Stage) -> None:
    whole = (await running.get("source/0.m4s")).content
    parts = running.house._shows[SHOW].renditions["source"].timeline.segments[0].parts
    pieces = [(await running.get(f"source/0.{number}.m4s")).content for number in range(len(parts))]
    assert b"".join(pieces) == whole


async def test_a_playlist_is_compressed_once_for_everybody(running: Stage) -> None:
    rendition = running.house._shows[SHOW].renditions["source"]
    answer = await running.get("source/media.m3u8", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(rendition.playlist.gzipped).decode() == answer.text
    assert rendition.playlist.gzipped is rendition.playlist.gzipped
    again = await running.get("source/media.m3u8", **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_media_at_rest_answers_ranges_and_conditions(running: Stage) -> None:
    whole = (await running.get("source/init-1.mp4")).content
    part = await running.get("source/init-1.mp4", Range="bytes=4-7")
    assert (part.status_code, part.content) == (206, b"ftyp")
    etag = (await running.get("source/init-1.mp4")).headers["etag"]
    assert (await running.get("source/init-1.mp4", **{"If-None-Match": etag})).status_code == 304
    assert whole[4:8] == b"ftyp"


@pytest.mark.parametrize(
    "name",
    [
        "source/timeline.jsonl",
        "source/..%2Frecording%2F1.mp4",
        "source/%2e%2e%2frecording%2f1.mp4",
        "recording/1.mp4",
        "source/.0.m4s",
        "source/0.m4s%00",
        "source/٣.m4s",
        "source/0.m4s%0a",
        "..%2f..%2fingest%2fshow1%2f1%2f0",
        "saver/0.m4s",
        "source/999.m4s",
    ],
)
async def test_nothing_else_can_be_read(running: Stage, name: str) -> None:
    answer = await running.get(name)
    assert answer.status_code == 404


@pytest.mark.parametrize("show", ["other", "..", "%2e%2e", "show1%2f..", "show%00", "x" * 300])
async def test_unknown_shows_are_not_found(running: Stage, show: str) -> None:
    assert (await running.client.get(f"/shows/{show}/index.m3u8")).status_code == 404
    assert (await running.client.get(f"/shows/{show}/source/media.m3u8")).status_code == 404


async def test_before_the_picture_there_is_nothing_to_cache(stage: Stage) -> None:
    for name in ("index.m3u8", "source/media.m3u8", "source/0.m4s"):
        answer = await stage.get(name)
        assert answer.json()["type"] == "/problems/picture-not-begun"
        assert answer.headers["cache-control"] == "no-store"


async def test_nothing_is_worked_out_again_while_nothing_grows(running: Stage, chunks: list[bytes]) -> None:
    show = running.house._shows[SHOW]
    rendition = show.renditions["source"]
    index, farewell = show.index, rendition.farewell
    assert show.index is index
    assert rendition.farewell is farewell
    await running.send(1, chunks[14:20], 14)
    await running.playlist(until='URI="2.0.m4s"')
    assert rendition.farewell is not farewell
