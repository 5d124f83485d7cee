"""The gateway that moves no money, plainly marked as a test.

Its word on a payment comes by the shortest way (`PayTest`), for demos and drills at drop speed. Refunds go
the way of every gateway.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from golmok.domain.orders.gateways.gateway import Deposit, Due, RefundAsked, Refused, Told
from golmok.domain.orders.models import PaymentEvent
from golmok.domain.orders.till.pay import TEST_GATEWAY


class TrialGateway:
    name = TEST_GATEWAY

    def __init__(self) -> None:
        self._given_back: dict[str, dict[str, Told]] = defaultdict(dict)
        """Forgotten with the process: whoever asked and heard no answer asks again with the same key."""

    def window(self, due: Due) -> dict[str, Any]:
        return {}

    async def confirm(self, due: Due, returned: Mapping[str, str]) -> None:
        raise Refused("no-window", "the test gateway is paid by its own address")

    async def told(self, checkout: str) -> list[Told]:
        return list(self._given_back.pop(checkout, {}).values())

    async def deposit(self, checkout: str) -> Deposit | None:
        return None

    async def refund(self, asked: RefundAsked) -> None:
        told = Told(asked.key, PaymentEvent.Kind.REFUNDED, asked.amount, asked.order)
        self._given_back[asked.checkout][asked.key] = told

    def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        return None
