"""docs/reference/api.md lists the operations of the API as the API describes itself."""

import pytest

from golmok.web.api.application import api
from tests.docs.pages import REFERENCE, rows

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def described() -> dict[str, list[str]]:
    """Method and address of each operation, with its summary."""
    return {
        f"{method.upper()} {path}": [operation["summary"]]
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


def test_the_page_lists_every_operation_with_its_summary(described: dict[str, list[str]]) -> None:
    assert rows(REFERENCE / "api.md") == described
