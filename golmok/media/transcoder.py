"""The ffmpeg of one epoch: what it is told, and the process.

ffmpeg is a separate GPL program; it is only ever run, never linked.
"""

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from imageio_ffmpeg import get_ffmpeg_exe

FORMATS = {"matroska,webm": "matroska", "mov,mp4,m4a,3gp,3g2,mj2": "mov", "mpegts": "mpegts", "flv": "flv"}
"""The containers we take, as ffmpeg reports them and as it wants them named."""
INPUT_SAFETY = ("-protocol_whitelist", "pipe", "-format_whitelist", "matroska,webm,mov,mp4,mpegts,flv")
FRAGMENT = 300_000
"""Microseconds of a fragment. Shorter ones made hls.js stall, see docs/decisions."""
GOP = "expr:gte(t,n_forced*2)"
PROBE_TIMEOUT = 15.0
FRAGMENTED = (
    *("-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_keyframe+skip_trailer"),
    *("-frag_duration", str(FRAGMENT), "-flush_packets", "1", "-avoid_negative_ts", "make_zero"),
)
SOUND = ("-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2", "-af", "aresample=async=1000")
X264 = ("-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p")
SMALL = "scale=w='if(gt(iw,ih),-2,360)':h='if(gt(iw,ih),360,-2)'"
"""The data saver's picture: 360 on its shorter side, upright or wide."""
FULL_RATE = ("-b:v", "2500k", "-maxrate", "3500k", "-bufsize", "3500k")


@dataclass(frozen=True)
class Source:
    """What the first chunks really contain; a mime type is only the sender's guess."""

    container: str
    video: str
    seconds: float
    """Media length of the chunks looked at."""


async def probe(data: bytes) -> Source | None:
    """What is in `data`; None when it cannot be told (yet), or has no picture."""
    arguments = ("-hide_banner", *INPUT_SAFETY, "-i", "pipe:0", "-map", "0", "-c", "copy", "-f", "null", "-")
    process = await asyncio.create_subprocess_exec(
        get_ffmpeg_exe(), *arguments, stdin=PIPE, stdout=DEVNULL, stderr=PIPE
    )
    farewell = asyncio.create_task(_stdin_closed(process))
    try:
        # Not `wait_for`: before Python 3.12 it forgets a cancelling that comes in the moment of the answer.
        async with asyncio.timeout(PROBE_TIMEOUT):
            _out, said = await process.communicate(data)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await asyncio.wait([farewell])
    return _understood(said.decode(errors="replace"))


def _understood(said: str) -> Source | None:
    container = re.search(r"^Input #0, (\S+), from", said, re.MULTILINE)
    video = re.search(r"^  Stream #0:\d+.*?: Video: (\w+)", said, re.MULTILINE)
    if container is None or video is None or container[1] not in FORMATS:
        return None
    times = re.findall(r"time=(\d+):(\d+):(\d+\.\d+)", said)
    hours, minutes, seconds = times[-1] if times else ("0", "0", "0")
    length = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return Source(FORMATS[container[1]], video[1], length)


def command(source: Source, saver_pipe: int | None) -> list[str]:
    """The arguments: H.264 is copied, anything else becomes x264 with a key frame every 2 s."""
    # Never -fflags nobuffer: on a pipe it throws away the probed packets, that is the whole first GOP.
    arguments = ["-hide_banner", "-loglevel", "warning", *INPUT_SAFETY]
    arguments += ["-probesize", "32k", "-analyzeduration", "0", "-f", source.container, "-i", "pipe:0"]
    copied = source.video == "h264"
    picture = ["-c:v", "copy"] if copied else [*X264, *FULL_RATE, "-force_key_frames", GOP]
    arguments += [*_tracks(), *picture, *SOUND, *FRAGMENTED, "pipe:1"]
    if saver_pipe is not None:
        keys = "source" if copied else GOP
        small = ["-vf", SMALL, *X264, "-b:v", "500k", "-maxrate", "700k", "-bufsize", "700k"]
        small += ["-g", "9999", "-sc_threshold", "0", "-force_key_frames", keys]
        arguments += [*_tracks(), *small, *SOUND, *FRAGMENTED, f"pipe:{saver_pipe}"]
    return arguments


def _tracks() -> Sequence[str]:
    return ("-map", "0:v:0", "-map", "0:a:0?")


class Transcoder:
    """A running ffmpeg: chunks go in, fragmented MP4 comes out, a stream for each rendition."""

    def __init__(self, process: Process, outputs: list[asyncio.StreamReader]) -> None:
        self._process = process
        self._farewell = asyncio.create_task(_stdin_closed(process))
        self.outputs = outputs
        self.last_words = b""
        """The end of what it wrote to stderr."""

    @classmethod
    async def start(cls, source: Source, *, saver: bool) -> "Transcoder":
        ours, theirs = os.pipe() if saver else (None, None)
        try:
            process = await asyncio.create_subprocess_exec(
                get_ffmpeg_exe(),
                *command(source, theirs),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                pass_fds=() if theirs is None else (theirs,),
            )
        finally:
            if theirs is not None:
                os.close(theirs)
        assert process.stdout is not None  # noqa: S101 - asked for with PIPE
        outputs = [process.stdout]
        if ours is not None:
            outputs.append(await _reader(ours))
        return cls(process, outputs)

    async def write(self, data: bytes) -> None:
        """Returns when ffmpeg has room for more."""
        assert self._process.stdin is not None  # noqa: S101 - asked for with PIPE
        self._process.stdin.write(data)
        await self._process.stdin.drain()

    def no_more(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for with PIPE
        self._process.stdin.close()

    async def listen(self) -> None:
        """Reads stderr to its end: a full pipe would stop ffmpeg."""
        assert self._process.stderr is not None  # noqa: S101 - asked for with PIPE
        while said := await self._process.stderr.read(4096):
            self.last_words = (self.last_words + said)[-2000:]

    async def wait(self) -> int:
        return await self._process.wait()

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.wait([self._farewell])


async def _stdin_closed(process: Process) -> None:
    """Takes the error of writing to one that died, whoever wrote: untaken, asyncio logs it as nobody's.

    Run as a task and waited for with `asyncio.wait`: a cancelled wait must not cancel the future in there.
    """
    assert process.stdin is not None  # noqa: S101 - asked for with PIPE
    with suppress(BrokenPipeError, ConnectionResetError):
        await process.stdin.wait_closed()


async def _reader(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    file = os.fdopen(pipe, "rb", 0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    return reader
