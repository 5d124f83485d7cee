"""Bank transfer (무통장 입금) to the operator's account (docs/decisions/0048).

Nobody asks the bank: what came is read from its statements (`golmok.domain.orders.deposits`), and given back
by hand.
"""

from collections.abc import Mapping
from typing import Any

from golmok.configuration import BankAccount
from golmok.domain.orders.gateways.gateway import Deposit, Due, RefundAsked, Refused, Told, WrongPayments
from golmok.domain.orders.models import BANK_TRANSFER


class BankTransferGateway:
    name = BANK_TRANSFER

    def __init__(self, account: BankAccount) -> None:
        """Raises WrongPayments."""
        if account.missing:
            raise WrongPayments(
                f"GOLMOK_PAYMENTS has bank_transfer, which needs {', '.join(account.missing)}"
            )
        if account.hours < 1 or account.live_hours < 1:
            raise WrongPayments("a transfer needs an hour at least: see GOLMOK_BANK_TRANSFER_HOURS")
        self._account = account

    def window(self, due: Due) -> dict[str, Any]:
        """No window: what the buyer needs at their bank."""
        return {
            "bank": self._account.bank,
            "account": self._account.number,
            "holder": self._account.holder,
            "depositor": due.depositor,
        }

    async def confirm(self, due: Due, returned: Mapping[str, str]) -> None:
        raise Refused("no-window", "a transfer is made at the bank")

    async def told(self, checkout: str) -> list[Told]:
        """Nothing: statements tell."""
        return []

    async def deposit(self, checkout: str) -> Deposit | None:
        return Deposit(self._account.bank, self._account.number, self._account.holder, None, None)

    async def refund(self, asked: RefundAsked) -> None:
        raise Refused("by-hand", "money that was transferred is sent back by hand")

    def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        return None
