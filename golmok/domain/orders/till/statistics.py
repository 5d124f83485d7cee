"""What PostgreSQL's planner believes of the till's tables, kept near the truth while a drop fills them.

Its own look comes at most once a minute. Until then it takes a table of ten thousand rows for an empty one
and reads all of it rather than look one row up; plans that are kept are made anew after each look.
"""

from django.db import connection, models

from golmok.domain.orders.models import Checkout, Hold, Order, OrderLine, PaymentEvent

TABLES: tuple[type[models.Model], ...] = (Checkout, Hold, Order, OrderLine, PaymentEvent)
ENOUGH = 1000
"""Rows added or changed that a look is worth, besides as many as it saw last: looks grow rare."""
GROWN = """
    SELECT seen.relname FROM pg_stat_user_tables AS seen JOIN pg_class ON pg_class.oid = seen.relid
    WHERE seen.relname = ANY(%s) AND n_mod_since_analyze > %s + greatest(reltuples, 0)
"""


def keep_statistics() -> list[str]:
    """Looks at the tables that grew; their names. Does nothing on other databases."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(GROWN, [[model._meta.db_table for model in TABLES], ENOUGH])
        grown = [name for (name,) in cursor.fetchall()]
        for name in grown:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
    return grown
