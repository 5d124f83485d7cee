"""What viewers read: playlists that wait for the future, and media that never changes."""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from golmok.media.rendition import Rendered, Rendition
from golmok.media.show import Show
from golmok.problems import Problem

PATIENCE = 6.0
"""Seconds a request waits for what is not there yet; hls.js gives up after 10."""
PARTS_AHEAD = 6
"""Parts beyond the edge that may be asked for (RFC 8216bis: 3 / PART-TARGET)."""
FOR_EVER = "public, max-age=31536000, immutable"
PLAYLIST, MEDIA = "application/vnd.apple.mpegurl", "video/mp4"
NAME = re.compile(r"(?P<init>init-[0-9]{1,6}\.mp4)|(?P<segment>[0-9]{1,9})(\.(?P<part>[0-9]{1,9}))?\.m4s")

Directives = tuple[int, int | None]


async def index(request: Request, show: Show | None, folder: Path) -> Response:
    if show is None:
        return await _file(request, folder / "index.m3u8", PLAYLIST, "public, max-age=60")
    if show.index is None:
        raise Problem(404, "picture-not-begun", headers={"Cache-Control": "no-store"})
    return Response(show.index, media_type=PLAYLIST, headers={"Cache-Control": "public, max-age=1"})


async def playlist(request: Request, rendition: Rendition | None, folder: Path) -> Response:
    """The media playlist, blocking as long as the directives ask for."""
    asked = _directives(request)
    if rendition is None:
        return await _file(request, folder / "media.m3u8", PLAYLIST, "public, max-age=60")
    if not rendition.timeline.segments:
        raise Problem(404, "picture-not-begun", headers={"Cache-Control": "no-store"})
    if asked is None:
        return _rendered(request, rendition.playlist, "public, max-age=1")
    _refuse_far_ahead(rendition, asked)
    await _until(rendition, lambda: _has(rendition, asked))
    newest = rendition.farewell if rendition.timeline.over else rendition.playlist
    return _rendered(request, newest, "public, max-age=60")


async def media(request: Request, rendition: Rendition | None, folder: Path, name: str) -> Response:
    """An initialisation, a segment or a part; the next part is waited for."""
    named = NAME.fullmatch(name)
    if named is None:
        raise Problem(404, "media-not-found")
    if rendition is not None and named["part"] is not None:
        await _await_part(rendition, int(named["segment"]), int(named["part"]))
    if rendition is not None and (data := rendition.at_hand(name)) is not None:
        return Response(data, media_type=MEDIA, headers={"Cache-Control": FOR_EVER, "Accept-Ranges": "none"})
    return await _file(request, folder / name, MEDIA, FOR_EVER)


async def _await_part(rendition: Rendition, segment: int, part: int) -> None:
    """Waits for the part that comes next; any other missing one is refused at once."""
    timeline = rendition.timeline
    if (segment, part) == timeline.edge and not timeline.over:
        await _until(rendition, lambda: timeline.edge != (segment, part) or timeline.over)
    known = segment < len(timeline.segments) and part < len(timeline.segments[segment].parts)
    if not known:
        raise Problem(404, "media-not-found", headers={"Cache-Control": "no-store"})


def _directives(request: Request) -> Directives | None:
    segment, part = request.query_params.get("_HLS_msn"), request.query_params.get("_HLS_part")
    if segment is None and part is None:
        return None
    if segment is None or not _number(segment) or not (part is None or _number(part)):
        raise Problem(400, "bad-directive", headers={"Cache-Control": "no-store"})
    return int(segment), None if part is None else int(part)


def _number(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", value) is not None


def _refuse_far_ahead(rendition: Rendition, asked: Directives) -> None:
    segment, part = rendition.timeline.edge
    wanted, wanted_part = asked
    if wanted > segment + 1 or (wanted == segment and (wanted_part or 0) > part + PARTS_AHEAD):
        raise Problem(400, "too-far-ahead", {"segment": segment, "part": part}, {"Cache-Control": "no-store"})


def _has(rendition: Rendition, asked: Directives) -> bool:
    segment, part = asked
    timeline = rendition.timeline
    edge = timeline.edge
    if timeline.over or part is None:
        return timeline.over or edge[0] > segment
    if edge[0] > segment and part >= len(timeline.segments[segment].parts):
        # A part its segment does not have means the first one of the next segment.
        return edge > (segment + 1, 0)
    return edge > (segment, part)


async def _until(rendition: Rendition, there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        left = deadline - time.monotonic()
        if rendition.released or left <= 0:
            raise Problem(503, "picture-waits", headers={"Retry-After": "1", "Cache-Control": "no-store"})
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await rendition.growth()


def _rendered(request: Request, rendered: Rendered, keep: str) -> Response:
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding", "ETag": rendered.mark}
    if request.headers.get("if-none-match") == rendered.mark:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(rendered.plain, media_type=PLAYLIST, headers=headers)
    return Response(rendered.gzipped, media_type=PLAYLIST, headers=headers | {"Content-Encoding": "gzip"})


async def _file(request: Request, path: Path, kind: str, keep: str) -> Response:
    try:
        facts = await asyncio.to_thread(path.stat)
    except OSError:
        raise Problem(404, "media-not-found", headers={"Cache-Control": "no-store"}) from None
    response = FileResponse(path, media_type=kind, headers={"Cache-Control": keep}, stat_result=facts)
    if request.headers.get("if-none-match") == response.headers["etag"]:
        return Response(status_code=304, headers={"Cache-Control": keep, "ETag": response.headers["etag"]})
    return response
