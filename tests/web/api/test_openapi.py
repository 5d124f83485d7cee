"""The API describes itself."""

import pytest

from tests.web.api.browser import Browser, Json, said

OPERATIONS = {
    "list_shows", "show", "me", "choose_nickname", "become_buyer", "cart", "put_in_cart", "empty_cart",
    "start_checkout", "place_in_line", "leave_line", "my_waiting", "wait_for",
    "wait_no_more", "checkout", "give_up_checkout", "extend_checkout",
    "place_orders", "pay_by_test_gateway", "own_orders", "own_order", "cancel_order", "find_order",
    "go_on_air", "end_show", "pin", "unpin", "mark_sold_out", "reopen_sales", "return_from_window", "webhook",
    "search_addresses",
}  # fmt: skip


@pytest.fixture
def document(db: None) -> Json:
    return said(Browser().get("/openapi.json"))


def test_it_lists_every_operation_once_with_summary_and_answers(document: Json) -> None:
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert sorted(operation["operationId"] for operation in operations) == sorted(OPERATIONS)
    for operation in operations:
        assert operation["summary"]
        assert any(status < "300" for status in map(str, operation["responses"]))


def test_refusals_are_described_as_problem_documents(document: Json) -> None:
    start = document["paths"]["/api/v1/checkouts"]["post"]["responses"]
    assert start["409"]["content"]["application/problem+json"]["schema"]["$ref"].endswith("ProblemDocument")


def test_every_reference_in_it_leads_somewhere(document: Json) -> None:
    schemas = document["components"]["schemas"]
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_ordering_demands_the_idempotency_key(document: Json) -> None:
    parameters = document["paths"]["/api/v1/checkouts/{checkout}/orders"]["post"]["parameters"]
    assert [(one["name"], one["in"], one["required"]) for one in parameters] == [
        ("checkout", "path", True),
        ("Idempotency-Key", "header", True),
    ]


def _references(node: Json) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in _references(value)]
    return [found for value in node for found in _references(value)] if isinstance(node, list) else []
