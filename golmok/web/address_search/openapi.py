"""The address search in the one OpenAPI document."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from golmok.problems import MEDIA_TYPE
from golmok.web.address_search.counter import PATH, AddressList, SearchIn

Json = dict[str, Any]
REFERENCES = "#/components/schemas/{model}"
SHAPES: tuple[type[BaseModel], ...] = (SearchIn, AddressList)
REFUSALS = (401, 404, 413, 422, 429, 503)


def add_address_search(schema: Json) -> None:
    """Describe it beside what Django answers; where it is not set up the address answers 404."""
    schema["paths"][PATH] = {
        "post": {
            "operationId": "search_addresses",
            "summary": "Look for an address and its postcode",
            "tags": ["buying"],
            "security": [{"BuyerPass": []}],
            "requestBody": {"required": True, "content": {"application/json": _of(SearchIn.__name__)}},
            "responses": {
                200: {"description": "OK", "content": {"application/json": _of(AddressList.__name__)}},
                **{
                    status: {"description": "A problem", "content": {MEDIA_TYPE: _of("ProblemDocument")}}
                    for status in REFUSALS
                },
            },
        }
    }
    _, described = models_json_schema([(shape, "validation") for shape in SHAPES], ref_template=REFERENCES)
    for name, shape in described["$defs"].items():
        schema["components"]["schemas"].setdefault(name, shape)


def _of(model: str) -> Json:
    return {"schema": {"$ref": REFERENCES.format(model=model)}}
