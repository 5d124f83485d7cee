from collections.abc import Iterator

import pytest

from golmok.configuration import Toss
from golmok.domain.orders.gateways.toss import TossGateway
from golmok.domain.shops.models import Variant
from tests.domain.gateways.alley import Alley
from tests.gateways.toss import CLIENT_KEY, SECRET_KEY, FakeToss
from tests.serving import served


@pytest.fixture
def fake() -> Iterator[FakeToss]:
    fake = FakeToss()
    with served(fake.app) as address:
        fake.address = address
        yield fake


@pytest.fixture
def toss(fake: FakeToss) -> TossGateway:
    """Our adapter, speaking with the fake."""
    methods = ("card", "virtual_account")
    return TossGateway(Toss(CLIENT_KEY, SECRET_KEY, fake.address, fake.address + "/v2/standard", methods))


@pytest.fixture
def alley(fake: FakeToss, toss: TossGateway, variant: Variant) -> Alley:
    return Alley(fake, toss)
