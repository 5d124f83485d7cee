"""However long a waiting list is, its beginning is read from an index in the order of arrival."""

from typing import Any, cast

import pytest
from django.db import connection
from django.utils import timezone

from golmok.domain.orders.till import serving
from golmok.domain.orders.till.dialects import listed
from golmok.domain.orders.till.tables import moment, tables

pytestmark = pytest.mark.django_db


def plan(statement: str, *values: object) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}", cast(Any, values))
        return "\n".join(str(row) for row in cursor.fetchall())


def test_the_heads_are_read_in_order() -> None:
    tables().dialect.begin()
    found = plan(serving.first_of_lists(), listed([1, 2]), moment(timezone.now()))
    assert "waiting_in_order" in found
    assert "waits_once" not in found and "place_given_once" not in found
