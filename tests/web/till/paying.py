"""The till with what the operator chose to be paid by, over HTTP."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from starlette.types import Receive, Scope, Send

from golmok.configuration import CONFIGURATION
from golmok.domain.orders.gateways.gateway import Gateway
from golmok.domain.orders.till.writer import Writer
from golmok.web.till import payments
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from golmok.web.till.payments import Payments
from tests.serving import served


@contextmanager
def paid_by(chosen: Mapping[str, Gateway], monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr("golmok.web.till.presenting.gateways", lambda: chosen)
    monkeypatch.setattr(
        "golmok.web.till.counter.CONFIGURATION", replace(CONFIGURATION, payments=tuple(chosen))
    )
    writer = Writer()
    writer.start()
    shop = TillApp(Counter(writer))
    desk = Payments(writer, chosen, in_thread)

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        await (desk if payments.serves(scope["path"]) else shop)(scope, receive, send)

    try:
        with served(both) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield client
    finally:
        writer.stop()


async def in_thread(question: Callable[..., Any], *args: Any) -> Any:  # noqa: ANN401 - any function
    """With a database connection of its own."""

    def answer() -> Any:  # noqa: ANN401 - any function's
        try:
            return question(*args)
        finally:
            connection.close()

    return await sync_to_async(answer, thread_sensitive=False)()
