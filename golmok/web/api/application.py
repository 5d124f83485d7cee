"""The JSON API, `/api/v1/`: everything a page or a program may ask of Golmok."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from golmok.problems import MEDIA_TYPE, Problem
from golmok.web.address_search.openapi import add_address_search
from golmok.web.api import cart, me, orders, shows, studio
from golmok.web.api.problems import handle_problems, problem_response
from golmok.web.api.rendering import OrjsonRenderer
from golmok.web.api.strays import router as strays
from golmok.web.till.openapi import add_till

DESCRIPTION = """Public reads need nothing and may be cached. Everything else uses the session cookie; a write
also carries the token of `GET /me` as `X-CSRFToken`; the till, `/checkouts`, takes the buyer pass of
`GET /me` as bearer token instead of the cookie. Words come in the language of `Accept-Language`
(`ko`, `en`). Amounts are whole won, moments ISO 8601. Every error is a problem document (RFC 9457)."""


class Api(NinjaAPI):
    """Ninja answers a wrong method in plain text by itself; here that is a problem document too."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Ninja's description, its refusals marked as the problem documents they are."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        add_till(schema)
        add_address_search(schema)
        for path in schema["paths"].values():
            for operation in path.values():
                _describe_refusals(operation["responses"])
        return schema

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls: list[URLResolver | URLPattern] = super()._get_urls()
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback = _wrong_method_as_problem(url.callback)
        return urls


def _describe_refusals(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if int(status) >= 400 and "application/json" in response.get("content", {}):
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}


def _wrong_method_as_problem(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        return problem_response(Problem(405, "not-this-way", headers={"Allow": response["Allow"]}))

    return answer


api = Api(
    title="Golmok",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    renderer=OrjsonRenderer(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
handle_problems(api)
api.add_router("shows", shows.router, tags=["shows"])
api.add_router("me", me.router, tags=["me"])
api.add_router("cart", cart.router, tags=["buying"])
api.add_router("orders", orders.router, tags=["buying"])
api.add_router("studio", studio.router, tags=["studio"])
api.add_router("", strays)
