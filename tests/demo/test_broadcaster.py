"""The demo's broadcaster against the real house: whatever befalls it, the show goes on or it says why not."""

import asyncio
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from golmok.demo import broadcaster
from golmok.demo.broadcaster import Broadcaster
from golmok.demo.caller import Caller, Refused
from golmok.demo.programme import Card
from golmok.demo.reel import KEPT, Reel
from tests.media.studio import KEY, SHOW, Stage, bearer
from tests.media.test_restart import serve

CARDS = [Card("바른떡", "떡")]


@dataclass
class House:
    """The media house in a process of its own, to be killed."""

    var: Path
    port: int
    server: "subprocess.Popen[bytes]" = field(init=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.server = await serve(self.var, self.port)

    def kill(self) -> None:
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    async def open_epoch(self) -> int:
        return int((await self._ask("POST", "", {"mime": "video/webm"}))["epoch"])

    async def epoch(self, number: int) -> dict[str, int]:
        """Where an epoch is: `next` is 0 before there is one."""
        return await self._ask("GET", f"/{number}")

    async def until_past(self, number: int, epoch: int) -> None:
        """Until that chunk of that epoch has been taken."""

        async def past() -> bool:
            return (await self.epoch(epoch)).get("next", 0) > number

        await Stage(self.var).until(past)

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, int]:
        async with httpx.AsyncClient(base_url=self.address, headers=bearer()) as client:
            answer = await client.request(method, f"/live/{SHOW}/ingest{path}", json=body)
            facts: dict[str, int] = answer.json()
            return facts


def six_times_as_fast(*words: object) -> list[str]:
    picture = ["-f", "lavfi", "-readrate", "6", "-i", "testsrc2=s=320x180:r=30"]
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30"]
    container = ["-f", "matroska", "-cluster_time_limit", "250", "-flush_packets", "1", "pipe:1"]
    return [get_ffmpeg_exe(), "-v", "error", "-nostdin", *picture, *codec, *container]


@pytest.fixture
async def house(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[House]:
    made = House(tmp_path, unused_tcp_port)
    await made.start()
    yield made
    made.kill()


@asynccontextmanager
async def on_air(address: str, key: str = KEY) -> AsyncIterator["asyncio.Task[None]"]:
    caller = Caller(address)
    sender = Broadcaster(caller, SHOW)
    sending = asyncio.create_task(sender.send(CARDS, key))
    try:
        yield sending
    finally:
        sender.stop()
        await asyncio.wait([sending], timeout=10)
        sending.cancel()
        await asyncio.wait([sending])
        await caller.http.aclose()


async def test_a_killed_server_finds_the_broadcaster_where_it_was(house: House) -> None:
    async with on_air(house.address):
        await house.until_past(6, epoch=1)
        house.kill()
        kept = len(list((house.var / "ingest" / SHOW / "1").glob("[0-9]*[0-9]")))
        await house.start()
        await house.until_past(kept + 4, epoch=1)
    assert (await house.epoch(1))["closed"]
    assert "next" not in await house.epoch(2)


async def test_chunks_the_server_lost_are_sent_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "CHUNK_SECONDS", 0.02)
    monkeypatch.setattr(broadcaster, "command", six_times_as_fast)
    async with on_air(house.address):
        await house.until_past(75, epoch=1)
        house.kill()
        for number in range(5, 200):
            (house.var / "ingest" / SHOW / "1" / str(number)).unlink(missing_ok=True)
        await house.start()
        await house.until_past(80, epoch=1)
    assert "next" not in await house.epoch(2)


async def test_a_closed_epoch_is_followed_by_a_new_one(house: House) -> None:
    async with on_air(house.address):
        await house.until_past(2, epoch=1)
        assert await house.open_epoch() == 2
        await house.until_past(2, epoch=3)


async def test_a_forgotten_epoch_is_followed_by_a_new_one(house: House) -> None:
    async with on_air(house.address):
        await house.until_past(2, epoch=1)
        house.kill()
        for folder in ("ingest", "shows"):
            shutil.rmtree(house.var / folder)
        await house.start()
        await house.until_past(8, epoch=1)


async def test_a_wrong_key_is_the_end(house: House) -> None:
    async with on_air(house.address, "another-key") as sending:
        with pytest.raises(Refused) as refused:
            await asyncio.wait_for(sending, 10)
    assert (refused.value.status, refused.value.code) == (403, "ingest-key-wrong")


async def test_the_end_of_the_show_is_the_end(house: House) -> None:
    async with on_air(house.address) as sending:
        await house.until_past(2, epoch=1)
        house.kill()
        (house.var / "ingest" / SHOW / "over").touch()
        await house.start()
        with pytest.raises(Refused) as refused:
            await asyncio.wait_for(sending, 20)
    assert refused.value.code == "show-over"


async def test_it_says_why_it_is_silent_and_waits_to_be_stopped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"type": "/problems/not-yours"}, request=request)

    caller = Caller("http://golmok")
    caller.http = httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://golmok")
    sender = Broadcaster(caller, SHOW)
    running = asyncio.create_task(sender.run("merchant", "password"))
    said = ""
    async with asyncio.timeout(5):
        while "403" not in said:
            await asyncio.sleep(0.01)
            said += capsys.readouterr().out
    assert re.search("더 보내지 않아요.*\n.*sends no more", said)
    assert not running.done()
    sender.stop()
    await asyncio.wait_for(running, 5)


async def test_a_reel_has_what_was_sent_for_a_while() -> None:
    reel = Reel()
    for number in range(KEPT + 2):
        await reel.add(b"%d" % number)
    await reel.end()
    assert await reel.chunk(KEPT + 1) == b"%d" % (KEPT + 1)
    assert await reel.chunk(1) == b"1"
    assert await reel.chunk(KEPT + 2) is None
    with pytest.raises(LookupError):
        await reel.chunk(0)
