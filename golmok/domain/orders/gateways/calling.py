"""Calling a gateway's API: what came back, or that nobody knows."""

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

import httpx

from golmok.domain.orders.gateways.gateway import Unreachable

Json: TypeAlias = dict[str, Any]
PATIENCE = httpx.Timeout(30, connect=5)
"""Seconds. A card company may take its time; who waits is a buyer whose money may be on the way."""


async def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: Json | None = None,
    patience: httpx.Timeout = PATIENCE,
) -> tuple[int, Json]:
    """Status and JSON object of the answer.

    Raises Unreachable for no answer, 429, 5xx, and whatever is no JSON object: what was asked for may have
    been done. Its words carry neither headers nor bodies.
    """
    try:
        async with httpx.AsyncClient(verify=_trusted(), timeout=patience) as client:
            answer = await client.request(method, url, headers=dict(headers), json=body)
    except httpx.HTTPError as lost:
        raise Unreachable(f"{method} {url}: {type(lost).__name__}") from None
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise Unreachable(f"{method} {url}: {answer.status_code}")
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unreachable(f"{method} {url}: {answer.status_code} without a JSON object")
    return answer.status_code, said


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes tens of milliseconds; once is enough."""
    return httpx.create_ssl_context()
