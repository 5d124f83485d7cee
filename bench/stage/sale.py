"""The sale behind a measurement: its database, its goods, and what was sold in the end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from bench.stage.server import ROOT, environment_of
from tests.cluster import cluster

DATABASES = ("sqlite", "postgresql")
SAFE = ("listen_addresses=127.0.0.1", "shared_buffers=256MB", "jit=off")
"""Everything that keeps a commit through a power cut is on."""


@contextmanager
def address_of(database: str) -> Iterator[str]:
    """An empty database; none for SQLite, whose file is in the var folder."""
    if database == "sqlite":
        yield ""
        return
    with cluster(SAFE) as url:
        yield url


def till(var: Path, url: str, what: str, *numbers: float) -> dict[str, Any]:
    """As `bench.stage.till`, in a process of its own."""
    command = [sys.executable, "-m", "bench.stage.till", what, *map(str, numbers)]
    environment = environment_of(var, 0, url)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = orjson.loads(done.stdout.splitlines()[-1])
    return said


def oversold(sold: dict[str, Any]) -> int:
    """Units given away beyond what there was, or beyond what was counted."""
    beyond: int = max(0, sold["sold"] - sold["total"]) + abs(sold["sold"] - sold["ordered"])
    return beyond
