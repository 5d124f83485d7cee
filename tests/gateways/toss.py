"""Toss Payments as its documentation describes it, over real HTTP, with the faults of a real network.

Core API v1 and SDK v2 of https://docs.tosspayments.com: confirm, look-up by order, cancel and partial
cancel, virtual accounts, idempotency keys, webhooks; and a payment window of one page with three buttons.
"""

import base64
import json
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Json: TypeAlias = dict[str, Any]
CLIENT_KEY, SECRET_KEY = "test_ck_alley", "test_sk_alley"
SEOUL = ZoneInfo("Asia/Seoul")

SDK = """
globalThis.TossPayments = (clientKey) => ({
  payment: ({ customerKey }) => ({
    requestPayment: async (request) => {
      const asked = JSON.stringify({ clientKey, customerKey, ...request });
      location.assign("%s/window?asked=" + encodeURIComponent(asked));
      await new Promise(() => undefined);
    },
  }),
});
"""
WINDOW = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>토스페이먼츠 (모의)</title>
<h1>모의 결제창</h1><p>%(orderName)s</p><p>%(amount)s원</p><form method="post">
<button name="do" value="pay">결제하기</button> <button name="do" value="decline">한도 초과 카드</button>
<button name="do" value="close">취소</button></form></html>"""


@dataclass
class Faults:
    """How many of the next requests go wrong, and how."""

    lose_answer: int = 0
    """Done, but the connection breaks before the answer."""
    fail: int = 0
    """500, and nothing was done."""
    busy: int = 0
    """409: an earlier request under the same key is still under way."""
    refuse: deque[tuple[int, str]] = field(default_factory=deque)
    """Status and code of a refusal of whatever is asked for next."""


class LostAnswer(Response):
    """Promises more than it sends, so that the caller sees the connection break."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


class FakeToss:
    """What the service knows, and what it does when asked."""

    def __init__(self) -> None:
        self.payments: dict[str, Json] = {}
        self.faults = Faults()
        self.webhooks: list[Json] = []
        """Sent by nobody until a test takes them, loses them or sends them twice; or see `send_to`."""
        self.send_to = ""
        self.asked: list[str] = []
        """What was asked for, such as ``POST /v1/payments/confirm``."""
        self.address = ""
        self._answers: dict[tuple[str, str], tuple[int, Json]] = {}

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/payments/confirm", self._api(self._confirm), methods=["POST"]),
                Route("/v1/payments/orders/{order}", self._api(self._of_order)),
                Route("/v1/payments/{payment}/cancel", self._api(self._cancel), methods=["POST"]),
                Route("/v2/standard", self._sdk),
                Route("/window", self._window, methods=["GET", "POST"]),
            ]
        )

    # --- what the buyer and the merchant do there

    def authenticate(self, order: str, amount: int, method: str = "카드") -> str:
        """The buyer went through the window; the payment waits to be confirmed. Its key."""
        key = f"tgen_{secrets.token_hex(8)}"
        self.payments[key] = {
            "mId": "tgolmok",
            "version": "2022-11-16",
            "paymentKey": key,
            "orderId": order,
            "method": method,
            "status": "IN_PROGRESS",
            "totalAmount": amount,
            "balanceAmount": amount,
            "currency": "KRW",
            "approvedAt": None,
            "cancels": None,
            "virtualAccount": None,
            "secret": None,
        }
        return key

    def deposit(self, order: str) -> None:
        """The buyer sent the money to the virtual account."""
        payment = self.of_order(order)
        assert payment is not None and payment["status"] == "WAITING_FOR_DEPOSIT"
        payment["status"], payment["approvedAt"] = "DONE", _now()
        self._tell(payment)

    def cancel_by_hand(self, key: str, amount: int, reason: str = "상점 관리자 취소") -> None:
        """Somebody pressed cancel in Toss's own administration."""
        self._give_back(self.payments[key], amount, reason)

    def of_order(self, order: str) -> Json | None:
        """The latest payment of an order, leaving out those nobody tried to confirm."""
        found = [one for one in self.payments.values() if one["orderId"] == order]
        known = [one for one in found if one["status"] != "IN_PROGRESS"]
        return known[-1] if known else None

    @property
    def money(self) -> int:
        """Won that the merchant has: all that was taken and not given back."""
        taken = [one for one in self.payments.values() if one["approvedAt"]]
        return sum(one["balanceAmount"] for one in taken)

    # --- the API

    def _api(
        self, answer: Callable[[Request, Json], Awaitable[tuple[int, Json]]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path}")
            expected = "Basic " + base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
            if request.headers.get("authorization") != expected:
                return _refusal(401, "UNAUTHORIZED_KEY")
            if self.faults.fail:
                self.faults.fail -= 1
                return _refusal(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")
            if self.faults.busy:
                self.faults.busy -= 1
                return _refusal(409, "IDEMPOTENT_REQUEST_PROCESSING")
            status, said = await self._once(request, answer)
            if self.faults.lose_answer:
                self.faults.lose_answer -= 1
                return LostAnswer()
            return JSONResponse(said, status)

        return respond

    async def _once(
        self, request: Request, answer: Callable[[Request, Json], Awaitable[tuple[int, Json]]]
    ) -> tuple[int, Json]:
        """The same key at the same address is answered with the first answer, also when it was a refusal."""
        if request.method != "POST":
            return await answer(request, {})
        known = (request.url.path, request.headers["idempotency-key"])
        if known not in self._answers:
            if self.faults.refuse:
                status, code = self.faults.refuse.popleft()
                self._answers[known] = (status, {"code": code, "message": f"{code} 1234-5678-9012"})
            else:
                self._answers[known] = await answer(request, json.loads(await request.body()))
        return self._answers[known]

    async def _confirm(self, _request: Request, body: Json) -> tuple[int, Json]:
        payment = self.payments.get(body["paymentKey"])
        if payment is None or payment["orderId"] != body["orderId"]:
            return _said(404, "NOT_FOUND_PAYMENT_SESSION")
        if payment["status"] != "IN_PROGRESS":
            return _said(400, "ALREADY_PROCESSED_PAYMENT")
        if payment["totalAmount"] != body["amount"]:
            return _said(400, "INVALID_REQUEST")
        earlier = self.of_order(body["orderId"])
        if earlier and earlier["status"] != "ABORTED":
            return _said(400, "DUPLICATED_ORDER_ID")
        if payment["method"] == "한도초과":
            payment["status"] = "ABORTED"
            self._tell(payment)
            return _said(403, "EXCEED_MAX_AMOUNT")
        if payment["method"] == "가상계좌":
            payment["status"], payment["secret"] = "WAITING_FOR_DEPOSIT", secrets.token_hex(8)
            payment["virtualAccount"] = {
                "accountNumber": "X6505636518308",
                "bankCode": "20",
                "customerName": "김서울",
                "dueDate": _now(),
                "refundStatus": "NONE",
            }
        else:
            payment["status"], payment["approvedAt"] = "DONE", _now()
        self._tell(payment)
        return 200, payment

    async def _of_order(self, request: Request, _body: Json) -> tuple[int, Json]:
        payment = self.of_order(request.path_params["order"])
        return (200, payment) if payment else _said(404, "NOT_FOUND_PAYMENT")

    async def _cancel(self, request: Request, body: Json) -> tuple[int, Json]:
        payment = self.payments.get(request.path_params["payment"])
        if payment is None:
            return _said(404, "NOT_FOUND_PAYMENT")
        if payment["status"] == "CANCELED":
            return _said(400, "ALREADY_CANCELED_PAYMENT")
        amount = int(body.get("cancelAmount") or payment["balanceAmount"])
        if amount > payment["balanceAmount"]:
            return _said(403, "NOT_CANCELABLE_AMOUNT")
        if payment["method"] == "가상계좌" and payment["approvedAt"] and "refundReceiveAccount" not in body:
            return _said(400, "INVALID_REFUND_ACCOUNT_INFO")
        self._give_back(payment, amount, body["cancelReason"])
        return 200, payment

    def _give_back(self, payment: Json, amount: int, reason: str) -> None:
        cancel = {
            "transactionKey": secrets.token_hex(16).upper(),
            "cancelAmount": amount,
            "cancelReason": reason,
            "cancelStatus": "DONE",
            "canceledAt": _now(),
        }
        payment["cancels"] = [*(payment["cancels"] or []), cancel]
        payment["balanceAmount"] -= amount
        payment["status"] = "PARTIAL_CANCELED" if payment["balanceAmount"] else "CANCELED"
        self._tell(payment)

    # --- telling

    def _tell(self, payment: Json) -> None:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        if payment["method"] == "가상계좌":
            flat = {key: payment[key] for key in ("secret", "status", "orderId")}
            word = {"createdAt": at, "transactionKey": secrets.token_hex(16).upper(), **flat}
        else:
            word = {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": at, "data": dict(payment)}
        self.webhooks.append(word)
        if self.send_to:
            httpx.post(self.send_to, json=word, timeout=10)

    # --- the payment window

    async def _sdk(self, _request: Request) -> Response:
        return Response(SDK % self.address, media_type="text/javascript")

    async def _window(self, request: Request) -> Response:
        asked = json.loads(request.query_params["asked"])
        if request.method == "GET":
            shown = {"orderName": asked["orderName"], "amount": asked["amount"]["value"]}
            return HTMLResponse(WINDOW % shown)
        (done,) = parse_qs((await request.body()).decode())["do"]
        if done == "close":
            failed = {"code": "PAY_PROCESS_CANCELED", "message": "사용자에 의해 결제가 취소되었습니다."}
            return _back(asked["failUrl"], {**failed, "orderId": asked["orderId"]})
        methods = {"CARD": "카드", "TRANSFER": "계좌이체", "VIRTUAL_ACCOUNT": "가상계좌"}
        method = "한도초과" if done == "decline" else methods[asked["method"]]
        amount = asked["amount"]["value"]
        key = self.authenticate(asked["orderId"], amount, method)
        returned = {"paymentType": "NORMAL", "orderId": asked["orderId"], "paymentKey": key, "amount": amount}
        return _back(asked["successUrl"], returned)


def _back(url: str, returned: Json) -> Response:
    return RedirectResponse(str(httpx.URL(url).copy_merge_params(returned)), 303)


def _said(status: int, code: str) -> tuple[int, Json]:
    return status, {"code": code, "message": f"{code} 1234-5678-9012"}


def _refusal(status: int, code: str) -> Response:
    return JSONResponse(_said(status, code)[1], status)


def _now() -> str:
    return datetime.now(SEOUL).isoformat(timespec="seconds")
