"""What the disk was told to keep through a power cut."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Disk:
    synced: list[Path] = field(default_factory=list)
    """Files and folders, by the name they had when it happened."""

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("fsync", "fdatasync"):
            monkeypatch.setattr(os, name, self._noting(getattr(os, name)))

    def _noting(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def sync(file: int) -> None:
            self.synced.append(Path(f"/proc/self/fd/{file}").readlink())
            real(file)

        return sync
