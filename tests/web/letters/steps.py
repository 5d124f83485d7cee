"""What tests of letters do again and again."""

import asyncio
from datetime import timedelta

from django.utils import timezone

from golmok.domain.orders.models import Checkout, Letter
from golmok.web.letters.postman import Postman
from tests.buying import hold, place
from tests.web.festa_day import FestaDay

BUYER, SHOP = "buyer@example.com", "shop@example.com"


def rounds(times: int = 3) -> None:
    """As the worker does it, until there is nothing left to do."""

    async def go() -> None:
        postman = Postman()
        for _ in range(times):
            await postman.round()

    asyncio.run(go())


def placed(day: FestaDay, buyer: str = "guest:a", email: str = BUYER, name: str = "김서울") -> Checkout:
    return place(hold(day.variant, 2, buyer), email=email, name=name)


def let_be_due() -> None:
    Letter.objects.filter(state=Letter.State.WAITING).update(
        next_try_at=timezone.now() - timedelta(seconds=1)
    )
