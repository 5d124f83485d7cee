"""Toss Payments: payment window, confirm, cancel, virtual accounts (core API v1, docs.tosspayments.com).

The order id there is the checkout's key, so one checkout is paid at most once. Its webhooks carry no
signature for payments; they are only a reason to ask.
"""

import base64
import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from golmok.configuration import Toss
from golmok.domain.orders.gateways.calling import Json, call
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

SEOUL = ZoneInfo("Asia/Seoul")
METHODS = {"card": "CARD", "transfer": "TRANSFER", "virtual_account": "VIRTUAL_ACCOUNT"}
LONGEST_TITLE = 100
LONGEST_NAME = 200
FAILED = "/failed"
TAKEN = {"DONE", "PARTIAL_CANCELED", "CANCELED"}
"""With `approvedAt`: money came. A virtual account cancelled before the deposit has none."""
DONE_BEFORE = {"ALREADY_PROCESSED_PAYMENT", "DUPLICATED_ORDER_ID", "ALREADY_CANCELED_PAYMENT"}
"""Not a refusal: whoever looks sees what was done."""
UNKNOWN = {
    "IDEMPOTENT_REQUEST_PROCESSING",
    "PROVIDER_ERROR",
    "UNAUTHORIZED_KEY",
    "INCORRECT_BASIC_AUTH_FORMAT",
}
"""The outcome is open, or the key in the settings is wrong: neither is the buyer's refusal."""
NOT_NOW = {"NOT_AVAILABLE_BANK", "FORBIDDEN_CONSECUTIVE_REQUEST"}
CHECKOUT = re.compile(r"[0-9a-f]{32}")
PAYMENT_KEY = re.compile(r"[A-Za-z0-9_=-]{1,200}")
BANKS = {
    "02": "KDB산업은행",
    "03": "IBK기업은행",
    "06": "KB국민은행",
    "07": "Sh수협은행",
    "11": "NH농협은행",
    "12": "단위농협",
    "20": "우리은행",
    "23": "SC제일은행",
    "27": "씨티은행",
    "31": "iM뱅크",
    "32": "부산은행",
    "34": "광주은행",
    "35": "제주은행",
    "37": "전북은행",
    "39": "경남은행",
    "45": "새마을금고",
    "48": "신협",
    "50": "저축은행",
    "64": "산림조합",
    "71": "우체국",
    "81": "하나은행",
    "88": "신한은행",
    "89": "케이뱅크",
    "90": "카카오뱅크",
    "92": "토스뱅크",
}
"""Toss's codes and the names as banking apps list them; the same in every language."""

log = logging.getLogger(__name__)


class TossGateway:
    name = "toss"

    def __init__(self, contract: Toss) -> None:
        """Raises WrongPayments when a key is missing or a method is not known."""
        missing = [key for key in ("client_key", "secret_key") if not getattr(contract, key)]
        if missing:
            names = " and ".join(f"GOLMOK_TOSS_{key.upper()}" for key in missing)
            raise WrongPayments(f"GOLMOK_PAYMENTS names toss: set {names}")
        if not contract.methods or set(contract.methods) - set(METHODS):
            raise WrongPayments(f"GOLMOK_TOSS_METHODS must be some of {', '.join(METHODS)}")
        self._contract = contract
        self._authorization = "Basic " + base64.b64encode(f"{contract.secret_key}:".encode()).decode()

    def window(self, due: Due) -> dict[str, Any]:
        """For `TossPayments(client_key).payment({customerKey}).requestPayment({...})` of SDK v2.

        The account of a virtual account closes when the goods are not kept any more.
        """
        request = {
            "amount": {"currency": "KRW", "value": due.amount},
            "orderId": due.checkout,
            "orderName": due.title[:LONGEST_TITLE],
            "customerName": due.name,
            "customerMobilePhone": re.sub(r"\D", "", due.phone),
        }
        if due.email:
            request["customerEmail"] = due.email
        return {
            "script": self._contract.script,
            "client_key": self._contract.client_key,
            "methods": [METHODS[method] for method in self._contract.methods],
            "request": request,
            "deposit_until": due.until.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M:%S"),
        }

    async def confirm(self, due: Due, returned: Mapping[str, str]) -> None:
        payment = returned.get("paymentKey", "")
        is_ours = returned.get("orderId") == due.checkout and returned.get("amount") == str(due.amount)
        if not is_ours or not PAYMENT_KEY.fullmatch(payment):
            raise Refused("not-this-payment")
        body = {"paymentKey": payment, "orderId": due.checkout, "amount": due.amount}
        await self._do("/v1/payments/confirm", f"confirm-{payment}", body, due.language)

    async def told(self, checkout: str) -> list[Told]:
        payment = await self._look(checkout)
        if payment is None:
            return []
        if payment.get("approvedAt") and payment["status"] in TAKEN:
            return [_approved(payment), *_given_back(payment)]
        return [_declined(payment)] if payment["status"] == "ABORTED" else []

    async def deposit(self, checkout: str) -> Deposit | None:
        payment = await self._look(checkout)
        account = (payment or {}).get("virtualAccount")
        if payment is None or payment["status"] != "WAITING_FOR_DEPOSIT" or not account:
            return None
        return Deposit(
            bank=BANKS.get(str(account["bankCode"]), str(account["bankCode"])),
            account=str(account["accountNumber"]),
            holder=str(account.get("customerName") or ""),
            amount=int(payment["totalAmount"]),
            until=datetime.fromisoformat(account["dueDate"]),
        )

    async def refund(self, asked: RefundAsked) -> None:
        path = f"/v1/payments/{quote(asked.payment, safe='')}/cancel"
        await self._do(path, asked.key, {"cancelReason": asked.reason, "cancelAmount": asked.amount}, "ko")

    def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """PAYMENT_STATUS_CHANGED has the payment in `data`, DEPOSIT_CALLBACK is flat."""
        try:
            said = json.loads(body)
        except ValueError:
            return None
        about = said.get("data", said) if isinstance(said, dict) else None
        order = about.get("orderId") if isinstance(about, dict) else None
        return order if isinstance(order, str) and CHECKOUT.fullmatch(order) else None

    async def _look(self, checkout: str) -> Json | None:
        """The payment of the order, or None. Raises Unreachable for anything that is no clear answer."""
        url = f"{self._contract.api}/v1/payments/orders/{checkout}"
        status, said = await call("GET", url, headers={"Authorization": self._authorization})
        if status == 404 and said.get("code") == "NOT_FOUND_PAYMENT":
            return None
        if status != 200 or said.get("orderId") != checkout:
            log.error("toss does not answer for an order: %s %s", status, said.get("code"))
            raise Unreachable(f"{status} {said.get('code')}")
        return said

    async def _do(self, path: str, key: str, body: Json, language: str) -> None:
        headers = {"Authorization": self._authorization, "Idempotency-Key": key}
        if language != "ko":
            headers["Accept-Language"] = "en-US"
        status, said = await call("POST", self._contract.api + path, headers=headers, body=body)
        code = str(said.get("code", ""))
        if status == 200 or code in DONE_BEFORE:
            return
        if code in UNKNOWN or status == 401:
            log.error("toss leaves it open: %s %s", status, code)
            raise Unreachable(f"{status} {code}")
        words = masked(str(said.get("message", "")))
        raise Refused(code or str(status), words, for_now=code in NOT_NOW)


def _approved(payment: Json) -> Told:
    return Told(str(payment["paymentKey"]), PaymentEvent.Kind.APPROVED, int(payment["totalAmount"]))


def _declined(payment: Json) -> Told:
    """Under a name of its own: should money come by this payment after all, it is another event."""
    name = str(payment["paymentKey"])[: LONGEST_NAME - len(FAILED)] + FAILED
    return Told(name, PaymentEvent.Kind.DECLINED, int(payment["totalAmount"]))


def _given_back(payment: Json) -> list[Told]:
    return [
        Told(
            str(cancel["transactionKey"]),
            PaymentEvent.Kind.REFUNDED,
            int(cancel["cancelAmount"]),
            order_in(str(cancel.get("cancelReason") or "")),
        )
        for cancel in payment.get("cancels") or ()
        if cancel.get("cancelStatus", "DONE") == "DONE"
    ]
