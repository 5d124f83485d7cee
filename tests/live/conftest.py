from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from golmok.live import room

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
