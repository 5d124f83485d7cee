"""Somebody buying: the till's requests as a browser sends them."""

from typing import Any, TypeAlias
from uuid import uuid4

import httpx

from golmok.domain.shops.models import Variant
from golmok.web.till.passes import BuyerPass, mint
from tests.web.festa_day import FestaDay

Json: TypeAlias = Any
"""A parsed body; the assertions on it are its type check."""

PATH = "/api/v1/checkouts"
FORM = {
    "name": "김서울",
    "phone": "010 1234 5678",
    "postcode": "08754",
    "address": "서울 관악구 난곡로 2",
}


class Buyer:
    def __init__(self, till: httpx.Client, language: str = "ko", token: str | None = None) -> None:
        self.till = till
        self.buyer = f"guest:{uuid4().hex}"
        token = mint(BuyerPass(self.buyer, None)) if token is None else token
        self.headers = {"Accept-Language": language, "Authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        return self.till.request(method, path, json=body, headers=self.headers | headers)

    def start(self, day: FestaDay, quantity: object = 1, *more: tuple[Variant, int]) -> httpx.Response:
        chosen = [(day.variant, quantity), *more]
        lines = [{"variant": one.pk, "quantity": many, "show": day.show.pk} for one, many in chosen]
        return self.send("POST", PATH, {"lines": lines})

    def keep(self, day: FestaDay, quantity: int = 1, *more: tuple[Variant, int]) -> Json:
        return said(self.start(day, quantity, *more), 201)

    def order(
        self, kept: Json, *, key: str = "", fulfilment: str = "parcel", memo: str = "", **typed: object
    ) -> httpx.Response:
        wishes = [{"shop": shop["id"], "fulfilment": fulfilment, "memo": memo} for shop in kept["shops"]]
        form = {**FORM, "shops": wishes, **typed}
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self.send("POST", f"{PATH}/{kept['id']}/orders", form, **headers)

    def place(self, kept: Json) -> Json:
        return said(self.order(kept), 201)

    def pay(self, placed: Json, outcome: str = "approve") -> httpx.Response:
        payment = placed["payment"]
        return self.send("POST", payment["pay_url"], {"outcome": outcome, "reference": payment["reference"]})

    def look(self, kept: Json) -> httpx.Response:
        return self.send("GET", f"{PATH}/{kept['id']}")


def said(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    assert response.headers["Cache-Control"] == "no-store"
    return response.json()


def problem(response: httpx.Response, status: int, code: str) -> Json:
    """The problem document of a refusal."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["type"] == f"/problems/{code}"
    assert document["title"] and document["detail"]
    return document
