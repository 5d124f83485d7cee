"""How many can buy at once: ``make bench NAME=orders``."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from bench.stage.load import Watch, machine
from bench.stage.pgbench import one_by_one
from bench.stage.report import conclude
from bench.stage.server import ROOT, Server, environment_of, folder, serving, within
from bench.viewers import allow_open_files
from tests.cluster import cluster

BUYERS = (1, 8, 32, 256)
SECONDS = 5.0
PASSES = 25_000
UNITS = 1_000_000
LONGEST = 300
SAFE = ("listen_addresses=127.0.0.1", "shared_buffers=256MB", "jit=off")
"""Everything that keeps a commit through a power cut is on."""


def main() -> None:
    allow_open_files()
    figures: dict[str, Any] = {"bench": "orders"}
    rows: list[dict[str, object]] = []
    with within(LONGEST):
        for database in ("sqlite", "postgresql"):
            with folder() as var, address_of(database) as url:
                figures[database] = measure(var, url, database, rows)
    most = [row for row in rows if row["buyers"] == max(BUYERS)]
    worst = min(most, key=lambda row: int(str(row["checkouts_per_s"])))
    conclude(rows, figures | summary(worst, figures) | {"machine": machine()})


def summary(worst: dict[str, object], figures: dict[str, Any]) -> dict[str, object]:
    """The slower database at the most buyers, and what was sold beyond what there was on either."""
    return {
        "checkouts_per_s": worst["checkouts_per_s"],
        "p99_ms": worst["p99_ms"],
        "oversold": sum(figures[name]["oversold"] for name in ("sqlite", "postgresql")),
        "grouped_vs_pgbench": figures["postgresql"]["grouped_vs_pgbench"],
    }


def measure(var: Path, url: str, database: str, rows: list[dict[str, object]]) -> dict[str, object]:
    with serving(var, url) as server:
        goods = till(var, url, "stock", UNITS)
        crowds = [crowd(server, goods, buyers) for buyers in BUYERS]
        rows.extend({"database": database} | row for row in crowds)
        sold = till(var, url, "count")
    grouped: int = till(var, url, "grouped", SECONDS)["checkouts_per_s"]
    found: dict[str, object] = {"crowds": crowds, "oversold": oversold(sold), "grouped_per_s": grouped}
    if database == "postgresql":
        pgbench = one_by_one(url, seconds=int(SECONDS))
        found |= {"pgbench_per_s": round(pgbench), "grouped_vs_pgbench": round(grouped / pgbench, 1)}
    return found


def crowd(server: Server, goods: dict[str, Any], buyers: int) -> dict[str, object]:
    print(f"{buyers} buyers …", flush=True)
    command = [sys.executable, "-m", "bench.stage.buyers", "--port", str(server.port)]
    for name in ("variant", "shop", "show"):
        command += [f"--{name}", str(goods[name])]
    command += ["--buyers", str(buyers), "--seconds", str(SECONDS), "--passes", str(PASSES)]
    environment = os.environ | {"GOLMOK_VAR": str(server.var)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        watch = Watch(server.pid)
        said = process.stdout.readline()
    load = watch.load()
    seen: dict[str, object] = orjson.loads(said)
    return seen | {"server_cpu_percent": load.server, "machine_busy_percent": load.machine}


def oversold(sold: dict[str, Any]) -> int:
    """Units sold beyond what there was, or ordered beyond what was counted."""
    beyond: int = max(0, sold["sold"] - sold["total"]) + abs(sold["sold"] - sold["ordered"])
    return beyond


def till(var: Path, url: str, what: str, *numbers: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.stage.till", what, *map(str, numbers)]
    environment = environment_of(var, 0, url)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = orjson.loads(done.stdout.splitlines()[-1])
    return said


@contextmanager
def address_of(database: str) -> Iterator[str]:
    """An empty database; none for SQLite, whose file is in the var folder."""
    if database == "sqlite":
        yield ""
        return
    with cluster(SAFE) as url:
        yield url


if __name__ == "__main__":
    main()
