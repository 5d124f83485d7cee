"""Asking gateways in the background what became of a checkout, however often somebody wants to know."""

import asyncio
import logging

from golmok.domain.orders.gateways.asking import Recorder, ask_gateway
from golmok.domain.orders.gateways.gateway import Gateway, Unreachable
from golmok.domain.orders.gateways.rounds import InThread
from golmok.domain.orders.models import Checkout

TRY_AGAIN = (5, 30)
"""Seconds until a question is put again when the gateway was not reached; after that the rounds ask."""
PAUSE = 2.0
"""Seconds between two questions about one checkout: gateways refuse who asks all the time."""
AT_A_TIME = 4
"""Questions at a gateway. Buyers who come back from its window ask beside them."""
MOST = 2000
"""Checkouts asked about or to be asked about."""

log = logging.getLogger(__name__)


class Asking:
    def __init__(self, record: Recorder, in_thread: InThread) -> None:
        self._record, self._in_thread = record, in_thread
        self._woken: dict[tuple[str, str], bool] = {}
        """Questions under way, and whether to put them once more after that."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking = asyncio.Semaphore(1)
        """In the few threads for the database, others want to be answered too."""
        self._places = asyncio.Semaphore(AT_A_TIME)

    def wake(self, gateway: Gateway, checkout: str) -> bool:
        """Asks in the background. However many messages come, one question waits at the most.

        False when too many wait: then nothing is done.
        """
        about = (gateway.name, checkout)
        if about in self._woken:
            self._woken[about] = True
            return True
        if len(self._woken) >= MOST:
            return False
        self._woken[about] = False
        task = asyncio.create_task(self._ask_until_told(gateway, checkout))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    async def _ask_until_told(self, gateway: Gateway, checkout: str) -> None:
        about = (gateway.name, checkout)
        try:
            async with self._looking:
                is_known = await self._in_thread(_is_known, gateway.name, checkout)
            if not is_known:
                return
            self._woken[about] = True
            while self._woken[about]:
                self._woken[about] = False
                await self._ask_patiently(gateway, checkout)
                await asyncio.sleep(PAUSE)
        except Exception:
            log.exception("%s about %s; the rounds will ask again", gateway.name, checkout)
        finally:
            del self._woken[about]

    async def _ask_patiently(self, gateway: Gateway, checkout: str) -> None:
        for seconds in (*TRY_AGAIN, None):
            try:
                async with self._places:
                    await ask_gateway(gateway, checkout, self._record)
            except Unreachable as lost:
                log.warning("%s about %s: %s", gateway.name, checkout, lost)
                if seconds is not None:
                    await asyncio.sleep(seconds)
            else:
                return


def _is_known(gateway: str, checkout: str) -> bool:
    return Checkout.objects.filter(pk=checkout, gateway=gateway).exists()
