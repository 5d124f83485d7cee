"""A drop in processes that can be killed: ``python -m tests.domain.drop``, run as a child.

For each line on standard input it forks a seller, says its pid, and when the seller is dead says ``dead``.
The seller's buyers buy without end; every acknowledged purchase is said as ``paid <order number>``.
"""

import asyncio
import os
import sys
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "golmok.settings")
django.setup()

from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import PaymentEvent
from golmok.domain.orders.till.pay import PayTest
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Writer
from golmok.problems import Problem

BUYERS = 12
SOMEBODY = Recipient("김서울", "010-1234-5678", "08754", "서울 관악구 난곡로 1")


def main() -> None:
    for line in sys.stdin:
        variant, shop, show, rounds = line.split()
        pid = os.fork()
        if pid == 0:
            asyncio.run(sell(int(variant), int(shop), show, int(rounds)))
            os._exit(0)
        say(f"seller {pid}")
        os.waitpid(pid, 0)
        say("dead")


async def sell(variant: int, shop: int, show: str, rounds: int) -> None:
    """Twelve buyers, each buying so many times one after the other."""
    writer = Writer()
    writer.start()
    await asyncio.gather(*(buy(writer, variant, shop, show, rounds) for _ in range(BUYERS)))
    await asyncio.to_thread(writer.stop)


async def buy(writer: Writer, variant: int, shop: int, show: str, rounds: int) -> None:
    for _ in range(rounds):
        buyer = f"guest:{uuid4().hex}"
        try:
            kept = await writer.ask(Start(buyer, (Line(variant, 1, show),), 600))
            key = kept.checkout.id
            wishes = {shop: ShopWish("pickup")}
            placed = await writer.ask(Place(buyer, None, key, uuid4().hex, SOMEBODY, wishes, False))
            await writer.ask(PayTest(buyer, key, uuid4().hex, PaymentEvent.Kind.APPROVED))
        except Problem as refusal:
            say(f"refused {refusal.code}")
        else:
            say(f"paid {placed.orders[0].number}")


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main()
