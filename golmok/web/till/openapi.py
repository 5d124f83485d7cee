"""The till's part of the one OpenAPI document."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from golmok.problems import MEDIA_TYPE
from golmok.web.till.asked import PATH
from golmok.web.till.in_line import WHERE
from golmok.web.till.payments import GATEWAYS
from golmok.web.till.shapes import (
    CheckoutIn,
    CheckoutOut,
    OrdersIn,
    PaymentIn,
    PlaceOut,
    ReturnedIn,
    WaitIn,
    WaitingOut,
)
from golmok.web.till.waiting import PATH as WAITING

Json = dict[str, Any]
REFERENCES = "#/components/schemas/{model}"
SHAPES: tuple[type[BaseModel], ...] = (
    CheckoutIn,
    CheckoutOut,
    OrdersIn,
    PaymentIn,
    PlaceOut,
    ReturnedIn,
    WaitIn,
    WaitingOut,
)
ONE = PATH + "/{checkout}"
LINE = f"{PATH}/{WHERE}"
WAITED_FOR = WAITING + "/{variant}"
VARIANT: Json = {"name": "variant", "in": "path", "required": True, "schema": {"type": "integer"}}
KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 64},
}
CHECKOUT: Json = {
    "name": "checkout",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}


GATEWAY: Json = {"name": "gateway", "in": "path", "required": True, "schema": {"type": "string"}}


@dataclass(frozen=True)
class Operation:
    path: str
    method: str
    name: str
    summary: str
    body: type[BaseModel] | None = None
    status: int = 200
    refusals: tuple[int, ...] = (401, 404, 409, 429)
    parameters: tuple[Json, ...] = field(default=())
    may_wait: bool = False
    """Whether the answer may be a place in the line."""
    answer: type[BaseModel] | None = CheckoutOut
    """None for an empty object."""
    is_public: bool = False
    """Whether it is asked without a buyer pass."""

    def document(self) -> Json:
        path = (CHECKOUT,) if "{checkout}" in self.path else ()
        refusals = (*self.refusals, 413, 422) if self.body else self.refusals
        document: Json = {
            "operationId": self.name,
            "summary": self.summary,
            "tags": ["buying"],
            "security": [] if self.is_public else [{"BuyerPass": []}],
            "parameters": [*path, *self.parameters],
            "responses": {
                self.status: _json("OK", self.answer),
                **(
                    {202: _json("A place in the line: ask again after `ask_again`", PlaceOut)}
                    if self.may_wait
                    else {}
                ),
                **{status: _refusal() for status in refusals},
            },
        }
        if self.body:
            content = {"application/json": _schema(self.body.__name__)}
            document["requestBody"] = {"required": True, "content": content}
        return document


OPERATIONS = (
    Operation(
        PATH,
        "post",
        "start_checkout",
        "Keep stock for every line, or for none; in a rush, a place in the line",
        CheckoutIn,
        201,
        refusals=(401, 404, 409, 429, 503),
        may_wait=True,
    ),
    Operation(LINE, "get", "place_in_line", "My place in the line, or what came of it", may_wait=True),
    Operation(LINE, "delete", "leave_line", "Leave the line", refusals=(401, 404, 429), answer=None),
    Operation(ONE, "get", "checkout", "A checkout of mine as it stands", refusals=(401, 404)),
    Operation(ONE, "delete", "give_up_checkout", "Give the stock back before paying"),
    Operation(ONE + "/more-time", "post", "extend_checkout", "More time, once"),
    Operation(
        ONE + "/orders",
        "post",
        "place_orders",
        "Order what is kept, one order for each shop",
        OrdersIn,
        201,
        parameters=(KEY,),
    ),
    Operation(
        ONE + "/payments/test",
        "post",
        "pay_by_test_gateway",
        "Approve or decline at the test gateway; no money moves",
        PaymentIn,
    ),
    Operation(
        ONE + "/payments/{gateway}",
        "post",
        "return_from_window",
        "Back from the gateway's payment window, or to look again what became of the payment",
        ReturnedIn,
        refusals=(400, 401, 402, 404, 409, 429, 503),
        parameters=(GATEWAY,),
    ),
    Operation(
        GATEWAYS + "/{gateway}/webhook",
        "post",
        "webhook",
        "For gateways: something happened, so that Golmok asks them",
        refusals=(400, 401, 404, 413),
        parameters=(GATEWAY,),
        answer=None,
        is_public=True,
    ),
    Operation(
        WAITING,
        "get",
        "my_waiting",
        "Where I wait, and what is kept for me",
        refusals=(401, 429),
        answer=WaitingOut,
    ),
    Operation(
        WAITED_FOR,
        "put",
        "wait_for",
        "Take a place in the waiting list of a variant, or change what I wait for",
        WaitIn,
        answer=WaitingOut,
        parameters=(VARIANT,),
    ),
    Operation(
        WAITED_FOR,
        "delete",
        "wait_no_more",
        "Leave the waiting list",
        refusals=(401, 404, 429),
        answer=WaitingOut,
        parameters=(VARIANT,),
    ),
)


def add_till(schema: Json) -> None:
    """Describe the till's addresses in `schema`, beside those that Django answers."""
    for operation in OPERATIONS:
        schema["paths"].setdefault(operation.path, {})[operation.method] = operation.document()
    _, shapes = models_json_schema([(shape, "validation") for shape in SHAPES], ref_template=REFERENCES)
    for name, shape in shapes["$defs"].items():
        schema["components"]["schemas"].setdefault(name, shape)
    schemes = schema["components"].setdefault("securitySchemes", {})
    schemes["BuyerPass"] = {"type": "http", "scheme": "bearer", "description": "`buyer_pass` of `GET /me`."}


def _schema(name: str) -> Json:
    return {"schema": {"$ref": REFERENCES.format(model=name)}}


def _json(description: str, shape: type[BaseModel] | None) -> Json:
    schema = _schema(shape.__name__) if shape else {"schema": {"type": "object"}}
    return {"description": description, "content": {"application/json": schema}}


def _refusal() -> Json:
    return {"description": "A problem", "content": {MEDIA_TYPE: _schema("ProblemDocument")}}
