"""An ffmpeg that dies while it is written to: whoever writes is told, nothing is left for asyncio to log."""

import asyncio
import gc
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvloop

from golmok.media.transcoder import Source, Transcoder, probe

MORE_THAN_A_PIPE_HOLDS = bytes(3_000_000)


async def look_at_what_is_no_picture() -> None:
    assert await probe(MORE_THAN_A_PIPE_HOLDS) is None


async def die_in_mid_write() -> None:
    transcoder, writing = await a_write_that_waits()
    os.kill(transcoder._process.pid, signal.SIGKILL)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        await writing
    await transcoder.kill()


async def stop_in_mid_write() -> None:
    transcoder, writing = await a_write_that_waits()
    writing.cancel()
    await asyncio.wait([writing])
    await transcoder.kill()


async def stop_while_stopping() -> None:
    transcoder, writing = await a_write_that_waits()
    writing.cancel()
    killing = asyncio.create_task(transcoder.kill())
    await asyncio.sleep(0)
    killing.cancel()
    await asyncio.wait([writing, killing])
    await transcoder.kill()


async def a_write_that_waits() -> tuple[Transcoder, "asyncio.Task[None]"]:
    """A frozen ffmpeg takes nothing more than its pipe holds."""
    transcoder = await Transcoder.start(Source("matroska", "h264", 1.0), saver=False)
    os.kill(transcoder._process.pid, signal.SIGSTOP)
    writing = asyncio.create_task(transcoder.write(MORE_THAN_A_PIPE_HOLDS))
    done, _waiting = await asyncio.wait([writing], timeout=0.1)
    assert not done
    return transcoder, writing


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize(
    "trouble", [look_at_what_is_no_picture, die_in_mid_write, stop_in_mid_write, stop_while_stopping]
)
def test_no_error_is_left_for_nobody(
    trouble: Callable[[], Awaitable[None]], new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    left: list[dict[str, Any]] = []

    async def in_a_loop_that_tells() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: left.append(context))
        await trouble()
        gc.collect()
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(in_a_loop_that_tells())
    gc.collect()
    assert not left


class Ending:
    """An ffmpeg whose last word comes when the test says so."""

    returncode = 0
    stdin: "Ending"

    def __init__(self) -> None:
        self.said: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        self.stdin = self

    async def communicate(self, _data: bytes) -> tuple[bytes, bytes]:
        return await self.said

    async def wait_closed(self) -> None:
        """At once."""


async def test_a_look_that_is_called_off_in_the_moment_it_ends_is_called_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Ending()

    async def started(*_arguments: object, **_pipes: object) -> Ending:
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
    looking = asyncio.create_task(probe(b""))
    await asyncio.sleep(0.01)
    process.said.set_result((b"", b""))
    looking.cancel()
    await asyncio.wait([looking])
    assert looking.cancelled(), "or a server that is told to stop never would"
