from collections.abc import Iterator

import httpx
import pytest

from golmok.domain.orders.till.writer import Writer
from golmok.web.till.app import TillApp
from golmok.web.till.counter import Counter
from golmok.web.till.door import TillDoor
from tests.serving import served
from tests.web.festa_day import FestaDay, open_festa_day
from tests.web.till.buyer import Buyer


@pytest.fixture
def day(transactional_db: None) -> FestaDay:
    """Committed, so that the writer's own connection sees it."""
    return open_festa_day()


@pytest.fixture(params=["door", "application"])
def address(day: FestaDay, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the till answers with its real writer: by its own door, and as a plain application."""
    writer = Writer()
    writer.start()
    till = TillApp(Counter(writer))
    try:
        with served(till, door_to(till.counter) if request.param == "door" else None) as where:
            yield where
    finally:
        writer.stop()


@pytest.fixture
def counter(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        yield client


def door_to(till: Counter) -> type[TillDoor]:
    class Door(TillDoor):
        counter = till

    return Door


@pytest.fixture
def guest(counter: httpx.Client) -> Buyer:
    return Buyer(counter)
