"""Looking for an address while ordering: asked of the service by us, so that its key never leaves the server.

In the event loop, for it waits for somebody else's server; a POST, so that no log keeps where people live.
"""

import asyncio
import logging

import orjson
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from golmok.answers import answering
from golmok.bodies import read_body
from golmok.configuration import CONFIGURATION
from golmok.domain.places.addresses import Address, AddressSearch, SearchDown, TooVague
from golmok.domain.places.juso import Juso
from golmok.live.limits import Limiter
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.signing import bearer
from golmok.web.forms import unreadable_form
from golmok.web.till.passes import check

PATH = "/api/v1/addresses/search"
MOST_BYTES = 2048
AT_ONCE = 20
"""Searches under way; one more is told to type instead of waiting behind a slow service."""

log = logging.getLogger(__name__)


class SearchIn(BaseModel):
    words: str = Field(min_length=1, max_length=200)


class AddressOut(BaseModel):
    postcode: str
    road: str
    lot: str


class AddressList(BaseModel):
    items: list[AddressOut]


def address_search_is_set_up() -> bool:
    return bool(CONFIGURATION.juso_key)


def routes() -> list[Route]:
    """None without a key: then the address means nothing."""
    if not address_search_is_set_up():
        return []
    return AddressCounter(Juso(CONFIGURATION.juso_key, CONFIGURATION.juso_api)).routes


class AddressCounter:
    """Who is ordering may search: with a buyer pass, and about as often as hands can type."""

    def __init__(self, search: AddressSearch) -> None:
        self._search = search
        self._of_buyer = Limiter(40, 60)
        self._of_address = Limiter(400, 60)
        self._under_way = asyncio.Semaphore(AT_ONCE)

    @property
    def routes(self) -> list[Route]:
        return [Route(PATH, answering(self._answer), methods=["POST"])]

    async def _answer(self, request: Request) -> Response:
        who = check(bearer(request.headers.get("authorization", "")))
        self._of_buyer.take(who.buyer)
        self._of_address.take(request.client.host if request.client else "")
        found = await self._found((await _form(request)).words)
        body = AddressList(items=[AddressOut(**vars(one)) for one in found])
        return Response(
            orjson.dumps(body.model_dump()),
            headers={"Cache-Control": "no-store"},
            media_type="application/json",
        )

    async def _found(self, words: str) -> list[Address]:
        if self._under_way.locked():
            raise Problem(503, "address-search-down")
        try:
            async with self._under_way:
                return list(await self._search.search(words))
        except TooVague as vague:
            raise Problem(422, "address-too-vague") from vague
        except SearchDown as down:
            log.warning("addresses cannot be searched: %s", down)
            raise Problem(503, "address-search-down") from down


async def _form(request: Request) -> SearchIn:
    body = await read_body(request, MOST_BYTES)
    try:
        return SearchIn.model_validate_json(body)
    except ValidationError as wrong:
        language = preferred_language(request.headers.get("accept-language", ""))
        raise unreadable_form(wrong.errors(include_url=False), language) from wrong
