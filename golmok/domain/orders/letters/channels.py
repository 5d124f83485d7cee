"""The seam to whatever carries a letter to people: e-mail now, text messages later."""

from typing import Protocol

from golmok.domain.orders.gateways.gateway import Deposit
from golmok.domain.orders.models import Letter


class Undeliverable(Exception):
    """It will never arrive: the address is wrong, or there is none any more. The words name no address."""


class NotNow(Exception):
    """It may arrive later: nobody took it. The words name no address."""


class Outdated(Exception):
    """Nothing of what it was to say is so any more."""


class Channel(Protocol):
    def deliver(self, letter: Letter, deposit: Deposit | None) -> None:
        """Hand the letter over, with where to send the money if it is awaited; return once it was taken.

        Raises Undeliverable, NotNow, Outdated.
        """
