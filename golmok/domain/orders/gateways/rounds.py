"""What one process does for all in the background: asking about unpaid checkouts, and giving money back."""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from golmok.domain.core import lease
from golmok.domain.orders import refunds
from golmok.domain.orders.gateways.asking import Recorder, ask_gateway
from golmok.domain.orders.gateways.gateway import Gateway, Refused, Unreachable
from golmok.domain.orders.models import Checkout, Refund
from golmok.domain.orders.till.pay import TEST_GATEWAY

ASK_AFTER = tuple(
    timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 90, 300, 12 * 60, 24 * 60, 48 * 60, 72 * 60)
)
"""After a checkout was placed. A window is good for half an hour, a webhook is repeated for days."""
UNPAID = "status IN ('placed', 'over') AND NOT (gateway IN ('', 'test'))"
"""As the partial index says it, so that it is used."""
AT_A_TIME = 4

log = logging.getLogger(__name__)


class InThread(Protocol):
    """Runs a function that asks the database, away from the event loop."""

    def __call__(self, question: Any, *args: Any) -> Awaitable[Any]: ...  # noqa: ANN401 - any function


def unpaid(gateways: Collection[str], since: datetime | None, until: datetime) -> list[tuple[str, UUID]]:
    """Gateway and key of unpaid checkouts whose turn came after `since`; all of the last days without it."""
    if since is None:
        turn = Q(placed_at__gt=until - ASK_AFTER[-1], placed_at__lte=until)
    else:
        turn = Q()
        for step in ASK_AFTER:
            turn |= Q(placed_at__gt=since - step, placed_at__lte=until - step)
    found = Checkout.objects.extra(where=[UNPAID]).filter(turn, gateway__in=gateways)  # noqa: S610 - fixed text
    return list(found.order_by("placed_at").values_list("gateway", "pk"))


class Reconciler:
    """Finds the money whose message got lost."""

    def __init__(self, gateways: Mapping[str, Gateway], record: Recorder, in_thread: InThread) -> None:
        self._gateways = {name: one for name, one in gateways.items() if name != TEST_GATEWAY}
        self._record, self._in_thread = record, in_thread
        self._until: datetime | None = None
        self._places = asyncio.Semaphore(AT_A_TIME)

    async def round(self, now: datetime | None = None) -> int:
        """Asks about all whose turn has come; how many. What is unreachable is asked at its next turn."""
        if not self._gateways:
            return 0
        now = now or timezone.now()
        turns = await self._in_thread(unpaid, list(self._gateways), self._until, now)
        self._until = now
        await asyncio.gather(*(self._ask(gateway, checkout.hex) for gateway, checkout in turns))
        return len(turns)

    async def _ask(self, gateway: str, checkout: str) -> None:
        async with self._places:
            try:
                await ask_gateway(self._gateways[gateway], checkout, self._record)
            except Unreachable as lost:
                log.warning("%s was not reached about %s: %s", gateway, checkout, lost)
            except Exception:
                log.exception("%s about %s", gateway, checkout)


class Refunder:
    """Gives back what is owed, once, through the gateway it came by."""

    def __init__(self, gateways: Mapping[str, Gateway], record: Recorder, in_thread: InThread) -> None:
        self._gateways, self._record, self._in_thread = gateways, record, in_thread

    async def round(self, now: datetime | None = None) -> int:
        """Asks for what is owed; how many rows were worked on."""
        names = list(self._gateways)
        for checkout in await self._in_thread(refunds.checkouts_owing, names):
            await self._in_thread(refunds.ask_back, checkout, names)
        claimed = await self._in_thread(refunds.claim_some, now or timezone.now())
        for refund in claimed:
            await self._give_back(refund)
        return len(claimed)

    async def _give_back(self, refund: Refund) -> None:
        """Looks first: an earlier try may have been done, or somebody did it by hand."""
        gateway = self._gateways.get(refund.gateway)
        try:
            if gateway is None:
                raise Refused("gateway-not-configured")
            if await self._is_settled(gateway, refund):
                return
            await gateway.refund(refunds.asked_of(refund))
            if not await self._is_settled(gateway, refund):
                await self._in_thread(refunds.come_back_later, refund)
        except Refused as no:
            log.warning("%s does not give back %s: %s", refund.gateway, refund.key, no.code)
            await self._in_thread(_refused, refund, no)
        except Exception as lost:
            known = isinstance(lost, Unreachable)
            log.warning("%s about %s: %s", refund.gateway, refund.key, lost, exc_info=not known)
            await self._in_thread(refunds.come_back_later, refund)

    async def _is_settled(self, gateway: Gateway, refund: Refund) -> bool:
        await ask_gateway(gateway, refund.checkout_id.hex, self._record)
        return bool(await self._in_thread(refunds.is_settled, refund))


EVERY = 5.0
"""Seconds between rounds."""
ALONE, ALONE_FOR = "payments", 60
"""One process at a time makes the rounds; how many seconds another waits for its next sign of life."""


async def keep_making(reconciler: Reconciler, refunder: Refunder, in_thread: InThread, owner: str) -> None:
    """Rounds until it is cancelled. Two processes at once would do no harm, only ask twice.

    Each kind goes on by itself: asking about all unpaid checkouts may take hours while a gateway hangs.
    """

    async def make(one: Reconciler | Refunder) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                if await in_thread(lease.acquire, ALONE, owner, ALONE_FOR):
                    await one.round()
            except Exception:
                log.exception("a round of the payments failed; the next one tries again")

    await asyncio.gather(make(refunder), make(reconciler))


def _refused(refund: Refund, no: Refused) -> None:
    refunds.note_refusal(refund, no.code, for_now=no.for_now)
