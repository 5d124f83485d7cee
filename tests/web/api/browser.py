"""A browser at the API: keeps its session, sends the CSRF token, speaks a language."""

from typing import Any, TypeAlias, cast
from uuid import uuid4

import orjson
from django.http import HttpResponse
from django.test import Client

from golmok.domain.accounts.models import User
from golmok.domain.shops.models import Variant
from tests.web.festa_day import FestaDay

Json: TypeAlias = Any
"""A parsed body; the assertions on it are its type check."""

API = "/api/v1"
FORM = {
    "name": "김서울",
    "phone": "010 1234 5678",
    "fulfilment": "parcel",
    "postcode": "08754",
    "address": "서울 관악구 난곡로 2",
    "memo": "",
}


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

    def delete(self, path: str) -> HttpResponse:
        return self._write("DELETE", path, None, {})

    def hold(self, day: FestaDay, quantity: int = 1, variant: Variant | None = None) -> Json:
        body = {"variant": (variant or day.variant).pk, "quantity": quantity, "show": day.show.pk}
        return said(self.post("/holds", body), 201)

    def order(self, hold_id: str, key: str = "", **typed: object) -> HttpResponse:
        key = key or uuid4().hex
        return self._write("POST", "/orders", FORM | {"hold": hold_id} | typed, {"Idempotency-Key": key})

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
