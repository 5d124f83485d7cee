from golmok.domain.orders.models.letters import Audience, Letter, News, Step
from golmok.domain.orders.models.sale import (
    BY_TRANSFER,
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
    "BY_TRANSFER",
    "KEPT",
    "Audience",
    "CartLine",
    "Checkout",
    "Hold",
    "Letter",
    "Money",
    "News",
    "Order",
    "OrderLine",
    "PaymentEvent",
    "Step",
    "Stock",
    "money_in",
    "new_order_number",
]
