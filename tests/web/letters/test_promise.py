"""An e-mail address is asked for where mail goes out, and nowhere else."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.festa_day import FestaDay, open_festa_day


@pytest.fixture
def today(db: None) -> FestaDay:
    return open_festa_day()


def checkout_of(day: FestaDay, language: str = "") -> str:
    html = Client().get(f"{language}/shows/{day.show.pk}/").content.decode()
    return html.split('id="checkout"', 1)[1].split("</dialog>", 1)[0]


def test_without_mail_no_address_is_asked(today: FestaDay) -> None:
    assert 'name="email"' not in checkout_of(today)


def test_a_trial_that_writes_mail_into_files_says_so(today: FestaDay, settings: Settings) -> None:
    settings.MAIL_KIND = "file"
    form = checkout_of(today)
    assert "메일은 보내지 않고 파일로만 적어 두어요" in form and "확인 메일을 보내 드려요" not in form


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("", "주문이 바뀔 때 메일을 보내 드려요. 광고는 보내지 않아요."),
        ("/en", "We write there when something becomes of your order. No advertising."),
    ],
)
def test_with_mail_it_may_be_given_and_says_what_for(
    today: FestaDay, settings: Settings, language: str, why: str
) -> None:
    settings.MAIL_KIND = "smtp"
    form = checkout_of(today, language)
    field = form.split('id="co-email"')[1].split(">")[0]
    assert "required" not in field and 'type="email"' in field
    assert why in form
