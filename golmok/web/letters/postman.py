"""The worker that writes letters and carries them, beside everything else and in nobody's way."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections
from django.utils import timezone

from golmok.domain.orders.gateways import gateways
from golmok.domain.orders.gateways.gateway import Deposit, Unreachable
from golmok.domain.orders.letters.sending import claim, deliver, due_letters
from golmok.domain.orders.letters.writing import write_letters
from golmok.domain.orders.models import Letter, Step
from golmok.web.letters.by_email import Email, mail_is_set_up
from golmok.web.letters.turns import tell_turns

EVERY = 2.0
"""Seconds between looks."""
REST = 20
"""Times as long as a full round worked until the next: in a drop, a twentieth of the processor. Waiting for a
mail server is no work."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Postman:
    """One a process; several processes share the letters through their claims."""

    def __init__(self) -> None:
        # A thread of its own: a slow mail server must not keep rooms or pages waiting.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="letters")
        self._worked = 0.0
        """Seconds of the processor since the last rest."""

    async def run(self) -> None:
        while True:
            self._worked = 0.0
            try:
                has_more = await self.round()
            except Exception:
                log.exception("letters have to wait; trying again")
                has_more = False
            await asyncio.sleep(REST * self._worked if has_more else EVERY)

    async def round(self) -> bool:
        """Write what is new, send what is due; whether there may be more at once."""
        has_mail = mail_is_set_up()
        has_more = await self._do(lambda: write_letters(timezone.now(), mail=has_mail))
        if not has_mail:
            return has_more
        await self._do(lambda: tell_turns(timezone.now()))
        due = await self._do(lambda: due_letters(timezone.now()))
        if due:
            await self._send(due)
        return has_more or bool(due)

    async def _send(self, due: Sequence[int]) -> None:
        channel = await self._do(Email)
        try:
            for letter_id in due:
                await self._send_one(letter_id, channel)
        finally:
            await self._do(channel.close)

    async def _send_one(self, letter_id: int, channel: Email) -> None:
        letter = await self._do(lambda: _claimed(letter_id))
        if letter is None:
            return
        deposit = await _deposit_of(letter)
        await self._do(lambda: deliver(letter, channel, timezone.now(), deposit))

    async def _do(self, work: Callable[[], T]) -> T:
        """In the letters' thread, with a database connection of its own."""

        def done() -> T:
            began = time.thread_time()
            close_old_connections()
            try:
                return work()
            finally:
                close_old_connections()
                self._worked += time.thread_time() - began

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)


def _claimed(letter_id: int) -> Letter | None:
    """With everything that its contents ask for."""
    if not claim(letter_id, timezone.now()):
        return None
    wanted = (
        "news__refund",
        "news__order__shop",
        "news__order__lines",
        "news__order__news",
        "news__order__refunds",
        "news__order__checkout__payment_events",
        "news__order__checkout__orders__refunds",
    )
    return (
        Letter.objects.select_related("checkout__expected_deposit", "shop")
        .prefetch_related(*wanted)
        .get(pk=letter_id)
    )


async def _deposit_of(letter: Letter) -> Deposit | None:
    """Where to send the money, as the gateway says now; without an answer the letter leads to the page."""
    checkout = letter.checkout
    if checkout is None or all(one.step != Step.WAITING for one in letter.news.all()):
        return None
    gateway = gateways().get(checkout.gateway)
    try:
        return await gateway.deposit(checkout.pk.hex) if gateway else None
    except Unreachable:
        return None
