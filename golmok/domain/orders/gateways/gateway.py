"""The seam to whoever moves the money.

A webhook, a browser's return, a time-out or the clock only wake us. True is what `told` says when the
gateway is asked with our secret (docs/decisions/0045). Adapters are async and speak HTTP by httpx; they know
neither the database nor who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from golmok.domain.orders.models import PaymentEvent


@dataclass(frozen=True)
class Due:
    """What a placed checkout asks for."""

    checkout: str
    """32 hex digits. The gateway's name of the payment is made of it and leads back to it."""
    amount: int
    """Won."""
    title: str
    """``통밀 베이글 외 2건``"""
    name: str
    phone: str
    email: str
    language: str
    until: datetime
    """How long the goods are kept, UTC; money that is awaited longer must come before."""
    attempt: int = 1
    """Which try to pay the checkout this is, counted from 1: one more than its gateway declined."""
    depositor: str = ""
    """Under which name the buyer will send the money, when it is transferred."""


@dataclass(frozen=True)
class Told:
    """One thing a gateway says of money; recorded once for each `reference`."""

    reference: str
    """The gateway's own name for it, at most 200 characters."""
    kind: PaymentEvent.Kind
    amount: int
    """Won."""
    order: str | None = None
    """The number of the order that a refund gives back."""


@dataclass(frozen=True)
class RefundAsked:
    """Money to be given back."""

    key: str
    """The same on every try until the gateway certainly said no, so that it gives back once."""
    checkout: str
    payment: str
    """`reference` of the approval it gives back from."""
    amount: int
    """Won."""
    order: str | None
    reason: str
    """Carries the order's number, so that a look tells which order it gave back."""


@dataclass(frozen=True)
class Deposit:
    """Where the buyer sends the money, when the gateway waits for a transfer."""

    bank: str
    account: str
    holder: str
    amount: int | None
    """Won; None for all that the checkout asks for."""
    until: datetime | None
    """UTC; None for as long as the goods are kept."""


class WrongPayments(Exception):
    """The settings of the payments cannot be used; the words say what to mend."""


class Unreachable(Exception):
    """No answer or a broken one: nobody knows what happened; ask again later."""


class Refused(Exception):
    """The gateway said no."""

    def __init__(self, code: str, words: str = "", *, for_now: bool = False) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        """The gateway's own, such as ``REJECT_CARD_COMPANY``; safe to log."""
        self.words = words
        """What it says to the buyer, without numbers of cards or accounts."""
        self.for_now = for_now
        """It was certainly not done and may be asked for anew under another key: outside a bank's hours."""


class Gateway(Protocol):
    @property
    def name(self) -> str:
        """As in `GOLMOK_PAYMENTS`, in addresses and in payment events."""

    def window(self, due: Due) -> dict[str, Any]:
        """What the page needs to open the payment window. Public: the buyer's browser reads it."""

    async def confirm(self, due: Due, returned: Mapping[str, str]) -> None:
        """Take the money, with what the browser brought back from the window.

        Doing it again is harmless. Raises Refused when it is not this payment or amount, or the gateway
        declines; Unreachable.
        """

    async def told(self, checkout: str) -> list[Told]:
        """Everything the gateway knows of this checkout's money; [] when nothing yet. Raises Unreachable."""

    async def deposit(self, checkout: str) -> Deposit | None:
        """Where to send the money, while a transfer is awaited. Raises Unreachable."""

    async def refund(self, asked: RefundAsked) -> None:
        """Give back, once for each key. Raises Refused (somebody must look), Unreachable (try again)."""

    def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Which checkout a webhook is about; None when nothing of ours. Raises Problem 401 when forged."""
