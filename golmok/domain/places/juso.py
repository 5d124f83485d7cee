"""The Korean road-name address service (https://business.juso.go.kr/addrlink, 도로명주소 검색 API) over HTTP.

The approval key travels in the body of a POST: addresses end up in logs, ours and those on the way.
"""

import re
import ssl
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import httpx

from golmok.domain.places.addresses import Address, SearchDown, TooVague

PATH = "/addrlink/addrLinkApi.do"
MOST = 10
LONGEST = 80
PATIENCE = httpx.Timeout(3, connect=2)
"""Seconds. Who waits can type the address meanwhile."""
UNSEARCHABLE = re.compile(r"[%=><\[\]]")
"""Signs for which the service refuses a search."""
OURS_TO_MEND = {"-999", "E0001", "E0014"}
"""A fault of the service, a key it does not know, a key that ran out; any other code is about the words."""


class Juso:
    def __init__(self, key: str, api: str) -> None:
        self._key = key
        self._url = api + PATH

    async def search(self, words: str) -> Sequence[Address]:
        keyword = " ".join(UNSEARCHABLE.sub(" ", words).split())[:LONGEST]
        if len(keyword) < 2:
            raise TooVague
        results = await self._ask(keyword)
        common = results.get("common")
        code = str(common.get("errorCode")) if isinstance(common, Mapping) else "no code"
        if code in OURS_TO_MEND or not re.fullmatch(r"0|E\d+", code):
            raise SearchDown(f"juso {code}")
        if code != "0":
            raise TooVague
        return [_address(found) for found in results.get("juso") or []]

    async def _ask(self, keyword: str) -> Mapping[str, Any]:
        form = {
            "confmKey": self._key,
            "keyword": keyword,
            "resultType": "json",
            "currentPage": "1",
            "countPerPage": str(MOST),
        }
        try:
            async with httpx.AsyncClient(verify=_trusted(), timeout=PATIENCE) as client:
                answer = await client.post(self._url, data=form)
            results = answer.raise_for_status().json()["results"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as lost:
            raise SearchDown(f"juso: {type(lost).__name__}") from None
        if not isinstance(results, Mapping):
            raise SearchDown("juso: no results")
        return results


def _address(found: Mapping[str, str]) -> Address:
    return Address(
        str(found.get("zipNo", "")), str(found.get("roadAddr", "")), str(found.get("jibunAddr", ""))
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes tens of milliseconds; once is enough."""
    return httpx.create_ssl_context()
