"""Asking a gateway what it knows of a checkout, and keeping every word of it."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from golmok.domain.orders.gateways.gateway import Gateway
from golmok.domain.orders.till.pay import Record
from golmok.domain.orders.till.receipt import Receipt
from golmok.problems import Problem

Recorder: TypeAlias = Callable[[Record], Awaitable[Receipt]]
"""How a payment event reaches the till: its writer's `ask` in the server."""

log = logging.getLogger(__name__)


async def ask_gateway(gateway: Gateway, checkout: str, record: Recorder) -> Receipt | None:
    """The checkout after everything the gateway told; None when it told nothing of it. Raises Unreachable.

    Asking again is harmless: an event is kept once for each of the gateway's references. What the till
    refuses (a payment that names another checkout) is logged and keeps the rest from nobody.
    """
    shown = None
    for told in await gateway.told(checkout):
        word = Record(checkout, gateway.name, told.reference, told.kind, told.amount, told.order)
        try:
            shown = await record(word)
        except Problem as refusal:
            if refusal.status >= 500:
                raise
            log.error("%s of checkout %s was not kept: %s", gateway.name, checkout, refusal.code)
    return shown
