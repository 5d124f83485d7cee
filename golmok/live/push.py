"""The feed pushed over one connection: server-sent events, the same bytes for every viewer.

A plain ASGI endpoint, because a streaming response per viewer costs two to three times as much. A reader
that does not keep up is dropped by the size of what waits for it, and resumes by the last id it saw.
"""

import asyncio
import random
import re
from collections import deque

from starlette.types import Receive, Scope, Send

from golmok.live.feed import Chunk
from golmok.live.room import Room

WAITING_BYTES = 256 * 1024
"""More than this unsent, beside what the reader came to catch up with, and the connection is closed;
about two minutes of a busy room."""
SEND_BYTES = 64 * 1024
"""At most about this much is copied for one send: many readers may catch up with megabytes at once."""
SEND_WITHIN = 10.0
HEARTBEAT = (20.0, 45.0)
"""Seconds, drawn anew each time, so that thousands of connections do not beat together."""
POSITION = re.compile(r"(?P<epoch>[a-z0-9]{1,16}):(?P<chunk>-1|[0-9]{1,12})")
NOWHERE = ("", -1)
RESET = b"id:\nevent: reset\ndata: {}\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Stream:
    """One connection to a room, that of a viewer unless it is not `counted`."""

    def __init__(self, room: Room, after: tuple[str, int] | None, *, counted: bool = True) -> None:
        self._room = room
        self._counted = counted
        self._after = after
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._allowed = WAITING_BYTES
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
        self._room.enter(self._something.set, counted=self._counted)
        gone = asyncio.create_task(_disconnected(receive))
        gone.add_done_callback(lambda _: self._something.set())
        try:
            await self._pump(send, gone)
        finally:
            feed.readers.discard(self._put)
            self._room.leave(self._something.set)
            gone.cancel()

    def _catch_up(self) -> bool:
        """Queue what the reader missed; False when that cannot be said without a gap."""
        feed = self._room.feed
        epoch, number = self._after or (feed.state.epoch, feed.state.chunk - 1)
        missed = feed.since(epoch, number)
        for chunk in missed or ():
            self._waiting.append(chunk.frame)
            self._waiting_bytes += len(chunk.frame)
        self._allowed = WAITING_BYTES + self._waiting_bytes
        return missed is not None

    def _put(self, chunk: Chunk) -> None:
        self._waiting.append(chunk.frame)
        self._waiting_bytes += len(chunk.frame)
        self._dropped = self._waiting_bytes > self._allowed and len(self._waiting) > 1
        self._something.set()

    async def _pump(self, send: Send, gone: "asyncio.Task[None]") -> None:
        while not (gone.done() or self._dropped):
            body = self._take()
            if not body and self._room.closed.is_set():
                break
            body = body or await self._heartbeat()
            if body:
                async with asyncio.timeout(SEND_WITHIN):
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        if not gone.done():
            async with asyncio.timeout(SEND_WITHIN):
                await send({"type": "http.response.body", "body": b""})

    def _take(self) -> bytes:
        frames: list[bytes] = []
        size = 0
        while self._waiting and size < SEND_BYTES:
            frames.append(self._waiting.popleft())
            size += len(frames[-1])
        self._waiting_bytes -= size
        self._something.clear()
        return b"".join(frames)

    async def _heartbeat(self) -> bytes:
        """Waits for a chunk; a comment when none came for a while."""
        try:
            async with asyncio.timeout(random.uniform(*HEARTBEAT)):  # noqa: S311 - jitter
                await self._something.wait()
        except TimeoutError:
            return b": still here\n\n"
        return b""


async def headers_only(_scope: Scope, _receive: Receive, send: Send) -> None:
    """The answer to HEAD; asking for it is not watching."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def parse_position(text: str) -> tuple[str, int]:
    """``epoch:chunk`` as in an event's id; what is not one becomes a position that no room has."""
    found = POSITION.fullmatch(text)
    return (found["epoch"], int(found["chunk"])) if found else NOWHERE
