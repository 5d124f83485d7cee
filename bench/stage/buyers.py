"""Buyers at the till as browsers send them, all in one process: ``python -m bench.stage.buyers``, a child.

Each buys in a loop on a connection of its own: keep one unit, place the order, pay. Every round is another
guest with a buyer pass of its own, signed beforehand, as the page's private request would have given it.
"""

import argparse
import asyncio
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import uvloop

from bench.stage.report import percentile
from golmok.configuration import CONFIGURATION
from golmok.signing import sign

LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
WARM_UP = 1.0
PATIENCE = 30.0
KIND = "buyer-pass"
FORM = {"name": "김서울", "phone": "01012345678", "postcode": "08754", "address": "서울 관악구 난곡로 1"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Line(asyncio.Protocol):
    """One kept-alive connection: one request at a time, as little work for each as possible."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not found or (length and len(rest) < int(length[1])):
            return
        self._buffer = b""
        if self._answer and not self._answer.done():
            self._answer.set_result(Answer(int(head[9:12]), rest))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or EOFError())

    async def ask(self, request: bytes) -> Answer:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()


@dataclass
class Market:
    """What the buyers want, and what became of it since measuring began."""

    port: int
    show: str
    variant: int
    shop: int
    passes: Iterator[str]
    counting: bool = False
    rounds: list[float] = field(default_factory=list)
    """Seconds of each complete checkout."""
    steps: list[float] = field(default_factory=list)
    """Seconds of each request."""
    refused: Counter[str] = field(default_factory=Counter)
    queued: int = 0
    """Answers that were a place in the line."""

    async def buy(self) -> None:
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        try:
            for token in self.passes:
                began = time.perf_counter()
                paid = await self._round(line, token)
                if self.counting and paid:
                    self.rounds.append(time.perf_counter() - began)
        finally:
            line.close()

    async def _round(self, line: Line, token: str) -> bool:
        wanted = {"variant": self.variant, "quantity": 1, "show": self.show}
        kept = await self._ask(line, token, "", {"lines": [wanted]})
        while kept is not None and "place" in kept:
            self.queued += self.counting
            await asyncio.sleep(kept["ask_again"])
            kept = await self._ask(line, token, "/line", None)
        if kept is None:
            return False
        form = {
            "name": "김서울",
            "phone": "01012345678",
            "postcode": "08754",
            "address": "서울 관악구 난곡로 1",
        }
        wish = {"shop": self.shop, "fulfilment": "pickup"}
        placed = await self._ask(
            line, token, f"/{kept['id']}/orders", form | {"shops": [wish], "consent": True}
        )
        if placed is None:
            return False
        payment = {"outcome": "approve", "reference": placed["payment"]["reference"]}
        paid = await self._ask(line, token, f"/{kept['id']}/payments/test", payment)
        return paid is not None and paid["status"] == "paid"

    async def _ask(self, line: Line, token: str, path: str, body: object) -> dict[str, Any] | None:
        began = time.perf_counter()
        answer = await line.ask(self._request(token, path, b"" if body is None else orjson.dumps(body)))
        if self.counting:
            self.steps.append(time.perf_counter() - began)
        document = orjson.loads(answer.body)
        if answer.status >= 300:
            self.refused[document.get("type", "?")] += 1
            return None
        found: dict[str, Any] = document
        return found

    def _request(self, token: str, path: str, body: bytes) -> bytes:
        key = f"Idempotency-Key: {secrets.token_hex(8)}\r\n" if path.endswith("/orders") else ""
        head = (
            f"{'POST' if body else 'GET'} /api/v1/checkouts{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Accept-Language: ko\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n{key}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def signed_passes(count: int) -> list[str]:
    key = f"buyer-pass:{CONFIGURATION.secret_key}"
    return [sign({"buyer": f"guest:{secrets.token_hex(12)}", "user": None}, key, KIND) for _ in range(count)]


async def measure(market: Market, buyers: int, seconds: float) -> dict[str, object]:
    crowd = [asyncio.create_task(market.buy()) for _ in range(buyers)]
    await asyncio.sleep(WARM_UP)
    market.counting = True
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    market.counting = False
    passed = time.perf_counter() - began
    for buyer in crowd:
        buyer.cancel()
    ended = await asyncio.gather(*crowd, return_exceptions=True)
    broken = Counter(type(one).__name__ for one in ended if isinstance(one, Exception))
    return {
        "buyers": buyers,
        "checkouts_per_s": round(len(market.rounds) / passed),
        "requests_per_s": round(len(market.steps) / passed),
        "p50_ms": _ms(market.steps, 50),
        "p99_ms": _ms(market.steps, 99),
        "checkout_p99_ms": _ms(market.rounds, 99),
        "queued": market.queued,
        "refused": dict(market.refused + broken),
    }


def _ms(values: list[float], percent: float) -> float:
    return round(1000 * (percentile(values, percent) or 0.0), 1)


def main() -> None:
    asked = argparse.ArgumentParser()
    for name in ("--port", "--variant", "--shop", "--buyers"):
        asked.add_argument(name, type=int, required=True)
    asked.add_argument("--show", required=True)
    asked.add_argument("--seconds", type=float, required=True)
    asked.add_argument("--passes", type=int, required=True)
    given = asked.parse_args()
    passes = iter(signed_passes(given.passes))
    market = Market(given.port, given.show, given.variant, given.shop, passes)
    print("ready", flush=True)
    print(orjson.dumps(uvloop.run(measure(market, given.buyers, given.seconds))).decode(), flush=True)


if __name__ == "__main__":
    main()
