from collections.abc import Iterator

import httpx
import pytest

from golmok.domain.orders.till.writer import Writer
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from tests.serving import served
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


@pytest.fixture
def guest(counter: httpx.Client) -> Buyer:
    return Buyer(counter)
