"""Buyers in a drop, and what each of them was told. Who got no answer asks again with the same key."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from golmok.web.till.passes import BuyerPass, mint

logging.getLogger("httpx").setLevel(logging.WARNING)
PATH = "/api/v1/checkouts"
FORM = {"name": "김서울", "phone": "010 1234 5678"}
HOW_FAR = ("paid",) * 7 + ("given up", "kept", "ordered")
"""Most pay; some cancel, some walk away with goods in their hands."""
PATIENCE = 30
"""Seconds."""
Json = Any


@dataclass
class Trip:
    """One buyer's way through the till."""

    lines: list[dict[str, object]]
    how_far: str
    buyer: str = field(default_factory=lambda: f"guest:{uuid4().hex}")
    key: str = field(default_factory=lambda: uuid4().hex)
    kept: Json = None
    """What the till said of the checkout; None until it answered."""
    numbers: tuple[str, ...] = ()
    """Orders that were acknowledged."""
    paid: tuple[str, ...] = ()
    """Orders that were acknowledged as paid."""
    payment: Json = None
    given_up: bool = False
    is_done: bool = False
    doubled: bool = False
    """The same key got another order."""

    async def go_on(self, till: httpx.AsyncClient, heard: Callable[[], None]) -> None:
        """From where it was interrupted, to its end. A refusal is an end."""
        headers = {"Authorization": f"Bearer {mint(BuyerPass(self.buyer, None))}"}

        async def ask(method: str, path: str, body: object = None, key: str = "") -> Json:
            extra = {"Idempotency-Key": key} if key else {}
            answer = await till.request(method, path, json=body, headers=headers | extra)
            heard()
            assert answer.status_code < 500 or answer.status_code == 503, answer.text
            return answer.json() if answer.status_code < 300 else None

        await self._steps(ask)
        self.is_done = True

    async def _steps(self, ask: Callable[..., Any]) -> None:
        if self.kept is None:
            self.kept = await ask("POST", PATH, {"lines": self.lines})
        if self.kept is None or self.how_far == "kept":
            return
        mine = f"{PATH}/{self.kept['id']}"
        if self.how_far == "given up":
            self.given_up = await ask("DELETE", mine) is not None
            return
        if self.payment is None and not await self._order(ask, mine):
            return
        if self.how_far == "paid":
            body = {"outcome": "approve", "reference": self.payment["reference"]}
            if told := await ask("POST", f"{mine}/payments/test", body):
                self.paid = tuple(one["number"] for one in told["orders"] if one["status"] == "paid")

    async def _order(self, ask: Callable[..., Any], mine: str) -> bool:
        wishes = [{"shop": shop["id"], "fulfilment": "pickup"} for shop in self.kept["shops"]]
        told = await ask("POST", f"{mine}/orders", FORM | {"shops": wishes}, key=self.key)
        if told is None:
            return False
        numbers = tuple(sorted(one["number"] for one in told["orders"]))
        self.doubled = bool(self.numbers) and self.numbers != numbers
        self.numbers = numbers
        # Who is told later that there is nothing to pay any more has been paid, or ran out.
        self.payment = told["payment"] or {"reference": uuid4().hex}
        return True


class Drop:
    """Buyers who press again and again, until they are stopped."""

    def __init__(self, goods: list[tuple[int, str]], seed: int) -> None:
        self._goods = goods
        self._chance = random.Random(seed)
        self.trips: list[Trip] = []
        self.answers = 0

    async def rush(self, address: str, buyers: int, enough: int, death: "asyncio.Future[Any]") -> None:
        """Until there were so many answers more, or `death`. Who was interrupted comes first."""
        waiting, stop_at = self.unfinished, self.answers + enough
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as till:
            tasks = [asyncio.create_task(self._buy(till, waiting, stop_at)) for _ in range(buyers)]
            crowd = asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.wait([death, crowd], return_when=asyncio.FIRST_COMPLETED)
            # Who is just connecting to the dead would stand there until another comes to life.
            await asyncio.wait(tasks, timeout=0.2)
            for task in tasks:
                task.cancel()
            await crowd
        wrong = (task.exception() for task in tasks if not task.cancelled())
        if (first := next((one for one in wrong if one is not None), None)) is not None:
            raise first

    @property
    def unfinished(self) -> list[Trip]:
        return [trip for trip in self.trips if not trip.is_done]

    async def _buy(self, till: httpx.AsyncClient, waiting: list[Trip], stop_at: int) -> None:
        while waiting or self.answers < stop_at:
            trip = waiting.pop() if waiting else self._new()
            try:
                await trip.go_on(till, self._heard)
            except httpx.TransportError:
                return

    def _new(self) -> Trip:
        goods = self._chance.sample(self._goods, self._chance.choice([1, 1, 2]))
        lines: list[dict[str, object]] = [
            {"variant": variant, "quantity": 1, "show": show} for variant, show in goods
        ]
        trip = Trip(lines, self._chance.choice(HOW_FAR))
        self.trips.append(trip)
        return trip

    def _heard(self) -> None:
        self.answers += 1
