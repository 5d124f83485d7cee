from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from golmok.configuration import CONFIGURATION
from golmok.demo import pictures
from golmok.demo.sample import SampleLogins, load
from golmok.domain.accounts.models import User
from golmok.domain.festas.actions import go_on_air, pin_product
from golmok.domain.festas.models import Show

# Drawing all the goods takes a second or two: once for all tests is enough.
drawn = cache(pictures.picture)


@pytest.fixture
def sample(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SampleLogins:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("golmok.demo.sample.picture", drawn)
    return load(timezone.now())


@pytest.fixture
def live(sample: SampleLogins) -> Show:
    """The first show, on the air with its first product held up."""
    show = Show.objects.get(pk=sample.show_id)
    merchant = User.objects.get(username=sample.merchant)
    go_on_air(show, merchant)
    pin_product(show, show.offers.select_related("variant__product")[0].variant.product, merchant)
    return Show.objects.get(pk=show.pk)


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Show], None]:
    """Keeps picture of a show, so that it can be watched again; there is none of any other."""
    monkeypatch.setattr("golmok.web.viewer.replays.CONFIGURATION", replace(CONFIGURATION, var=tmp_path))

    def record(show: Show) -> None:
        folder = tmp_path / "shows" / show.pk
        folder.mkdir(parents=True)
        (folder / "index.m3u8").write_text("#EXTM3U\n")

    return record


@pytest.fixture
def client() -> Client:
    """A browser that was never here before."""
    return Client()
