"""A person of the demo at the public addresses: session, CSRF token, patience with a server that restarts."""

import asyncio
from typing import Any

import httpx

TIMEOUT = 8.0
PATIENCE = 1.0
"""Seconds before trying again what did not reach the server."""


class Refused(Exception):
    """The server understood and said no."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.status_code} {answer.request.url.path}: {answer.text[:300]}")
        self.status = answer.status_code
        self.facts = _problem(answer)
        self.code = str(self.facts.get("type", "")).removeprefix("/problems/")
        """Of the problem document; empty when the answer was none."""


class Caller:
    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, trust_env=False, headers={"Accept-Language": "ko"}
        )

    async def log_in(self, username: str, password: str) -> None:
        await self.patiently("GET", "/accounts/login/")
        form = {"login": username, "password": password, "csrfmiddlewaretoken": self._token()}
        answer = await self.patiently("POST", "/accounts/login/", data=form)
        if answer.status_code != 302:
            raise Refused(answer)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON, as it came
        return _body(await self.patiently("GET", path))

    async def post(self, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - JSON, as it came
        headers |= {"X-CSRFToken": self._token()} if self._token() else {}
        return _body(await self.patiently("POST", path, json=body, headers=headers))

    async def patiently(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """The answer, however long the server is away or busy."""
        while True:
            try:
                answer = await self.http.request(method, path, **request)
                if not _passes(answer):
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(PATIENCE)

    def _token(self) -> str:
        return self.http.cookies.get("csrftoken") or ""


def _passes(answer: httpx.Response) -> bool:
    """Whether the same call may succeed later. A 429 that names no time never will."""
    too_often = answer.status_code == 429 and "retry-after" in answer.headers
    return answer.status_code >= 500 or answer.status_code == 408 or too_often


def _problem(answer: httpx.Response) -> dict[str, Any]:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        facts: dict[str, Any] = answer.json()
        return facts
    return {}


def _body(answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON, as it came
    if answer.is_error:
        raise Refused(answer)
    return answer.json() if answer.content else None
