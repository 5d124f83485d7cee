"""PortOne v2 as its documentation describes it, over real HTTP: payments, cancellations, webhooks, window.

What a person or a payment company does is a method (`pay`, `decline`); what goes wrong is put into `faults`.
"""

import base64
import hmac
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from golmok.configuration import PortOne
from tests.serving import served

Json: TypeAlias = Any
"""A body; the assertions on it are its type check."""

STORE = "store-00000000-0000-0000-0000-000000000001"
SECRET = "portone-api-secret-of-the-fake"
WEBHOOK_KEY = b"webhook key of the fake"
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{16,256}")


class AnswerLost(Response):
    """Done, but the line breaks before the answer arrives."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        promised = [(b"content-type", b"application/json"), (b"content-length", b"999")]
        await send({"type": "http.response.start", "status": 200, "headers": promised})
        await send({"type": "http.response.body", "body": b'{"id"'})


@dataclass
class FakePortOne:
    address: str = ""
    payments: dict[str, Json] = field(default_factory=dict)
    """By payment id."""
    faults: list[str] = field(default_factory=list)
    """What goes wrong with the next requests, one each: ``lost`` (done, no answer), ``500``, ``garbled``."""
    cancel_calls: list[tuple[str, Json]] = field(default_factory=list)
    """Idempotency key and body of each."""
    _answers: dict[str, tuple[int, Json]] = field(default_factory=dict)

    def settings(self) -> PortOne:
        return PortOne(
            store_id=STORE,
            channel_key="channel-key-of-the-fake",
            api_secret=SECRET,
            webhook_secret="whsec_" + base64.b64encode(WEBHOOK_KEY).decode(),
            api=self.address,
            script=f"{self.address}/browser-sdk.js",
        )

    # --- what people and payment companies do

    def open(self, payment: str, amount: int) -> Json:
        """The window was opened, nothing is paid yet."""
        return self.payments.setdefault(
            payment,
            {
                "id": payment,
                "transactionId": f"tx-{uuid4()}",
                "merchantId": "merchant-1",
                "storeId": STORE,
                "status": "READY",
                "currency": "KRW",
                "amount": _amount(amount),
            },
        )

    def pay(self, payment: str, amount: int) -> Json:
        found = self.open(payment, amount)
        # Trying the same payment again is a new transaction.
        found |= {"status": "PAID", "transactionId": f"tx-{uuid4()}", "amount": _amount(amount)}
        found |= {"paidAt": "2022-07-20T10:00:00Z"}
        found.pop("failure", None)
        return found

    def decline(self, payment: str, amount: int) -> Json:
        found = self.open(payment, amount)
        failure = {"reason": "거절", "pgCode": "8001", "pgMessage": "한도를 넘었어요"}
        found |= {"status": "FAILED", "failure": failure}
        return found

    def cancel(self, payment: str, amount: int, reason: str, status: str = "SUCCEEDED") -> Json:
        """Also what the operator does in PortOne's console."""
        found = self.payments[payment]
        one = {"id": f"cancel-{uuid4()}", "status": status, "totalAmount": amount, "reason": reason}
        found.setdefault("cancellations", []).append(one)
        if status == "SUCCEEDED":
            found["amount"]["cancelled"] += amount
            whole = found["amount"]["cancelled"] == found["amount"]["total"]
            found["status"] = "CANCELLED" if whole else "PARTIAL_CANCELLED"
        return one

    def webhook(
        self, payment: str, kind: str = "Transaction.Paid", *, key: bytes = WEBHOOK_KEY, age: int = 0
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body, signed."""
        data = {"paymentId": payment, "storeId": STORE, "transactionId": f"tx-{uuid4()}"}
        return signed({"type": kind, "timestamp": "2022-07-20T10:00:00Z", "data": data}, key=key, age=age)

    # --- what it answers

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/payments/{payment}", self._look),
                Route("/payments/{payment}/cancel", self._cancel, methods=["POST"]),
                Route("/browser-sdk.js", self._script),
                Route("/window", self._window),
                Route("/window/{outcome}", self._decide, methods=["POST"]),
            ]
        )

    async def _look(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        found = self.payments.get(request.path_params["payment"])
        if found is None:
            return self._answer(404, {"type": "PAYMENT_NOT_FOUND"})
        return self._answer(200, found)

    async def _cancel(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        body, key = await request.json(), request.headers.get("idempotency-key", "")
        self.cancel_calls.append((key, body))
        if not IDEMPOTENCY_KEY.fullmatch(key):
            return self._answer(400, {"type": "INVALID_REQUEST"})
        if key not in self._answers:
            self._answers[key] = self._cancelled(request.path_params["payment"], body)
        return self._answer(*self._answers[key])

    def _cancelled(self, payment: str, body: Json) -> tuple[int, Json]:
        found = self.payments.get(payment)
        if found is None:
            return 404, {"type": "PAYMENT_NOT_FOUND"}
        if found["status"] not in ("PAID", "PARTIAL_CANCELLED"):
            return 409, {"type": "PAYMENT_NOT_PAID", "message": "결제되지 않았어요"}
        left = found["amount"]["total"] - found["amount"]["cancelled"]
        if body["currentCancellableAmount"] != left:
            return 409, {"type": "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"}
        if body["amount"] > left:
            return 409, {"type": "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT", "message": "너무 많아요"}
        return 200, {"cancellation": self.cancel(payment, body["amount"], body["reason"])}

    def _refusal(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"PortOne {SECRET}":
            return JSONResponse({"type": "UNAUTHORIZED"}, 401)
        if self.faults and self.faults[0] == "500":
            self.faults.pop(0)
            return JSONResponse({"type": "PG_PROVIDER"}, 502)
        return None

    def _answer(self, status: int, body: Json) -> Response:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "lost":
            return AnswerLost()
        return Response("<html>", 200) if fault == "garbled" else JSONResponse(body, status)

    # --- the window

    async def _script(self, request: Request) -> Response:
        return Response(SCRIPT.replace("{address}", self.address), media_type="text/javascript")

    async def _window(self, request: Request) -> Response:
        asked = json.loads(request.query_params["asked"])
        self.open(asked["paymentId"], asked["totalAmount"])
        return HTMLResponse(WINDOW.replace("{asked}", json.dumps(asked).replace("<", "\\u003c")))

    async def _decide(self, request: Request) -> Response:
        asked = await request.json()
        act = self.pay if request.path_params["outcome"] == "pay" else self.decline
        done = act(asked["paymentId"], asked["totalAmount"])
        told = {"paymentId": done["id"], "txId": done["transactionId"], "transactionType": "PAYMENT"}
        if done["status"] == "FAILED":
            told |= {"code": "FAILURE_TYPE_PG", "message": done["failure"]["pgMessage"]}
        return JSONResponse(told)


def _amount(won: int) -> Json:
    return {"total": won, "taxFree": 0, "discount": 0, "paid": won, "cancelled": 0, "cancelledTaxFree": 0}


def signed(body: Mapping[str, Json], *, key: bytes, age: int = 0) -> tuple[dict[str, str], bytes]:
    """As Standard Webhooks says, `age` seconds ago."""
    content = json.dumps(body).encode()
    message, at = f"msg-{uuid4()}", str(int(time.time()) - age)
    signature = hmac.digest(key, f"{message}.{at}.".encode() + content, "sha256")
    headers = {
        "webhook-id": message,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
    return headers, content


@contextmanager
def portone() -> Iterator[FakePortOne]:
    fake = FakePortOne()
    with served(fake.app()) as fake.address:
        yield fake


SCRIPT = """
// On a desktop the window lies over the page and a promise tells the end; a phone goes there and comes back.
window.PortOne = {
  requestPayment(asked) {
    const address = "{address}/window?asked=" + encodeURIComponent(JSON.stringify(asked));
    if (innerWidth < 600) { location.href = address; return new Promise(() => {}); }
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.title = "PortOne";
    frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;z-index:9999";
    // Above a modal dialog nothing but the top layer can be clicked.
    (document.querySelector("dialog[open]") ?? document.body).append(frame);
    return new Promise((resolve) => addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow) return;
      frame.remove();
      resolve(event.data);
    }));
  },
};
"""

WINDOW = """<!doctype html><meta name="viewport" content="width=device-width"><title>PortOne</title>
<h1>PortOne</h1><button data-outcome="pay">결제하기</button> <button data-outcome="decline">거절</button>
<script>
const asked = {asked};
for (const button of document.querySelectorAll("button")) button.onclick = async () => {
  const body = JSON.stringify(asked);
  const answer = await fetch("/window/" + button.dataset.outcome, { method: "POST", body });
  const told = await answer.json();
  if (parent !== window) parent.postMessage(told, "*");
  else location.href = asked.redirectUrl + "?" + new URLSearchParams(told);
};
</script>
"""
