"""The merchant's side over HTTP: open an epoch, send its chunks, ask where to go on, end it."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from golmok.media.chunks import ChunkStore
from golmok.media.ports import IngestKeys
from golmok.media.show import Show
from golmok.problems import Problem

LARGEST_CHUNK = 8 * 1024 * 1024
LARGEST_OPENING = 4096
READ_TIMEOUT = 20.0
"""Seconds a body may take; the browser itself gives up after 5."""
AT_ONCE = 8
"""Chunks of one show being received at the same time: bounds the memory a broadcaster can take."""
RATE, BURST = 100.0, 400.0
"""Requests per second and show; a backlog of chunks is sent one after the other, so well below."""
LONGEST_MIME = 200
NUMBER = re.compile(r"[0-9]{1,7}")


class Gate:
    """Lets a show's broadcaster in at a sane rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[float, float]] = {}
        self._receiving: dict[str, int] = defaultdict(int)

    def enter(self, show_id: str) -> None:
        now = self._clock()
        tokens, since = self._tokens.get(show_id, (BURST, now))
        tokens = min(BURST, tokens + (now - since) * RATE)
        if tokens < 1 or self._receiving[show_id] >= AT_ONCE:
            raise Problem(429, "too-many-chunks", headers={"Retry-After": "1"})
        self._tokens[show_id] = (tokens - 1, now)
        self._receiving[show_id] += 1

    def leave(self, show_id: str) -> None:
        self._receiving[show_id] -= 1
        if not self._receiving[show_id]:
            del self._receiving[show_id]


async def admit(request: Request, keys: IngestKeys) -> None:
    """Checks the ingest key. It is read here and nowhere else, and never written down."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem(401, "ingest-key-missing", headers={"WWW-Authenticate": "Bearer"})
    show_id, key = request.path_params["show"], key.strip()
    if await keys.admits(show_id, key):
        return
    if await keys.outlived(show_id, key):
        raise Problem(409, "show-over")
    raise Problem(403, "ingest-key-wrong")


async def open_epoch(request: Request, show: Show) -> Response:
    mime = _mime(await body(request, LARGEST_OPENING))
    store = show.open_epoch(mime)
    return _answer({"epoch": store.epoch, "next": store.next}, 201)


async def chunk(request: Request, show: Show) -> Response:
    store = show.epoch(number(request, "epoch"))
    _refuse_closed(show, store)
    data = await body(request, LARGEST_CHUNK)
    if not data:
        raise Problem(422, "chunk-empty")
    _refuse_closed(show, store)
    return _answer({"next": await store.put(number(request, "seq"), data)})


async def where(request: Request, show: Show) -> Response:
    store = show.epoch(number(request, "epoch"))
    return _answer({"epoch": store.epoch, "next": store.next, "closed": store.closed})


async def end_epoch(request: Request, show: Show) -> Response:
    store = show.epoch(number(request, "epoch"))
    store.close()
    return _answer({"epoch": store.epoch, "next": store.next, "closed": True})


def number(request: Request, name: str) -> int:
    value: str = request.path_params[name]
    if NUMBER.fullmatch(value) is None:
        raise Problem(404, "epoch-not-found")
    return int(value)


async def body(request: Request, most: int) -> bytes:
    """The request's body, refused as soon as it grows beyond `most` bytes or takes too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise Problem(413, "chunk-too-large", {"most": most}, {"Connection": "close"})
    try:
        async with asyncio.timeout(READ_TIMEOUT):
            return await _read(request, most)
    except (TimeoutError, ClientDisconnect):
        raise Problem(408, "chunk-too-slow", headers={"Connection": "close"}) from None


async def _read(request: Request, most: int) -> bytes:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise Problem(413, "chunk-too-large", {"most": most}, {"Connection": "close"})
    return bytes(data)


def _mime(data: bytes) -> str:
    try:
        opening = orjson.loads(data)
    except orjson.JSONDecodeError:
        opening = None
    mime = opening.get("mime") if isinstance(opening, dict) else None
    if not isinstance(mime, str) or not mime.startswith("video/") or len(mime) > LONGEST_MIME:
        raise Problem(422, "format-unknown")
    return mime


def _refuse_closed(show: Show, store: ChunkStore) -> None:
    if store.unknown:
        raise Problem(422, "format-unknown")
    if store.closed:
        raise Problem(409, "epoch-closed", {"epoch": show.current})


def _answer(values: dict[str, object], status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(values), status, headers, media_type="application/json")
