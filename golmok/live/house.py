"""The live house: every room this process owns, and the addresses that reach them."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from golmok.answers import answering, problem_response
from golmok.bodies import read_body
from golmok.live import chat, passes, pull, push
from golmok.live.ended import ShowOver, settle, stream_gone
from golmok.live.folder import FeedFolder
from golmok.live.limits import Limiter
from golmok.live.opening import open_room
from golmok.live.passes import RoomPass
from golmok.live.push import Stream, parse_position
from golmok.live.room import Ports, Room
from golmok.problems import Problem
from golmok.show_id import SHOW_ID

EPOCH = re.compile(r"[a-z0-9]{1,16}")
CHUNK = re.compile(r"0|[1-9][0-9]{0,11}")
BODY_BYTES = 4 * 1024
MOST_HEARTS = 20
STREAMS_PER_ADDRESS = 2000
"""Open streams of one address: a school or a market shares one, a flood does not stop there."""
TELL_EVERY = 0.1
"""Seconds. In a drop every commit wakes the room, many times for each chunk that it may write."""
POLL_EVERY = 2.0
"""Seconds; the net under lost wake-ups."""

log = logging.getLogger(__name__)


class LiveHouse:
    """Opens rooms on demand, tells them the domain's facts, serves their feeds."""

    def __init__(self, folder: Path, ports: Ports, pass_key: str) -> None:
        self._folder = folder
        self._ports = ports
        self._pass_key = pass_key
        self._rooms: dict[str, asyncio.Task[Room]] = {}
        self._pictures: dict[str, str] = {}
        """The last word of the media house on each show's picture."""
        self._settling: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._wake = asyncio.Event()
        self._teller: asyncio.Task[None] | None = None
        self._stopped = False
        self._streams: dict[str, int] = {}
        self._chat_limit = Limiter(5, 10)
        self._host_limit = Limiter(20, 10)
        self._heart_limit = Limiter(60, 10)
        self._address_limit = Limiter(120, 10)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/live/{show}/events", _Asgi(self._events), methods=["GET"]),
            Route("/live/{show}/chat", answering(self._chat), methods=["POST"]),
            Route("/live/{show}/hearts", answering(self._hearts), methods=["POST"]),
            Route("/shows/{show}/feed/state.json", answering(self._state), methods=["GET"]),
            Route("/shows/{show}/feed/{epoch}/{chunk}.json", answering(self._chunk), methods=["GET"]),
        ]

    async def start(self) -> None:
        self._teller = asyncio.create_task(self._tell(), name="tell rooms their facts")

    async def stop(self) -> None:
        """Ends every stream and room, and opens none again."""
        self._stopped = True
        if self._teller is not None:
            await _cancel(self._teller, *self._settling.values())
        await asyncio.gather(*(room.stop() for room in await self._open_rooms()))

    def wake(self, show_id: str) -> None:
        """Facts wait for this show. Call it on the house's own loop."""
        self._woken.add(show_id)
        self._wake.set()

    async def picture_changed(self, show_id: str, state: str) -> None:
        """flowing, stalled or none."""
        self._pictures[show_id] = state
        try:
            (await self._room(show_id)).picture(state)
        except ShowOver:
            log.debug("show %s is over; that its picture is %s is no news", show_id, state)
        except Problem:
            log.warning("show %s: nobody to tell that the picture is %s", show_id, state)

    # --- rooms

    async def _room(self, show_id: str) -> Room:
        """The open room. Callers that arrive while it opens share one opening. Raises Problem.

        ShowOver when the log on disk says that the show has ended: its folder stays as it is.
        """
        if self._stopped:
            raise Problem(503, "room-elsewhere", headers={"Retry-After": "2"})
        opening = self._rooms.get(show_id)
        if opening is None or (opening.done() and _unusable(opening)):
            opening = asyncio.create_task(self._open(show_id))
            self._rooms[show_id] = opening
        return await asyncio.shield(opening)

    async def _open(self, show_id: str) -> Room:
        if not SHOW_ID.fullmatch(show_id):
            raise Problem(404, "show-not-found")
        if await self._snapshot_at_rest(show_id) is not None:
            raise ShowOver
        with _reachable(show_id):
            room = await open_room(show_id, self._feed_folder(show_id), self._ports)
        if show_id in self._pictures:
            room.picture(self._pictures[show_id])
        return room

    def _running(self, show_id: str) -> Room | None:
        """The room if it is open already."""
        opening = self._rooms.get(show_id)
        if opening is None or not opening.done() or _unusable(opening):
            return None
        return opening.result()

    async def _open_rooms(self) -> list[Room]:
        rooms = await asyncio.gather(*self._rooms.values(), return_exceptions=True)
        return [room for room in rooms if isinstance(room, Room)]

    async def _tell(self) -> None:
        """Wake-ups at once, but no more often than `TELL_EVERY`; whatever else waits every `POLL_EVERY`."""
        poll_at = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(poll_at - time.monotonic()):
                    await self._wake.wait()
            except TimeoutError:
                poll_at = time.monotonic() + POLL_EVERY
                await self._look_for_untold()
            began = time.monotonic()
            self._wake.clear()
            woken, self._woken = self._woken, set()
            for show_id in sorted(woken):
                await self._tell_room(show_id)
            self._forget()
            await asyncio.sleep(max(0.0, began + TELL_EVERY - time.monotonic()))

    async def _look_for_untold(self) -> None:
        try:
            self._woken.update(await self._ports.outbox.shows_with_untold())
        except Exception:
            log.exception("nobody could say which facts are untold; asking again")

    async def _tell_room(self, show_id: str) -> None:
        """A room that cannot be told now is found by the next look, and holds up no other."""
        try:
            await (await self._room(show_id)).drain()
        except ShowOver:
            self._settle(show_id)
        except Problem as problem:
            log.info("show %s cannot be told now: %s", show_id, problem.code)
        except Exception:
            log.exception("show %s was not told its facts; trying again", show_id)

    def _settle(self, show_id: str) -> None:
        """Late facts of an ended show, beside the others: what its end asks for may take a while."""
        if show_id not in self._settling:
            self._settling[show_id] = asyncio.create_task(self._settle_at_rest(show_id))

    async def _settle_at_rest(self, show_id: str) -> None:
        try:
            await settle(show_id, self._ports)
        except Exception:
            log.exception("late facts of show %s were not settled; trying again", show_id)
        finally:
            del self._settling[show_id]

    def _forget(self) -> None:
        for show_id, opening in list(self._rooms.items()):
            if opening.done() and _unusable(opening):
                del self._rooms[show_id]

    def _feed_folder(self, show_id: str) -> FeedFolder:
        return FeedFolder(self._folder / show_id)

    async def _snapshot_at_rest(self, show_id: str) -> bytes | None:
        return await asyncio.to_thread(self._feed_folder(show_id).snapshot_at_rest)

    # --- reading

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "HEAD":
            await self._look_in(_show_id(request))
            return await push.headers_only(scope, receive, send)
        address = _address(request)
        if self._streams.get(address, 0) >= STREAMS_PER_ADDRESS:
            raise Problem(429, "too-many-streams", headers={"Retry-After": "30"})
        room = await self._watched(request.path_params["show"])
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        self._streams[address] = self._streams.get(address, 0) + 1
        try:
            counted = request.query_params.get("silent") != "1"
            stream = Stream(room, parse_position(last) if last else None, counted=counted)
            await stream(scope, receive, send)
        finally:
            self._streams[address] -= 1
            if not self._streams[address]:
                del self._streams[address]

    async def _watched(self, show_id: str) -> Room:
        """The room of a show that can be watched. Raises Problem."""
        try:
            room = await self._room(show_id)
        except ShowOver as over:
            raise stream_gone() from over
        if room.at_rest:
            raise stream_gone()
        return room

    async def _look_in(self, show_id: str) -> None:
        """Raises Problem for a show that cannot be watched, and opens no room for one that can."""
        room = self._running(show_id)
        over = room.at_rest if room else await self._snapshot_at_rest(show_id) is not None
        if over:
            raise stream_gone()
        with _reachable(show_id):
            if room is None and await self._ports.facts.load(show_id) is None:
                raise Problem(404, "show-not-found")

    async def _state(self, request: Request) -> Response:
        show_id = _show_id(request)
        room = self._running(show_id)
        if room is None:
            at_rest = await self._snapshot_at_rest(show_id)
            if at_rest is not None:
                return pull.snapshot(at_rest)
            room = await self._room(show_id)
        room.touch()
        return pull.snapshot(room.feed.snapshot())

    async def _chunk(self, request: Request) -> Response:
        show_id, epoch, chunk = _show_id(request), request.path_params["epoch"], request.path_params["chunk"]
        if not (EPOCH.fullmatch(epoch) and CHUNK.fullmatch(chunk)):
            raise pull.not_here()
        number = int(chunk)
        kept = await pull.chunk_on_disk(self._feed_folder(show_id), epoch, number)
        if kept is not None:
            return kept
        try:
            room = await self._room(show_id)
        except ShowOver as over:
            raise pull.not_here() from over
        room.touch()
        return await pull.next_chunk(room, epoch, number)

    # --- writing

    async def _chat(self, request: Request) -> Response:
        room_pass = self._admit(request)
        text = chat.clean((await _json(request)).get("text"))
        limit = self._chat_limit if room_pass.role == "viewer" else self._host_limit
        limit.take(room_pass.subject)
        room = await self._room(room_pass.show)
        return JSONResponse({"id": await room.say(room_pass, text)}, 202)

    async def _hearts(self, request: Request) -> Response:
        room_pass = self._admit(request)
        count = (await _json(request)).get("count")
        if type(count) is not int or not 1 <= count <= MOST_HEARTS:
            raise Problem(422, "bad-hearts", {"most": MOST_HEARTS})
        self._heart_limit.take(room_pass.subject, count)
        await (await self._room(room_pass.show)).cheer(count)
        return JSONResponse({"count": count}, 202)

    def _admit(self, request: Request) -> RoomPass:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token if scheme.lower() == "bearer" else ""
        room_pass = passes.check(token, self._pass_key, _show_id(request))
        self._address_limit.take(_address(request))
        return room_pass


@contextmanager
def _reachable(show_id: str) -> Iterator[None]:
    """Whatever the world fails with, such as a database that is away, is a refusal that passes."""
    try:
        yield
    except Problem:
        raise
    except Exception as failure:
        log.exception("show %s: its room cannot be reached", show_id)
        raise Problem(503, "room-unreachable", headers={"Retry-After": "2"}) from failure


async def _cancel(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _unusable(opening: "asyncio.Task[Room]") -> bool:
    return opening.cancelled() or opening.exception() is not None or opening.result().closed.is_set()


def _show_id(request: Request) -> str:
    show_id: str = request.path_params["show"]
    if not SHOW_ID.fullmatch(show_id):
        raise Problem(404, "show-not-found")
    return show_id


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


async def _json(request: Request) -> dict[str, object]:
    """The body as an object. Raises Problem 413, 408, 400, 422."""
    body = await read_body(request, BODY_BYTES)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as unreadable:
        raise Problem(422, "message-unreadable") from unreadable
    if not isinstance(document, dict):
        raise Problem(422, "message-unreadable")
    return document


class _Asgi:
    """A bare ASGI endpoint as a Starlette route; refusals before the first byte are problems."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Problem as problem:
            await problem_response(problem, Request(scope))(scope, receive, send)
        except TimeoutError:
            log.debug("a stream that took nothing for too long was dropped")
