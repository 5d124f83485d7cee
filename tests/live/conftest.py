import errno
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from golmok.live import room
from golmok.live.folder import FeedFolder

from .stage import Stage, World, on_stage


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that looks around fifty times a second."""
    monkeypatch.setattr(room, "TICK", 0.02)


@pytest.fixture
async def stage(world: World, quick: None) -> AsyncIterator[Stage]:
    async with on_stage(world) as made:
        yield made


@dataclass
class Disk:
    """What the disk under the rooms refuses."""

    chunks: bool = False
    snapshots: bool = False
    refused: int = 0

    def check(self, refuses: bool) -> None:
        if refuses:
            self.refused += 1
            raise OSError(errno.ENOSPC, "no space left")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Room on the disk until the test takes it away."""
    made = Disk()
    write_chunk, write_snapshot = FeedFolder.write_chunk, FeedFolder.write_snapshot

    def chunk(folder: FeedFolder, epoch: str, number: int, body: bytes) -> None:
        made.check(made.chunks)
        write_chunk(folder, epoch, number, body)

    def snapshot(folder: FeedFolder, body: bytes) -> None:
        made.check(made.snapshots)
        write_snapshot(folder, body)

    monkeypatch.setattr(FeedFolder, "write_chunk", chunk)
    monkeypatch.setattr(FeedFolder, "write_snapshot", snapshot)
    return made
