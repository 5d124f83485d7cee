"""Under the live addresses there are no pages: what no route answers is refused there as a problem."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from golmok.answers import problem_response
from golmok.problems import Problem

OURS = (
    "/live/{rest:path}",
    "/shows/{show}/index.m3u8",
    "/shows/{show}/feed/{rest:path}",
    "/shows/{show}/source/{rest:path}",
    "/shows/{show}/saver/{rest:path}",
)


class Strays:
    """404 for an address that does not exist, 405 for one that is asked in the wrong way."""

    def __init__(self, known: Sequence[BaseRoute]) -> None:
        self._known = known

    @property
    def routes(self) -> list[Route]:
        """To stand behind the `known` ones."""
        return [Route(path, self, methods=None) for path in OURS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._refusal(Request(scope))(scope, receive, send)

    def _refusal(self, request: Request) -> Response:
        ways = self._ways(request.scope)
        problem = Problem(405, "not-this-way") if ways else Problem(404, "not-here")
        problem.headers = {"Cache-Control": "no-store"} | ({"Allow": ", ".join(ways)} if ways else {})
        return problem_response(problem, request)

    def _ways(self, scope: Scope) -> list[str]:
        """The methods that the address knows."""
        fits = [route for route in self._known if route.matches(scope)[0] is not Match.NONE]
        return sorted({way for route in fits if isinstance(route, Route) for way in route.methods or ()})
