"""How many can buy at once: ``make bench NAME=orders``."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from bench.drop import drop
from bench.stage.load import Watch, machine
from bench.stage.pgbench import one_by_one
from bench.stage.report import conclude, table
from bench.stage.sale import DATABASES, address_of, oversold, till
from bench.stage.server import ROOT, Server, folder, serving, within
from bench.viewers import allow_open_files

BUYERS = (1, 8, 32, 256)
SECONDS = 5.0
PASSES = 25_000
UNITS = 1_000_000
LONGEST = 420


def main() -> None:
    allow_open_files()
    figures: dict[str, Any] = {"bench": "orders"}
    rows: list[dict[str, object]] = []
    with within(LONGEST):
        for database in DATABASES:
            with folder() as var, address_of(database) as url:
                figures[database] = measure(var, url, database, rows)
        drops = [drop(database) for database in DATABASES]
    most = [row for row in rows if row["buyers"] == max(BUYERS)]
    worst = min(most, key=lambda row: int(str(row["checkouts_per_s"])))
    print(table(drops), end="\n\n")
    told = {"drop": dict(zip(DATABASES, drops, strict=True)), "machine": machine()}
    conclude(rows, figures | summary(worst, figures) | told)


def summary(worst: dict[str, object], figures: dict[str, Any]) -> dict[str, object]:
    """The slower database at the most buyers, and what was sold beyond what there was on either."""
    return {
        "checkouts_per_s": worst["checkouts_per_s"],
        "p99_ms": worst["p99_ms"],
        "oversold": sum(figures[name]["oversold"] for name in DATABASES),
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


if __name__ == "__main__":
    main()
