import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from golmok.domain.orders.till.writer import Writer
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from tests.web.festa_day import FestaDay, open_festa_day
from tests.web.till.buyer import Buyer


@pytest.fixture
def day(transactional_db: None) -> FestaDay:
    """Committed, so that the writer's own connection sees it."""
    return open_festa_day()


@pytest.fixture
def counter(day: FestaDay) -> Iterator[httpx.Client]:
    """The till over HTTP with its real writer."""
    writer = Writer()
    writer.start()
    try:
        with (
            served(TillApp(Counter(writer))) as address,
            httpx.Client(base_url=address) as client,
        ):
            yield client
    finally:
        writer.stop()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The address at which the application answers, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def guest(counter: httpx.Client) -> Buyer:
    return Buyer(counter)
