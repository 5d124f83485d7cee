"""Every journey has its own server and its own people; one browser serves a file of journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.people import Guest, Merchant
from tests.journeys.server import Sample, Server, sample, serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    with sample(tmp_path_factory.mktemp("sample") / "var") as made:
        yield made


@pytest.fixture
def server(loaded: Sample, tmp_path: Path) -> Iterator[Server]:
    with serving(loaded, tmp_path / "var") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def merchant(server: Server, browser: Browser) -> Iterator[Merchant]:
    with browser.new_context(**Merchant.DEVICE) as context:
        yield Merchant(context, server)


@pytest.fixture
def guest(server: Server, browser: Browser) -> Iterator[Guest]:
    with browser.new_context(**Guest.DEVICE) as context:
        yield Guest(context, server)


@pytest.fixture
def passer_by(server: Server, browser: Browser) -> Iterator[Guest]:
    """Somebody else who only watches, at a desk."""
    with browser.new_context(**Guest.AT_A_DESK) as context:
        yield Guest(context, server)
