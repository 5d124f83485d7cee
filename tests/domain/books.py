"""The books, read with plain SQL sums beside all code of ours: what is wrong in them, in words."""

from typing import Any

from django.db import connection

MUST_FIND_NOTHING = {
    "stock counts other units than holds keep": """
        SELECT s.variant_id FROM orders_stock s WHERE held <> COALESCE((
            SELECT SUM(quantity) FROM orders_hold h
            WHERE h.stock_id = s.variant_id AND h.status IN ('held', 'ordered', 'reserved')), 0)""",
    "stock counts other units than were sold": """
        SELECT s.variant_id FROM orders_stock s WHERE sold <> COALESCE((
            SELECT SUM(quantity) FROM orders_hold h
            WHERE h.stock_id = s.variant_id AND h.status = 'sold'), 0)""",
    "more is kept and sold than there is": """
        SELECT s.variant_id FROM orders_stock s WHERE total < COALESCE((
            SELECT SUM(quantity) FROM orders_hold h
            WHERE h.stock_id = s.variant_id AND h.status IN ('held', 'ordered', 'reserved', 'sold')), 0)""",
    "a line belongs to two buyers": """
        SELECT h.id FROM orders_hold h JOIN orders_checkout c ON c.id = h.checkout_id
        WHERE h.buyer <> c.buyer""",
    "an order belongs to two buyers": """
        SELECT o.number FROM orders_order o JOIN orders_checkout c ON c.id = o.checkout_id
        WHERE o.buyer <> c.buyer""",
    "goods are kept for a checkout that is not waiting": """
        SELECT h.id FROM orders_hold h JOIN orders_checkout c ON c.id = h.checkout_id
        WHERE h.status IN ('held', 'ordered', 'reserved', 'wanted') AND c.status NOT IN ('open', 'placed')""",
    "an order stands in a checkout that does not": """
        SELECT o.number FROM orders_order o JOIN orders_checkout c ON c.id = o.checkout_id
        WHERE o.status || ' in ' || c.status NOT IN (
            'awaiting_payment in placed', 'cancelled in over', 'cancelled in paid', 'paid in paid')""",
    "a checkout's sum is not that of its orders": """
        SELECT c.id FROM orders_checkout c WHERE c.total <> COALESCE(
            (SELECT SUM(goods_total + delivery_fee) FROM orders_order o WHERE o.checkout_id = c.id), 0)""",
    "an order's sum is not that of its lines": """
        SELECT o.number FROM orders_order o WHERE o.goods_total <> (
            SELECT SUM(unit_price * quantity) FROM orders_orderline l WHERE l.order_id = o.number)""",
    "an order is paid without its goods": """
        SELECT o.number FROM orders_order o
        JOIN orders_orderline l ON l.order_id = o.number JOIN orders_hold h ON h.id = l.hold_id
        WHERE (o.status = 'paid') <> (h.status = 'sold')""",
    "goods are sold without an order": """
        SELECT h.id FROM orders_hold h LEFT JOIN orders_orderline l ON l.hold_id = h.id
        WHERE h.status = 'sold' AND l.id IS NULL""",
    "an order is paid without its money": """
        SELECT o.number FROM orders_order o JOIN orders_checkout c ON c.id = o.checkout_id
        WHERE o.status = 'paid' AND c.total > COALESCE((
            SELECT SUM(amount) FROM orders_paymentevent e
            WHERE e.checkout_id = c.id AND e.kind = 'approved'), 0)""",
    "an order stands whose money went back": """
        SELECT o.number FROM orders_order o WHERE o.status = 'paid' AND (
            goods_total + delivery_fee <= COALESCE((
                SELECT SUM(amount) FROM orders_paymentevent e
                WHERE e.order_id = o.number AND e.kind = 'refunded'), 0))""",
    "money was told twice": """
        SELECT gateway, reference FROM orders_paymentevent GROUP BY gateway, reference HAVING COUNT(*) > 1""",
    "a buyer keeps two checkouts": """
        SELECT buyer FROM orders_checkout WHERE status = 'open' GROUP BY buyer HAVING COUNT(*) > 1""",
    "a key ordered twice": """
        SELECT buyer, idempotency_key FROM orders_checkout
        WHERE idempotency_key <> '' GROUP BY buyer, idempotency_key HAVING COUNT(*) > 1""",
    "a buyer has more than the cap": """
        SELECT h.buyer, h.stock_id FROM orders_hold h
        JOIN festas_offer f ON f.show_id = h.show_id AND f.variant_id = h.stock_id
        WHERE h.status NOT IN ('released', 'wanted') AND f.per_buyer_cap IS NOT NULL
        GROUP BY h.buyer, h.stock_id, f.per_buyer_cap HAVING SUM(h.quantity) > f.per_buyer_cap""",
    "more is taken at the live price than its cap": """
        SELECT f.id FROM festas_offer f WHERE f.total_cap < COALESCE((
            SELECT SUM(quantity) FROM orders_hold h
            WHERE h.show_id = f.show_id AND h.stock_id = f.variant_id AND h.at_live_price
                AND h.status NOT IN ('released', 'wanted')), 0)""",
    "what is taken at the live price is counted wrongly": """
        SELECT f.id FROM festas_offer f
        JOIN orders_capcount n ON n.show_id = f.show_id AND n.stock_id = f.variant_id
        WHERE f.total_cap IS NOT NULL AND n.units <> COALESCE((
            SELECT SUM(quantity) FROM orders_hold h
            WHERE h.show_id = f.show_id AND h.stock_id = f.variant_id AND h.at_live_price
                AND h.status NOT IN ('released', 'wanted')), 0)""",
    "a waiting list is miscounted": """
        SELECT s.variant_id FROM orders_stock s WHERE waiting <> (
            SELECT COUNT(*) FROM orders_waiting w WHERE w.stock_id = s.variant_id AND w.left_at IS NULL)""",
    "somebody was served twice for one place": """
        SELECT served_id FROM orders_waiting WHERE served_id IS NOT NULL
        GROUP BY served_id HAVING COUNT(*) > 1""",
}


def wrongs(*, but: frozenset[str] = frozenset()) -> list[str]:
    """What the books get wrong; nothing, when all is well. `but` names what is not looked at."""
    if connection.vendor == "postgresql":
        # In a till's transaction reading a whole table counts as so dear that each query would be compiled.
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
    return [name for name, query in MUST_FIND_NOTHING.items() if name not in but and _rows(query)]


def money() -> tuple[int, int]:
    """Won that came, and won that went back."""
    ((came, went),) = _rows(
        """SELECT COALESCE(SUM(CASE WHEN kind = 'approved' THEN amount END), 0),
                  COALESCE(SUM(CASE WHEN kind = 'refunded' THEN amount END), 0) FROM orders_paymentevent"""
    )
    return int(came), int(went)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
