"""A browser at the API: keeps its session, sends the CSRF token, speaks a language."""

from typing import Any, TypeAlias, cast

import orjson
from django.http import HttpResponse
from django.test import Client

from golmok.domain.accounts.models import User
from golmok.web.till.passes import check

Json: TypeAlias = Any
"""A parsed body; the assertions on it are its type check."""

API = "/api/v1"


class Browser:
    def __init__(self, user: User | None = None, language: str = "ko") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Accept-Language": language}
        if user:
            self.client.force_login(user, "django.contrib.auth.backends.ModelBackend")

    def get(self, path: str) -> HttpResponse:
        return cast(HttpResponse, self.client.get(API + path, headers=self.headers))

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self._write("POST", path, body, headers)

    def put(self, path: str, body: object) -> HttpResponse:
        return self._write("PUT", path, body, {})

    def delete(self, path: str) -> HttpResponse:
        return self._write("DELETE", path, None, {})

    def buyer(self) -> str:
        """Who this browser buys as; a guest becomes somebody by asking."""
        return check(said(self.post("/me/buyer"))["buyer_pass"]).buyer

    def _write(self, method: str, path: str, body: object, headers: dict[str, str]) -> HttpResponse:
        token = said(self.get("/me"))["csrf"]
        response = self.client.generic(
            method,
            API + path,
            orjson.dumps(body) if body is not None else b"",
            "application/json",
            headers=self.headers | {"X-CSRFToken": token} | headers,
        )
        return cast(HttpResponse, response)


def said(response: HttpResponse, status: int = 200) -> Json:
    assert response.status_code == status, response.content.decode()
    return orjson.loads(response.content)


def problem(response: HttpResponse, status: int, code: str) -> Json:
    """The problem document of a refusal."""
    document = said(response, status)
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert document["type"] == f"/problems/{code}"
    assert document["status"] == status
    assert document["title"] and document["detail"]
    return document
