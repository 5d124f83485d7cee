"""The till as a bare ASGI application; `door.TillDoor` is the shorter way to the same counter."""

import asyncio

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from golmok.bodies import read_body
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.web.till.asked import MOST_BYTES, PATH, Answer, Asked, refusal
from golmok.web.till.counter import Counter


class TillApp:
    """Everything under `PATH`."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive))
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, request: Request) -> Answer:
        try:
            body = await read_body(request, MOST_BYTES)
        except Problem as problem:
            return refusal(problem, preferred_language(request.headers.get("accept-language", "")))
        return await self._asked(_asked(request, body))

    async def _asked(self, asked: Asked) -> Answer:
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def reply(answer: Answer) -> None:
            if not answered.done():
                answered.set_result(answer)

        self.counter.handle(asked, reply)
        return await answered


def serves(path: str) -> bool:
    return path == PATH or path.startswith(PATH + "/")


def _asked(request: Request, body: bytes) -> Asked:
    path = request.scope["path"].removeprefix(PATH).strip("/")
    address = request.client.host if request.client else ""
    return Asked(request.method, path, dict(request.scope["headers"]), address, body)
