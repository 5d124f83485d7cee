import pytest
from django.test import Client

from tests.web.festa_day import FestaDay, open_festa_day


@pytest.fixture
def day(db: None) -> FestaDay:
    return open_festa_day()


@pytest.fixture
def organiser(day: FestaDay) -> Client:
    client = Client()
    client.force_login(day.organiser, "django.contrib.auth.backends.ModelBackend")
    return client
