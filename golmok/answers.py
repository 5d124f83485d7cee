"""Problems as answers of the hot and live addresses, in the caller's language."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from golmok.messages import preferred_language
from golmok.problems import MEDIA_TYPE, Problem

Endpoint = Callable[[Request], Awaitable[Response]]


def problem_response(problem: Problem, request: Request) -> Response:
    language = preferred_language(request.headers.get("accept-language", ""))
    return Response(problem.body(language), problem.status, problem.headers, MEDIA_TYPE)


def answering(endpoint: Endpoint) -> Endpoint:
    """`endpoint`, with the problems it raises as its answers."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Problem as problem:
            return problem_response(problem, request)

    return answer
