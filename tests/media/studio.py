"""A small broadcaster and a house to send to: the real one, over HTTP in the same process or another."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from imageio_ffmpeg import get_ffmpeg_exe
from starlette.applications import Starlette

from golmok.media.house import MediaHouse
from golmok.media.ports import Picture

KEY = "the-right-key"
OUTLIVED = "the-key-of-a-show-that-is-over"
SHOW = "show1"


class Keys:
    async def admits(self, show_id: str, key: str) -> bool:
        return key == KEY

    async def outlived(self, show_id: str, key: str) -> bool:
        return key == OUTLIVED


class Known:
    async def exists(self, show_id: str) -> bool:
        return show_id.startswith("show")


@dataclass
class Stage:
    """A house with its folders, and a client that speaks to it."""

    var: Path
    data_saver: bool = False
    stuck_after: float = 10.0
    pictures: list[Picture] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = self._house()
        self.client = self._client()

    @property
    def folder(self) -> Path:
        return self.var / "shows" / SHOW

    @property
    def ingest(self) -> Path:
        return self.var / "ingest" / SHOW

    async def restart(self) -> None:
        await self.house.stop()
        self.house = self._house()
        self.client = self._client()
        await self.house.start()

    async def open(self, mime: str = "video/webm;codecs=h264,opus") -> int:
        answer = await self.client.post(f"/live/{SHOW}/ingest", json={"mime": mime}, headers=bearer())
        assert answer.status_code == 201, answer.text
        epoch: int = answer.json()["epoch"]
        return epoch

    async def put(self, epoch: int, number: int, data: bytes) -> httpx.Response:
        return await self.client.post(f"/live/{SHOW}/ingest/{epoch}/{number}", content=data, headers=bearer())

    async def send(self, epoch: int, chunks: list[bytes], first: int = 0) -> None:
        for number, data in enumerate(chunks, first):
            answer = await self.put(epoch, number, data)
            assert answer.status_code == 200, answer.text

    async def end_epoch(self, epoch: int) -> None:
        answer = await self.client.post(f"/live/{SHOW}/ingest/{epoch}/end", headers=bearer())
        assert answer.status_code == 200, answer.text

    async def get(self, name: str, **headers: str) -> httpx.Response:
        return await self.client.get(f"/shows/{SHOW}/{name}", headers=headers)

    async def until(self, reached: Callable[[], Awaitable[bool]]) -> None:
        """Looks every 20 ms, up to a minute."""
        async with asyncio.timeout(60):
            while not await reached():  # noqa: ASYNC110 - what is waited for may be another process
                await asyncio.sleep(0.02)

    async def playlist(self, *, until: str, rendition: str = "source") -> str:
        """The media playlist as soon as it contains `until`."""
        text = ""

        async def reached() -> bool:
            nonlocal text
            answer = await self.get(f"{rendition}/media.m3u8")
            text = answer.text
            return answer.status_code == 200 and until in text

        await self.until(reached)
        return text

    def _house(self) -> MediaHouse:
        return MediaHouse(
            self.var / "shows",
            self.var / "ingest",
            Keys(),
            Known(),
            lambda _show, picture: self.pictures.append(picture),
            data_saver=self.data_saver,
            stuck_after=self.stuck_after,
        )

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(Starlette(routes=self.house.routes))
        return httpx.AsyncClient(transport=transport, base_url="http://golmok")


def bearer(key: str = KEY) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def film(folder: Path, name: str, *, seconds: int, video: list[str], sound: bool = True) -> Path:
    """A short film as a browser would send it, made by ffmpeg."""
    path = folder / name
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30"]
    audio = ["-f", "lavfi", "-i", "sine=440"] if sound else []
    codec = ["-c:a", "libopus", "-b:a", "64k"] if sound else []
    common = [
        "-t",
        str(seconds),
        "-g",
        "30",
        "-pix_fmt",
        "yuv420p",
        *video,
        *codec,
        "-cluster_time_limit",
        "250",
    ]
    container = ["-movflags", "+empty_moov+default_base_moof+frag_keyframe"] if name.endswith("mp4") else []
    arguments = ["-v", "error", "-y", *source, *audio, *common, *container, str(path)]
    subprocess.run([get_ffmpeg_exe(), *arguments], check=True)
    return path


def pieces(path: Path, count: int) -> list[bytes]:
    """The file in `count` chunks of about the same size."""
    data = path.read_bytes()
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


def frames(path: Path) -> int:
    """Pictures that can be decoded from a file, without an error."""
    arguments = [
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:v",
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        "1:90000",
        "-f",
        "null",
        "-",
        "-progress",
        "pipe:1",
    ]
    said = subprocess.run([get_ffmpeg_exe(), *arguments], check=True, capture_output=True, text=True)
    assert not said.stderr, said.stderr
    return int(said.stdout.rsplit("frame=", 1)[1].split()[0])


if __name__ == "__main__":
    import uvicorn

    stage = Stage(Path(sys.argv[1]))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await stage.house.start()
        yield
        await stage.house.stop()

    app = Starlette(routes=stage.house.routes, lifespan=lifespan)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
