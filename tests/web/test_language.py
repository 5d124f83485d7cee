"""The other language of a page is on this site."""

import re

import pytest
from django.test import Client

from golmok.web.templatetags.golmok import twin_of
from tests.web.festa_day import FestaDay, open_festa_day


@pytest.fixture
def day(db: None) -> FestaDay:
    return open_festa_day()


@pytest.mark.parametrize(
    ("address", "twin"),
    [
        ("/", "/en/"),
        ("/en/", "/"),
        ("/shows/a/?b=//c", "/en/shows/a/?b=//c"),
        ("/en/shows/a/?b=//c", "/shows/a/?b=//c"),
        ("/en//evil.example/x", "/evil.example/x"),
        ("/en////evil.example", "/evil.example"),
        ("//evil.example/x", "/en/evil.example/x"),
    ],
)
def test_the_other_language_of_an_address(address: str, twin: str) -> None:
    assert twin_of(address) == twin


@pytest.mark.parametrize("path", ["/en//evil.example/x", "/en/%2Fevil.example/x", "/en/%5Cevil.example/x"])
def test_no_made_up_address_makes_our_button_lead_away(day: FestaDay, path: str) -> None:
    client = Client()
    client.force_login(day.organiser, "django.contrib.auth.backends.ModelBackend")
    for prefix in ("", "/en/desk"):
        html = client.get(prefix + path).content.decode()
        assert "evil.example" not in html or not re.search(r'href="(/[/\\]|https?:)[^"]*evil', html)
