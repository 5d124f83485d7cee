"""Three viewers of the demo, who chat, send hearts and now and then buy, all at the public addresses.

``python -m golmok.demo.crowd URL SHOW``; what they say is in `lines.json`.
"""

import asyncio
import random
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

import orjson

from golmok.demo.caller import Caller, Refused

LINES = Path(__file__).with_name("lines.json")
LEAST_PAUSE, LONGEST_PAUSE = 4.0, 12.0
"""Seconds between two doings of one viewer: at most one request burst in four seconds each."""
LEAVE = 3
"""Units of a variant that stay for the people who try the demo."""
DOINGS = {"chat": 10, "hearts": 6, "buy": 1}


class Viewer:
    def __init__(self, url: str, show_id: str, person: dict[str, str], lines: list[str]) -> None:
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
        elif doing == "hearts":
            await self._tell("hearts", {"count": random.randint(1, 8)})
        else:
            await self._buy()

    async def _come_in(self) -> None:
        await self._caller.get(f"/api/v1/me?show={self._show_id}")
        wanted = {"nickname": self._person["nickname"], "show": self._show_id}
        me = await self._caller.post("/api/v1/me/nickname", wanted)
        self._pass = me["room_pass"] or ""

    async def _tell(self, what: str, body: dict[str, object]) -> None:
        await self._caller.post(f"/live/{self._show_id}/{what}", body, Authorization=f"Bearer {self._pass}")

    async def _buy(self) -> None:
        show = await self._caller.get(f"/api/v1/shows/{self._show_id}")
        variant = _on_offer(show)
        if variant is None:
            return
        wanted = {"variant": variant["id"], "quantity": 1, "show": self._show_id}
        hold = await self._caller.post("/api/v1/holds", wanted)
        ways = {way["kind"] for way in hold["receive"]}
        form = {
            "hold": hold["id"],
            "name": self._person["name"],
            "phone": self._person["phone"],
            "fulfilment": "pickup" if "pickup" in ways else "parcel",
            "postcode": "08800",
            "address": "서울 관악구 난곡로 1 (예시)",
            "consent": True,
        }
        key = {"Idempotency-Key": secrets.token_urlsafe(12)}
        order = await self._caller.post("/api/v1/orders", form, **key)
        payment = order["payment"]
        await self._caller.post(payment["pay_url"], {"outcome": "approve", "reference": payment["reference"]})


def _on_offer(show: dict[str, Any]) -> dict[str, Any] | None:
    """A variant of the product held up now, while enough of it is left."""
    variants = [
        variant
        for product in show["products"]
        if product["id"] == show["pinned"]
        for variant in product["variants"]
        if variant["left"] > LEAVE and not variant["closed"]
    ]
    return random.choice(variants) if variants else None


async def main(url: str, show_id: str) -> None:
    said = orjson.loads(LINES.read_bytes())
    viewers = [Viewer(url, show_id, person, said["lines"]) for person in said["viewers"]]
    watching = asyncio.gather(*(viewer.watch() for viewer in viewers))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watching.cancel)
    try:
        await watching
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
