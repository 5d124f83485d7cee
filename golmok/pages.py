"""Django behind the event loop: a thread is taken for a whole request and kept for no slow network.

As WSGI in threads Django is ten times faster than on its own ASGI path (docs/decisions). But the threads are
few, and a client that sends its form drop by drop, or reads its page so, would hold one. So forms are read
and pages are sent here, and a thread sees neither.
"""

import asyncio
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from golmok.answers import problem_response
from golmok.messages import preferred_language, text
from golmok.problems import Problem

LARGEST_FORM = 1024 * 1024
LARGEST_UPLOAD = 9 * 1024 * 1024
"""Bytes of a form with files in it: a phone's photograph."""
SMALL = 64 * 1024
MOST_HELD = 64 * 1024 * 1024
"""Bytes of all bodies together; beyond it only small ones are taken."""
BODY_PATIENCE = 20.0
"""Seconds a body may take."""
SLOWEST = 32 * 1024
"""Bytes a second; a large body may take longer, but not be slower."""
MOST_WAITING = 2000
"""Requests that may wait for a thread: about what the threads answer in ten seconds on two cores."""
QUEUE_PATIENCE = 10.0
"""Seconds a request waits for a thread: a browser shows the last page as long, then people press again."""
COME_BACK = "3"
"""Seconds, for Retry-After."""


class Pages:
    """A WSGI application as ASGI; whoever is slow is slow to the event loop alone."""

    def __init__(self, wsgi: object, threads: int) -> None:
        self._app = cast(ASGIApp, WSGIMiddleware(cast(Any, wsgi), workers=threads))
        self._free = asyncio.Semaphore(threads)
        self._waiting = 0
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, body = Request(scope, receive), bytearray()
        try:
            await self._read(request, body)
            answer = await self._answer(scope, bytes(body))
        except Problem as problem:
            await _refusal(problem, request)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        finally:
            self._held -= len(body)
        for message in answer:
            await send(message)

    async def _read(self, request: Request, body: bytearray) -> None:
        """The body, refused as soon as it grows too large or comes too slowly."""
        most = _most(request)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            raise Problem(413, "too-much", headers={"Connection": "close"})
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(BODY_PATIENCE) as limit:
                async for piece in request.stream():
                    self._take(piece, body, most)
                    limit.reschedule(began + BODY_PATIENCE + len(body) / SLOWEST)
        except TimeoutError:
            raise Problem(408, "request-too-slow", headers={"Connection": "close"}) from None

    def _take(self, piece: bytes, body: bytearray, most: int) -> None:
        body += piece
        self._held += len(piece)
        if len(body) > most:
            raise Problem(413, "too-much", headers={"Connection": "close"})
        if self._held > MOST_HELD and len(body) > SMALL:
            raise _too_busy()

    async def _answer(self, scope: Scope, body: bytes) -> list[Message]:
        """All the thread had to say, once it is free again."""
        said: list[Message] = []

        async def whole_body() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def hear(message: Message) -> None:
            said.append(message)

        await self._take_a_thread()
        try:
            await self._app(scope, whole_body, hear)
        finally:
            self._free.release()
        return _joined(said)

    async def _take_a_thread(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise _too_busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(QUEUE_PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise _too_busy() from None
        finally:
            self._waiting -= 1


def _most(request: Request) -> int:
    with_files = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    return LARGEST_UPLOAD if with_files else LARGEST_FORM


def _too_busy() -> Problem:
    return Problem(503, "too-busy", headers={"Retry-After": COME_BACK, "Connection": "close"})


def _refusal(problem: Problem, request: Request) -> Response:
    """A problem document for a program, plain words for a person's browser."""
    problem.headers["Cache-Control"] = "no-store"
    if "text/html" not in request.headers.get("accept", ""):
        return problem_response(problem, request)
    language = preferred_language(request.headers.get("accept-language", ""))
    words = [text(f"problem-{problem.code}{part}", language) for part in ("", "-detail")]
    return PlainTextResponse("\n".join(words) + "\n", problem.status, problem.headers)


def _joined(said: list[Message]) -> list[Message]:
    """The head, and the pieces of the body as one."""
    body = b"".join(message["body"] for message in said[1:])
    return [*said[:1], {"type": "http.response.body", "body": body}] if said else []
