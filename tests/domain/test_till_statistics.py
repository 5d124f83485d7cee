"""PostgreSQL's planner hears of a drop while it lasts."""

import time

import pytest
from django.db import connection

from golmok.domain.orders.till import statistics
from golmok.domain.orders.till.statistics import keep_statistics
from tests.buying import hold
from tests.domain.conftest import open_show

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's planner keeps no such numbers")
def test_tables_that_grew_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "ENOUGH", 10)
    with connection.cursor() as cursor:
        # What earlier tests changed is not this drop's.
        cursor.execute("ANALYZE")
        variant = open_show(units=50)
        for n in range(30):
            hold(variant, buyer=f"guest:{n}")
        cursor.execute("SELECT pg_stat_force_next_flush()")
    looked_at = _looked_at_soon()
    assert {"orders_checkout", "orders_hold"} <= set(looked_at)
    assert "orders_order" not in looked_at
    assert keep_statistics() == []


def _looked_at_soon() -> list[str]:
    """The counters reach the planner's tables a moment later."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := keep_statistics():
            return found
        time.sleep(0.05)
    return []


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL's planner needs them")
def test_other_databases_need_none() -> None:
    assert keep_statistics() == []
