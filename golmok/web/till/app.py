"""The till as a bare ASGI application: at drop speed a framework's routing and middleware cost more than
the sale itself."""

import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from golmok.answers import problem_response
from golmok.problems import Problem
from golmok.web.till.counter import Answer, Counter

PATH = "/api/v1/checkouts"
log = logging.getLogger(__name__)
Handler = Callable[[Request, str], Awaitable[Answer]]


class TillApp:
    """Everything under `PATH`."""

    def __init__(self, counter: Counter) -> None:
        self._start = counter.start
        self._of_one: dict[str, dict[str, Handler]] = {
            "": {"GET": counter.look, "DELETE": counter.give_up},
            "more-time": {"POST": counter.extend},
            "orders": {"POST": counter.place},
            "payments/test": {"POST": counter.pay},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request, scope["method"], scope["path"].removeprefix(PATH))
        except Problem as problem:
            await problem_response(problem, request)(scope, receive, send)
        except Exception:
            log.exception("unhandled at the till")
            await problem_response(Problem(500, "our-fault"), request)(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, request: Request, method: str, path: str) -> Answer:
        key, _, what = path.strip("/").partition("/")
        if not key:
            if method != "POST":
                raise _wrong_method(["POST"])
            return await self._start(request)
        handlers = self._of_one.get(what)
        if handlers is None:
            raise Problem(404, "not-here")
        if method not in handlers:
            raise _wrong_method(handlers)
        return await handlers[method](request, _checkout(key))


def serves(path: str) -> bool:
    return path == PATH or path.startswith(PATH + "/")


def _wrong_method(allowed: "dict[str, Handler] | list[str]") -> Problem:
    return Problem(405, "not-this-way", headers={"Allow": ", ".join(allowed)})


def _checkout(key: str) -> str:
    """The key in the till's writing. Raises Problem 404."""
    try:
        return UUID(key).hex
    except ValueError as malformed:
        raise Problem(404, "checkout-unknown") from malformed
