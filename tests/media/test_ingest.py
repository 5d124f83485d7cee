"""The merchant's side: keys, order, holes, limits, and refusals in words."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from golmok.media import ingest
from golmok.media.ingest import Gate
from golmok.problems import Problem

from .studio import KEY, OUTLIVED, SHOW, Stage, bearer


def problem(answer: httpx.Response) -> tuple[int, str]:
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["title"]
    assert document["detail"]
    return answer.status_code, document["type"].removeprefix("/problems/")


async def test_only_the_show_s_key_opens(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address, opening = f"/live/{SHOW}/ingest", {"mime": "video/webm"}
    assert problem(await stage.client.post(address, json=opening)) == (401, "ingest-key-missing")
    wrong = await stage.client.post(address, json=opening, headers=bearer("wrong"))
    assert problem(wrong) == (403, "ingest-key-wrong")
    unknown = await stage.client.post("/live/other/ingest", json=opening, headers=bearer())
    assert problem(unknown) == (404, "show-not-found")
    assert (await stage.client.post(address, json=opening, headers=bearer())).status_code == 201
    assert KEY not in caplog.text


async def test_refusals_speak_the_caller_s_language(stage: Stage) -> None:
    korean = await stage.client.post(f"/live/{SHOW}/ingest")
    english = await stage.client.post(f"/live/{SHOW}/ingest", headers={"Accept-Language": "en-GB"})
    assert korean.json()["title"] == "방송 열쇠가 없어요"
    assert english.json()["title"] == "The broadcast key is missing"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"mime": 3}', b'{"mime": "text/html"}', b"{"])
async def test_an_opening_must_name_a_video_format(stage: Stage, body: bytes) -> None:
    answer = await stage.client.post(f"/live/{SHOW}/ingest", content=body, headers=bearer())
    assert problem(answer) == (422, "format-unknown")


async def test_chunks_are_taken_in_any_order_and_twice(stage: Stage, chunks: list[bytes]) -> None:
    epoch = await stage.open()
    order = [1, 0, 0, 3, 2, 1, *range(4, len(chunks)), 5]
    answers = [(await stage.put(epoch, number, chunks[number])).json()["next"] for number in order]
    assert answers[:6] == [0, 2, 2, 2, 4, 4]
    await stage.end_epoch(epoch)
    await stage.house.end_show(SHOW)
    text = (await stage.get("source/media.m3u8")).text
    assert text.count("#EXTINF") == 4
    assert text.endswith("#EXT-X-ENDLIST\n")


async def test_a_chunk_on_disk_before_it_is_acknowledged(stage: Stage) -> None:
    epoch = await stage.open()
    await stage.put(epoch, 7, b"seven")
    assert (stage.ingest / str(epoch) / "7").read_bytes() == b"seven"
    assert not list(stage.ingest.glob("*/*.tmp"))


async def test_too_far_ahead_names_the_chunk_expected(stage: Stage, chunks: list[bytes]) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks[:2])
    assert (await stage.put(epoch, 66, b"x")).status_code == 200
    answer = await stage.put(epoch, 67, b"x")
    assert problem(answer) == (409, "out-of-window")
    assert answer.json()["expected"] == 2


async def test_a_hole_is_waited_for(stage: Stage, chunks: list[bytes]) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks[:12])
    await stage.send(epoch, chunks[13:], 13)
    where = await stage.client.get(f"/live/{SHOW}/ingest/{epoch}", headers=bearer())
    assert where.json() == {"epoch": epoch, "next": 12, "closed": False}
    await stage.send(epoch, [chunks[12]], 12)
    await stage.playlist(until="3.0.m4s")


async def test_limits_of_a_chunk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    epoch = await stage.open()
    assert problem(await stage.put(epoch, 0, b"")) == (422, "chunk-empty")
    monkeypatch.setattr(ingest, "LARGEST_CHUNK", 1000)
    assert problem(await stage.put(epoch, 0, b"x" * 1001)) == (413, "chunk-too-large")

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500

    address = f"/live/{SHOW}/ingest/{epoch}/0"
    streamed = await stage.client.post(address, content=unannounced(), headers=bearer())
    assert problem(streamed) == (413, "chunk-too-large")
    assert (await stage.put(epoch, 0, b"x" * 1000)).status_code == 200


async def test_a_body_that_never_ends_is_given_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    epoch = await stage.open()
    monkeypatch.setattr(ingest, "READ_TIMEOUT", 0.05)

    async def dripping() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(5)

    answer = await stage.client.post(f"/live/{SHOW}/ingest/{epoch}/0", content=dripping(), headers=bearer())
    assert problem(answer) == (408, "chunk-too-slow")


async def test_a_new_epoch_closes_the_one_before(stage: Stage, chunks: list[bytes]) -> None:
    first = await stage.open()
    await stage.send(first, chunks[:4])
    second = await stage.open()
    late = await stage.put(first, 4, chunks[4])
    assert problem(late) == (409, "epoch-closed")
    assert late.json()["epoch"] == second
    assert problem(await stage.put(99, 0, b"x")) == (404, "epoch-not-found")


async def test_what_is_no_picture_is_refused(stage: Stage) -> None:
    epoch = await stage.open()
    await stage.put(epoch, 0, b"\x55" * 700_000)
    await stage.put(epoch, 1, b"\x55" * 700_000)
    async with asyncio.timeout(30):
        number = 2
        while (answer := await stage.put(epoch, number, b"x")).status_code == 200:
            number += 1
            await asyncio.sleep(0.05)
    assert problem(answer) == (422, "format-unknown")


async def test_an_ended_show_takes_no_more(stage: Stage, chunks: list[bytes]) -> None:
    epoch = await stage.open()
    await stage.send(epoch, chunks)
    await stage.house.end_show(SHOW)
    answer = await stage.client.post(f"/live/{SHOW}/ingest", json={"mime": "video/webm"}, headers=bearer())
    assert problem(answer) == (409, "show-over")


async def test_the_key_of_a_show_that_is_over_is_told_so(stage: Stage) -> None:
    answer = await stage.client.post(f"/live/{SHOW}/ingest/1/0", content=b"x", headers=bearer(OUTLIVED))
    assert problem(answer) == (409, "show-over")


@pytest.mark.parametrize("path", ["abc/0", "1/abc", "-1/0", "9" * 5000 + "/0", "abc", "abc/end"])
async def test_what_is_no_number_is_no_epoch(stage: Stage, path: str) -> None:
    method = "GET" if path == "abc" else "POST"
    answer = await stage.client.request(method, f"/live/{SHOW}/ingest/{path}", headers=bearer())
    assert problem(answer) == (404, "epoch-not-found")


async def test_a_full_disk_sets_an_epoch_aside_and_ends_no_show(
    stage: Stage, chunks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, **_options: object) -> None:
        raise OSError("No space left on device")

    epoch = await stage.open()
    await stage.put(epoch, 0, b"\x55" * 700_000)
    monkeypatch.setattr(Path, "touch", full)
    await stage.put(epoch, 1, b"\x55" * 700_000)

    async def set_aside() -> bool:
        return (await stage.put(epoch, 2, b"x")).status_code == 422

    await stage.until(set_aside)
    monkeypatch.undo()
    await stage.house.end_show(SHOW)
    assert (stage.ingest / str(epoch) / "0").exists()


def test_the_gate_lets_a_sane_rate_in() -> None:
    now = 0.0
    gate = Gate(lambda: now)
    for _ in range(400):
        gate.enter("show1")
        gate.leave("show1")
    with pytest.raises(Problem) as refused:
        gate.enter("show1")
    assert refused.value.status == 429
    gate.enter("show2")
    now = 1.0
    gate.enter("show1")


async def test_what_cannot_be_packaged_stays_on_disk_when_the_show_ends(stage: Stage) -> None:
    epoch = await stage.open()
    await stage.put(epoch, 0, b"\x55" * 700_000)
    await stage.house.end_show(SHOW)
    kept = stage.ingest / str(epoch) / "0"
    assert kept.read_bytes() == b"\x55" * 700_000
