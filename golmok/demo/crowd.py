"""Viewers of the demo, who chat and send hearts, and neighbours who buy, all at the public addresses.

``python -m golmok.demo.crowd URL SHOW``; what they say is in `lines.json`.
"""

import asyncio
import random
import secrets
import signal
import sys
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import orjson

from golmok.demo.caller import Caller, Refused

LINES = Path(__file__).with_name("lines.json")
LEAST_PAUSE, LONGEST_PAUSE = 4.0, 12.0
"""Seconds between two doings of one viewer: at most one request burst in four seconds each."""
LEAVE = 3
"""Units of a variant that stay for the people who try the demo."""
DOINGS = {"chat": 10, "hearts": 6}
FIRST_PURCHASE = 8.0
"""Seconds; whoever tries the demo sees within twenty that things are bought here."""
PURCHASES_APART = 25.0, 35.0
"""Seconds from one to the next. The 160 units that the sample shops may lose so last well over an hour."""
LOOK_AGAIN = 3.0
"""Seconds until the next try when nothing was to be had."""

Person = dict[str, str]


class Viewer:
    def __init__(self, url: str, show_id: str, person: Person, lines: list[str]) -> None:
        self._caller = Caller(url)
        self._show_id = show_id
        self._person = person
        self._lines = lines
        self._pass = ""

    async def watch(self) -> None:
        """For ever."""
        while True:
            try:
                await self._once()
            except Refused as refusal:
                if refusal.status == 401:
                    self._pass = ""
            await asyncio.sleep(random.uniform(LEAST_PAUSE, LONGEST_PAUSE))

    async def _once(self) -> None:
        if not self._pass:
            await self._come_in()
        doing = random.choices(list(DOINGS), list(DOINGS.values()))[0]
        if doing == "chat":
            await self._tell("chat", {"text": random.choice(self._lines)})
        else:
            await self._tell("hearts", {"count": random.randint(1, 8)})

    async def _come_in(self) -> None:
        await self._caller.get(f"/api/v1/me?show={self._show_id}")
        wanted = {"nickname": self._person["nickname"], "show": self._show_id}
        me = await self._caller.post("/api/v1/me/nickname", wanted)
        self._pass = me["room_pass"] or ""

    async def _tell(self, what: str, body: dict[str, object]) -> None:
        await self._caller.post(f"/live/{self._show_id}/{what}", body, Authorization=f"Bearer {self._pass}")


class Neighbour:
    """A guest who comes for one purchase, so that what one buyer may take is enough for every one of them."""

    def __init__(self, caller: Caller, show_id: str, person: Person) -> None:
        self._caller = caller
        self._show_id = show_id
        self._person = person
        self._pass = ""

    async def buy(self) -> bool:
        """Keep, order and pay for one of what is held up; False when nothing is to be had."""
        await self._caller.get(f"/api/v1/me?show={self._show_id}")
        variant = _on_offer(await self._caller.get(f"/api/v1/shows/{self._show_id}"))
        if variant is None:
            return False
        me = await self._caller.post(f"/api/v1/me/buyer?show={self._show_id}")
        self._pass = me["buyer_pass"]
        payment = (await self._order(variant))["payment"]
        await self._ask(payment["pay_url"], {"outcome": "approve", "reference": payment["reference"]})
        return True

    async def _order(self, variant: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON, as it came
        wanted = {"variant": variant["id"], "quantity": 1, "show": self._show_id}
        kept = await self._ask("/api/v1/checkouts", {"lines": [wanted]})
        form = {
            "name": self._person["name"],
            "phone": self._person["phone"],
            "postcode": "08800",
            "address": "서울 관악구 난곡로 1 (예시)",
            "shops": [_wish(shop) for shop in kept["shops"]],
            "consent": True,
        }
        key = {"Idempotency-Key": secrets.token_urlsafe(12)}
        return await self._ask(f"/api/v1/checkouts/{kept['id']}/orders", form, **key)

    async def _ask(self, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401 - JSON, as it came
        return await self._caller.post(path, body, Authorization=f"Bearer {self._pass}", **headers)


def _wish(shop: dict[str, Any]) -> dict[str, Any]:
    ways = {way["kind"] for way in shop["receive"]}
    return {"shop": shop["id"], "fulfilment": "pickup" if "pickup" in ways else "parcel"}


async def buy_in_turn(url: str, show_id: str, people: list[Person]) -> None:
    """For ever, each a neighbour of a session of their own."""
    await asyncio.sleep(FIRST_PURCHASE)
    for person in cycle(people):
        caller, bought = Caller(url), False
        with suppress(Refused):
            bought = await Neighbour(caller, show_id, person).buy()
        await caller.http.aclose()
        await asyncio.sleep(random.uniform(*PURCHASES_APART) if bought else LOOK_AGAIN)


def _on_offer(show: dict[str, Any]) -> dict[str, Any] | None:
    """A variant of which enough is left: of the product held up now, or else of another."""
    variants = [
        (product["id"] == show["pinned"], variant)
        for product in show["products"]
        for variant in product["variants"]
        if variant["left"] > LEAVE and not variant["closed"]
    ]
    held_up = [variant for is_held_up, variant in variants if is_held_up]
    choice = held_up or [variant for _held_up, variant in variants]
    return random.choice(choice) if choice else None


async def main(url: str, show_id: str) -> None:
    said = orjson.loads(LINES.read_bytes())
    people = said["viewers"]
    viewers = [Viewer(url, show_id, person, said["lines"]) for person in people]
    watching = asyncio.gather(*(viewer.watch() for viewer in viewers), buy_in_turn(url, show_id, people))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watching.cancel)
    try:
        await watching
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
