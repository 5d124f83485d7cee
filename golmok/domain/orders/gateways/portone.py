"""PortOne v2: one contract for many payment companies (docs/decisions/0047).

A payment is named ``<checkout>-<attempt>``: payment companies refuse a name twice, and the name leads back to
the checkout. A payment is taken in PortOne's window; the server only asks what became of it.
"""

import hmac
import re
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from golmok.configuration import PortOne
from golmok.domain.orders.gateways.calling import call
from golmok.domain.orders.gateways.gateway import (
    Deposit,
    Due,
    RefundAsked,
    Refused,
    Told,
    Unreachable,
    WrongPayments,
)
from golmok.domain.orders.gateways.wording import masked, order_in
from golmok.domain.orders.models import PaymentEvent
from golmok.problems import Problem

PAYMENT = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,2})")
TAKEN = ("PAID", "PARTIAL_CANCELLED", "CANCELLED")
PATIENCE = httpx.Timeout(65, connect=5)
"""Seconds. PortOne asks for at least 60: payment companies are slow, and hanging up does not stop them."""
TOLERANCE = 5 * 60
"""Seconds that a webhook's time may be off, as Standard Webhooks advises."""
LATER = ("IDEMPOTENCY_OUTSTANDING_REQUEST", "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN")
"""Refusals that mean: another request about the same money is under way, or just went through."""


class Shape(BaseModel):
    """Of an answer. What is not needed is not looked at: PortOne may add fields at any time."""

    model_config = ConfigDict(alias_generator=to_camel)


class Amount(Shape):
    """Won."""

    total: int
    cancelled: int


class Cancellation(Shape):
    id: str
    status: str
    total_amount: int
    reason: str


class Failure(Shape):
    pg_code: str | None = None
    pg_message: str | None = None


class Payment(Shape):
    id: str
    store_id: str
    transaction_id: str
    status: str
    currency: str
    amount: Amount
    paid_at: str | None = None
    cancellations: list[Cancellation] = Field(default=[])
    failure: Failure = Field(default=Failure())

    @property
    def is_taken(self) -> bool:
        """Whether money came, whatever became of it later."""
        return self.status in TAKEN and self.paid_at is not None


class PortOneGateway:
    name = "portone"

    def __init__(self, settings: PortOne) -> None:
        """Raises WrongPayments."""
        if settings.missing:
            raise WrongPayments(f"GOLMOK_PAYMENTS has portone, which needs {', '.join(settings.missing)}")
        self._settings = settings
        self._webhook_key = _webhook_key(settings.webhook_secret)

    def window(self, due: Due) -> dict[str, Any]:
        customer = {"fullName": due.name, "phoneNumber": due.phone, "email": due.email}
        return {
            "script": self._settings.script,
            "request": {
                "storeId": self._settings.store_id,
                "channelKey": self._settings.channel_key,
                "paymentId": f"{due.checkout}-{due.attempt}",
                "orderName": due.title,
                "totalAmount": due.amount,
                "currency": "CURRENCY_KRW",
                "payMethod": self._settings.pay_method,
                "customer": {field: value for field, value in customer.items() if value},
                "locale": "EN_US" if due.language == "en" else "KO_KR",
            },
        }

    async def confirm(self, due: Due, returned: Mapping[str, str]) -> None:
        """The money was taken in the window; left to see is that it is this payment, and all of it."""
        name = returned.get("paymentId", "")
        if _checkout_of(name) != due.checkout:
            raise Refused("not-this-payment")
        payment = await self._payment(name)
        if payment is None or payment.status == "READY":
            raise Refused(returned.get("code") or "NOT_PAID", masked(returned.get("message", "")))
        if payment.status == "FAILED":
            raise Refused(payment.failure.pg_code or "FAILED", masked(payment.failure.pg_message or ""))
        if payment.is_taken and payment.amount.total != due.amount:
            raise Refused("not-this-payment")

    async def told(self, checkout: str) -> list[Told]:
        return [told for payment in await self._payments(checkout) for told in _told(payment)]

    async def deposit(self, checkout: str) -> Deposit | None:
        """Never: virtual accounts are not offered here."""
        return None

    async def refund(self, asked: RefundAsked) -> None:
        payment = await self._approved(asked)
        # PortOne forgets an idempotency key after three hours; the reason on its books stays.
        if any(asked.key in one.reason and one.status != "FAILED" for one in payment.cancellations):
            return
        status, said = await call(
            "POST",
            f"{self._address(payment.id)}/cancel",
            headers=self._headers | {"Idempotency-Key": sha256(asked.key.encode()).hexdigest()},
            body={
                "storeId": self._settings.store_id,
                "amount": asked.amount,
                "reason": f"{asked.reason} ({asked.key})",
                "currentCancellableAmount": payment.amount.total - payment.amount.cancelled,
            },
            patience=PATIENCE,
        )
        if said.get("type") in LATER:
            raise Unreachable(f"refund of {payment.id}: {said['type']}")
        if status != httpx.codes.OK:
            raise Refused(str(said.get("type") or status), masked(str(said.get("message") or "")))

    def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        if not _is_signed(headers, body, self._webhook_key):
            raise Problem(401, "webhook-forged")
        try:
            data = orjson.loads(body)["data"]
            return _checkout_of(data["paymentId"]) if data["storeId"] == self._settings.store_id else None
        except (orjson.JSONDecodeError, KeyError, TypeError):
            # Of billing keys and whatever else they may tell one day.
            return None

    async def _approved(self, asked: RefundAsked) -> Payment:
        for payment in await self._payments(asked.checkout):
            if payment.is_taken and payment.transaction_id == asked.payment:
                return payment
        raise Refused("PAYMENT_NOT_FOUND")

    async def _payments(self, checkout: str) -> list[Payment]:
        """One for each attempt. The next attempt begins only after the one before was declined, so the first
        that PortOne does not know ends the row."""
        found: list[Payment] = []
        while (payment := await self._payment(f"{checkout}-{len(found) + 1}")) is not None:
            found.append(payment)
        return found

    async def _payment(self, name: str) -> Payment | None:
        status, said = await call("GET", self._address(name), headers=self._headers)
        if status == httpx.codes.NOT_FOUND:
            return None
        if status != httpx.codes.OK:
            raise Unreachable(f"{name}: {status} {said.get('type')}")
        try:
            payment = Payment.model_validate(said)
        except ValidationError as strange:
            fields = [".".join(map(str, one["loc"])) for one in strange.errors()]
            raise Unreachable(f"{name}: the answer lacks {fields}") from None
        if (payment.id, payment.store_id, payment.currency) != (name, self._settings.store_id, "KRW"):
            raise Unreachable(f"{name}: the answer is about another payment")
        return payment

    def _address(self, name: str) -> str:
        return f"{self._settings.api}/payments/{quote(name, safe='')}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"PortOne {self._settings.api_secret}"}


def _told(payment: Payment) -> Iterator[Told]:
    """What a payment says of money. `total`, for what a card company's coupon takes off is theirs to bear."""
    total = payment.amount.total
    if payment.status == "FAILED":
        yield Told(f"{payment.id}/failed", PaymentEvent.Kind.DECLINED, total)
    if not payment.is_taken:
        return
    yield Told(payment.transaction_id, PaymentEvent.Kind.APPROVED, total)
    for one in payment.cancellations:
        if one.status == "SUCCEEDED":
            yield Told(one.id, PaymentEvent.Kind.REFUNDED, one.total_amount, order_in(one.reason))


def _checkout_of(name: object) -> str | None:
    named = PAYMENT.fullmatch(name) if isinstance(name, str) else None
    return named.group(1) if named else None


def _webhook_key(secret: str) -> bytes:
    """Of ``whsec_`` and base64. Raises WrongPayments."""
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except (NotBase64, ValueError):
        key = b""
    if not key:
        raise WrongPayments("GOLMOK_PORTONE_WEBHOOK_SECRET must be `whsec_` and base64")
    return key


def _is_signed(headers: Mapping[str, str], body: bytes, key: bytes) -> bool:
    """As Standard Webhooks says: any of several signatures, over id, time and body; nothing old."""
    message, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", at) or abs(time.time() - int(at)) > TOLERANCE:
        return False
    expected = hmac.digest(key, f"{message}.{at}.".encode() + body, "sha256")
    return any(
        hmac.compare_digest(expected, given) for given in _signatures(headers.get("webhook-signature", ""))
    )


def _signatures(listed: str) -> Iterator[bytes]:
    for one in listed.split():
        version, _, signature = one.partition(",")
        try:
            if version == "v1":
                yield b64decode(signature, validate=True)
        except (NotBase64, ValueError):
            continue
