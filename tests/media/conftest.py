from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .disk import Disk
from .studio import Stage, film, pieces

H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline"]
VP8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k"]


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    film(folder, "h264.mkv", seconds=8, video=H264)
    film(folder, "h264.mp4", seconds=4, video=H264)
    film(folder, "upright.mkv", seconds=4, video=["-vf", "transpose=1", *H264])
    film(folder, "silent.mkv", seconds=4, video=H264, sound=False)
    film(folder, "vp8.webm", seconds=4, video=VP8)
    return folder


@pytest.fixture
def chunks(films: Path) -> list[bytes]:
    """Eight seconds of H.264 and Opus in 32 chunks."""
    return pieces(films / "h264.mkv", 32)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path)
    await made.house.start()
    yield made
    await made.house.stop()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    watched = Disk()
    watched.watch(monkeypatch)
    return watched
