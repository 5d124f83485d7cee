"""A broadcaster without a browser: a film in a loop, sent through the public ingest as fast as it is seen."""

import fcntl
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
from imageio_ffmpeg import get_ffmpeg_exe

from bench.stage.server import Server

SLICE = 0.25
"""Seconds of a chunk, as the studio's recorder makes them."""
FILM_SECONDS = 12
PIPE = 1024 * 1024
"""Bytes: holds more than a slice, so ffmpeg keeps its pace."""
QUIET = ("-hide_banner", "-v", "error", "-nostdin")
SOURCES = (
    "-f",
    "lavfi",
    "-i",
    "testsrc2=s=1280x720:r=30,noise=alls=8:allf=t",
    "-f",
    "lavfi",
    "-i",
    "sine=440",
)
PICTURE = (
    "-c:v",
    "libx264",
    "-preset",
    "superfast",
    "-tune",
    "zerolatency",
    "-pix_fmt",
    "yuv420p",
    "-g",
    "30",
)
RATE = ("-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k", "-x264-params", "nal-hrd=cbr")
SOUND = ("-c:a", "libopus", "-b:a", "96k")
STREAM = ("-f", "matroska", "-cluster_time_limit", "250", "-flush_packets", "1")


def make_film(path: Path) -> Path:
    """720p30 H.264 at a constant 2.5 Mb/s, a key frame a second."""
    length = ("-t", str(FILM_SECONDS))
    command = [get_ffmpeg_exe(), *QUIET, *SOURCES, *length, *PICTURE, *RATE, *SOUND, str(path)]
    subprocess.run(command, check=True)
    return path


@contextmanager
def broadcasting(server: Server, ingest_key: str, film: Path) -> Iterator[None]:
    """Sends `film` for as long as the block runs. Raises what went wrong with the sending."""
    loop = ("-re", "-stream_loop", "-1", "-i", str(film), "-c", "copy", *STREAM, "pipe:1")
    process = subprocess.Popen([get_ffmpeg_exe(), *QUIET, *loop], stdout=subprocess.PIPE)
    assert process.stdout is not None
    sending = _Sending(server, ingest_key, process.stdout)
    sending.start()
    try:
        yield
    finally:
        sending.enough.set()
        sending.join()
        process.kill()
        process.wait()
        process.stdout.close()
    if sending.failure is not None:
        raise sending.failure


class _Sending(threading.Thread):
    def __init__(self, server: Server, ingest_key: str, picture: IO[bytes]) -> None:
        super().__init__(daemon=True)
        headers = {"Authorization": f"Bearer {ingest_key}"}
        address = f"{server.url}/live/{server.show_id}/"
        self._client = httpx.Client(base_url=address, headers=headers, timeout=20)
        self._pipe = picture.fileno()
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE)
        os.set_blocking(self._pipe, False)
        self.enough = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with self._client:
                self._send()
        except Exception as failure:
            self.failure = failure

    def _send(self) -> None:
        opened = self._client.post("ingest", json={"mime": "video/x-matroska;codecs=avc1,opus"})
        epoch = opened.raise_for_status().json()["epoch"]
        number, due = 0, time.monotonic()
        while not self.enough.wait(max(due - time.monotonic(), 0)):
            due += SLICE
            if slice_ := self._slice():
                self._client.post(f"ingest/{epoch}/{number}", content=slice_).raise_for_status()
                number += 1
        self._client.post(f"ingest/{epoch}/end").raise_for_status()

    def _slice(self) -> bytes:
        try:
            return os.read(self._pipe, PIPE)
        except BlockingIOError:
            return b""
