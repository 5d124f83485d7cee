from golmok.domain.orders.models.deposits import Deposit, ExpectedDeposit
from golmok.domain.orders.models.letters import Audience, Letter, News, Step
from golmok.domain.orders.models.refunds import Refund
from golmok.domain.orders.models.sale import (
    BANK_TRANSFER,
    BY_TRANSFER,
    KEPT,
    TAKEN,
    Checkout,
    Hold,
    Money,
    Order,
    OrderLine,
    PaymentEvent,
    money_in,
    new_order_number,
)
from golmok.domain.orders.models.stock import CapCount, CartLine, Stock
from golmok.domain.orders.models.waiting import Waiting

__all__ = [
    "BANK_TRANSFER",
    "BY_TRANSFER",
    "KEPT",
    "TAKEN",
    "Audience",
    "CapCount",
    "CartLine",
    "Checkout",
    "Deposit",
    "ExpectedDeposit",
    "Hold",
    "Letter",
    "Money",
    "News",
    "Order",
    "OrderLine",
    "PaymentEvent",
    "Refund",
    "Step",
    "Stock",
    "Waiting",
    "money_in",
    "new_order_number",
]
