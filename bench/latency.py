"""Glass-to-glass latency through real Chromium, and what a copied show costs: ``make bench NAME=latency``."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserType, Page, sync_playwright

from bench.stage.load import Load, Watch, children_commands, machine
from bench.stage.merchant import Merchant
from bench.stage.report import conclude, percentile
from bench.stage.server import ROOT, Server, folder, serving, within

ROUNDS = 3
WARM_UP, MEASURE = 10.0, 30.0
"""Seconds."""
LONGEST = 175
TARGETS = {"p50_ms": 1600, "p95_ms": 2000, "cpu_percent": 5}
CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
PAGE = "/accounts/login/"
"""Any quiet page of the server: it brings the real origin, cookies and Content-Security-Policy."""


@dataclass(frozen=True)
class Round:
    latencies: list[float]
    """Milliseconds."""
    errors: list[float]
    """Milliseconds by which the programme time is later than the clock in the picture."""
    unread: int
    waits: int
    load: Load
    copied: bool
    """Whether ffmpeg copied the picture, as it does with H.264."""

    def row(self) -> dict[str, object]:
        return {
            "p50_ms": _whole(self.latencies, 50),
            "p95_ms": _whole(self.latencies, 95),
            "most_ms": _whole(self.latencies, 100),
            "samples": len(self.latencies),
            "unread": self.unread,
            "waits": self.waits,
            "server_cpu_percent": self.load.server,
            "ffmpeg_cpu_percent": self.load.ffmpeg,
            "machine_busy_percent": self.load.machine,
        }


def main() -> None:
    with within(LONGEST), folder() as var:
        build_page(var / "static" / "bench")
        with serving(var) as server, sync_playwright() as play:
            rounds = list(_rounds(server, play.chromium))
    conclude([{"round": number} | each.row() for number, each in enumerate(rounds, 1)], figures(rounds))


def figures(rounds: Sequence[Round]) -> dict[str, object]:
    """What the last line says; latencies are those of all samples of all rounds."""
    latencies = [latency for each in rounds for latency in each.latencies]
    server = round(sum(each.load.server for each in rounds) / len(rounds), 1)
    ffmpeg = round(sum(each.load.ffmpeg for each in rounds) / len(rounds), 1)
    return {
        "bench": "latency",
        "p50_ms": _whole(latencies, 50),
        "p95_ms": _whole(latencies, 95),
        "server_cpu_percent": server,
        "ffmpeg_cpu_percent": ffmpeg,
        "cpu_percent": round(server + ffmpeg, 1),
        "copied": all(each.copied for each in rounds),
        "programme_time_error_ms": _whole([error for each in rounds for error in each.errors], 50),
        "waits": sum(each.waits for each in rounds),
        "targets": TARGETS,
        "rounds": [each.row() for each in rounds],
        "machine": machine(),
    }


def build_page(into: Path) -> None:
    """Bundles the page's script with the uploader and the player as they are in frontend/src."""
    config = ROOT / "bench" / "pages" / "vite.config.ts"
    vite = str(ROOT / "node_modules" / ".bin" / "vite")
    command = [vite, "build", str(config.parent), "--config", str(config)]
    subprocess.run([*command, "--outDir", str(into), "--emptyOutDir", "--logLevel", "warn"], check=True)


def _rounds(server: Server, chromium: BrowserType) -> Iterator[Round]:
    merchant = Merchant(server)
    with _browser(chromium) as camera, _browser(chromium) as eye:
        for number in range(1, ROUNDS + 1):
            print(f"round {number} of {ROUNDS} …", flush=True)
            yield _round(server, merchant.ingest_key, camera, eye)


def _round(server: Server, ingest_key: str, camera: Browser, eye: Browser) -> Round:
    """A new epoch, watched by a new viewer."""
    with _page(camera, server) as sender, _page(eye, server) as viewer:
        sender.evaluate("([show, key]) => bench.send(show, key)", [server.show_id, ingest_key])
        viewer.evaluate("source => bench.watch(source)", f"/shows/{server.show_id}/index.m3u8")
        time.sleep(WARM_UP)
        watch = Watch(server.pid)
        viewer.evaluate("bench.measure()")
        time.sleep(MEASURE)
        load, measured = watch.load(), viewer.evaluate("bench.measured()")
        copied = any("copy" in command for command in children_commands(server.pid))
        sender.evaluate("bench.stop()")
    return _read(measured, load, copied=copied)


def _read(measured: dict[str, Any], load: Load, *, copied: bool) -> Round:
    samples = measured["samples"]
    seen = [sample["latency"] for sample in samples if sample["latency"] is not None]
    errors = [sample["programmeTimeError"] for sample in samples if sample["programmeTimeError"] is not None]
    return Round(seen, errors, len(samples) - len(seen), measured["waits"], load, copied)


@contextmanager
def _browser(chromium: BrowserType) -> Iterator[Browser]:
    browser = chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def _page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(server.url + PAGE)
        page.add_script_tag(url="/static/bench/latency.js", type="module")
        yield page
    finally:
        context.close()


def _whole(values: Sequence[float], percent: float) -> int | None:
    """A percentile in whole milliseconds."""
    found = percentile(values, percent)
    return None if found is None else round(found)


if __name__ == "__main__":
    main()
