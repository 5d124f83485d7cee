from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.web.festa_day import FestaDay, open_festa_day


@pytest.fixture(autouse=True)
def nobody_tried_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def day(db: None) -> FestaDay:
    return open_festa_day()
