"""The feed pulled as files: what any cache can hold and nginx can serve straight from the folder."""

import asyncio

from starlette.responses import Response

from golmok.live.feed import Feed
from golmok.live.folder import FeedFolder
from golmok.live.room import Room
from golmok.problems import Problem

BLOCK_SECONDS = 20.0
FOR_EVER = "public, max-age=31536000, immutable"
A_SECOND = "public, max-age=1"
JSON = "application/json"


def snapshot(body: bytes) -> Response:
    return Response(body, media_type=JSON, headers={"Cache-Control": A_SECOND})


async def chunk_on_disk(folder: FeedFolder, epoch: str, number: int) -> Response | None:
    body = await asyncio.to_thread(folder.read_chunk, epoch, number)
    return _immutable(body) if body is not None else None


async def next_chunk(room: Room, epoch: str, number: int) -> Response:
    """Chunk `number` of a running room, blocking while it is the very next. Raises Problem 404."""
    feed = room.feed
    if room.at_rest or epoch != feed.state.epoch or number > feed.state.chunk or number < 0:
        raise not_here()
    await _wait_for(feed, number)
    chunk = feed.recent(number)
    if chunk is None:
        return Response(status_code=204, headers={"Cache-Control": "no-store", "Retry-After": "1"})
    return _immutable(chunk.body)


async def _wait_for(feed: Feed, number: int) -> None:
    try:
        async with asyncio.timeout(BLOCK_SECONDS):
            while feed.state.chunk <= number and not feed.closed:
                await asyncio.shield(feed.next_chunk)
    except TimeoutError:
        return


def not_here() -> Problem:
    return Problem(404, "chunk-not-here", headers={"Cache-Control": "no-store"})


def _immutable(body: bytes) -> Response:
    return Response(body, media_type=JSON, headers={"Cache-Control": FOR_EVER})
