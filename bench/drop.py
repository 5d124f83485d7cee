"""A drop on a crowd that waits for it: ``make bench NAME=drop``, and a part of ``NAME=orders``."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from bench.stage.load import machine
from bench.stage.report import conclude
from bench.stage.sale import DATABASES, address_of, oversold, till
from bench.stage.server import ROOT, folder, serving, within
from bench.viewers import allow_open_files

BUYERS = 20_000
UNITS = 4_000
LONGEST = 240


def main() -> None:
    allow_open_files()
    with within(LONGEST):
        rows = [drop(database) for database in DATABASES]
    conclude(rows, {"bench": "drop", "drop": dict(zip(DATABASES, rows, strict=True)), "machine": machine()})


def drop(database: str) -> dict[str, Any]:
    """Everybody presses as soon as they can; what they got, and what it cost."""
    print(f"{UNITS} units on {BUYERS} buyers, {database} …", flush=True)
    with folder() as var, address_of(database) as url, serving(var, url) as server:
        goods = till(var, url, "stock", UNITS)
        said = _crowd(server.port, server.pid, var, goods)
        sold = till(var, url, "kept")
    return {"database": database} | said | {"oversold": oversold(sold)}


def _crowd(port: int, server: int, var: Path, goods: dict[str, Any]) -> dict[str, Any]:
    """What the crowd saw, and what it cost the server."""
    command = [sys.executable, "-m", "bench.stage.drop", "--port", str(port), "--server", str(server)]
    command += ["--buyers", str(BUYERS), "--variant", str(goods["variant"]), "--show", str(goods["show"])]
    environment = os.environ | {"GOLMOK_VAR": str(var)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = orjson.loads(done.stdout.splitlines()[-1])
    return said


if __name__ == "__main__":
    main()
