from golmok.domain.orders.models.sale import (
    KEPT,
    Checkout,
    Hold,
    Money,
    Order,
    OrderLine,
    PaymentEvent,
    money_in,
    new_order_number,
)
from golmok.domain.orders.models.stock import CartLine, Stock

__all__ = [
    "KEPT",
    "CartLine",
    "Checkout",
    "Hold",
    "Money",
    "Order",
    "OrderLine",
    "PaymentEvent",
    "Stock",
    "money_in",
    "new_order_number",
]
