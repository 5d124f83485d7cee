from collections.abc import Iterator

import pytest
from pytest_django import Settings

from golmok.domain.shops.models import Shop
from golmok.settings import mail
from tests.web.accounts.post_office import PostOffice, post_office
from tests.web.festa_day import FestaDay, open_festa_day


@pytest.fixture
def day(transactional_db: None) -> FestaDay:
    """Committed, as the letters' own thread must see it. The shop can be written to."""
    day = open_festa_day(units=200)
    Shop.objects.update(email="shop@example.com", mail_order_number="2026-서울관악-0007")
    day.shop.refresh_from_db()
    return day


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """A mail server that takes everything."""
    with post_office() as office:
        meant = mail(f"smtp://127.0.0.1:{office.port}")
        settings.MAIL_KIND, settings.EMAIL_BACKEND = meant.kind, meant.backend
        settings.EMAIL_HOST, settings.EMAIL_PORT = meant.host, meant.port
        settings.DEFAULT_FROM_EMAIL = "festa@golmok.example"
        yield office
