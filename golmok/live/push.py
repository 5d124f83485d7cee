"""The feed pushed over one connection: server-sent events, the same bytes for every viewer.

A plain ASGI endpoint, because a streaming response per viewer costs two to three times as much. A reader
that does not keep up is dropped by the size of what waits for it, and resumes by the last id it saw.
"""

import asyncio
import random
from collections import deque

from starlette.types import Receive, Scope, Send

from golmok.live.feed import Chunk
from golmok.live.room import Room

WAITING_BYTES = 256 * 1024
"""More than this unsent and the connection is closed; about two minutes of a busy room."""
SEND_WITHIN = 10.0
HEARTBEAT = (20.0, 45.0)
"""Seconds, drawn anew each time, so that thousands of connections do not beat together."""
RESET = b"id:\nevent: reset\ndata: {}\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Stream:
    """One viewer's connection to a room."""

    def __init__(self, room: Room, after: tuple[str, int] | None) -> None:
        self._room = room
        self._after = after
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._something = asyncio.Event()
        self._dropped = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        feed = self._room.feed
        if not self._catch_up():
            await send({"type": "http.response.body", "body": RESET})
            return
        feed.readers.add(self._put)
        self._room.enter()
        gone = asyncio.create_task(_disconnected(receive))
        gone.add_done_callback(lambda _: self._something.set())
        try:
            await self._pump(send, gone)
        finally:
            feed.readers.discard(self._put)
            self._room.leave()
            gone.cancel()

    def _catch_up(self) -> bool:
        """Queue what the reader missed; False when that cannot be said without a gap."""
        feed = self._room.feed
        epoch, number = self._after or (feed.state.epoch, feed.state.chunk - 1)
        missed = feed.since(epoch, number)
        for chunk in missed or ():
            self._put(chunk)
        return missed is not None

    def _put(self, chunk: Chunk) -> None:
        self._waiting.append(chunk.frame)
        self._waiting_bytes += len(chunk.frame)
        self._dropped = self._waiting_bytes > WAITING_BYTES and len(self._waiting) > 1
        self._something.set()

    async def _pump(self, send: Send, gone: "asyncio.Task[None]") -> None:
        while not (gone.done() or self._dropped or self._room.closed.is_set()):
            body = self._take() or await self._heartbeat()
            if body:
                async with asyncio.timeout(SEND_WITHIN):
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})

    def _take(self) -> bytes:
        body = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        self._something.clear()
        return body

    async def _heartbeat(self) -> bytes:
        """Waits for a chunk; a comment when none came for a while."""
        try:
            await asyncio.wait_for(self._something.wait(), random.uniform(*HEARTBEAT))  # noqa: S311 - jitter
        except TimeoutError:
            return b": still here\n\n"
        return b""


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def parse_position(text: str) -> tuple[str, int] | None:
    """``epoch:chunk`` as in an event's id; None when it is not one."""
    epoch, _, number = text.partition(":")
    try:
        return (epoch, int(number)) if epoch.isalnum() and len(number) <= 12 else None
    except ValueError:
        return None
