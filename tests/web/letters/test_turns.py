"""The mail to whose turn in a waiting list came."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from pytest_django import Settings

from golmok.domain.orders.actions import give_up_checkout, put_on_sale, wait_for, wait_no_more
from golmok.domain.orders.models import Checkout, Waiting
from golmok.domain.orders.till.start import Line
from golmok.web.letters.turns import tell_turns
from tests.buying import hold, let_expire
from tests.web.festa_day import FestaDay

WHO = "waits@example.com"


@pytest.fixture
def kept(day: FestaDay) -> Checkout:
    """All five, by somebody else; and somebody with an address waits."""
    put_on_sale(day.variant, 5)
    kept = hold(day.variant, 5, buyer="guest:a")
    line = Line(day.variant.pk, 1, day.show.pk)
    wait_for(buyer="guest:w", line=line, email=WHO, language="en")
    return kept


def told(mailoutbox: list[EmailMultiAlternatives]) -> int:
    tell_turns(timezone.now())
    return len(mailoutbox)


def test_whose_turn_came_is_told_once_in_their_language(
    day: FestaDay, kept: Checkout, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    assert told(mailoutbox) == 0
    give_up_checkout(kept.pk, "guest:a")
    assert told(mailoutbox) == told(mailoutbox) == 1
    mail = mailoutbox[0]
    assert mail.to == [WHO]
    assert "your turn" in mail.subject
    assert f"/en/shows/{day.show.pk}/" in mail.body and "9 minutes" in mail.body
    assert mail.from_email.startswith("Golmok <")
    assert mail.extra_headers == {"Auto-Submitted": "auto-generated", "Content-Language": "en"}
    html = str(mail.alternatives[0][0])
    assert f"/en/shows/{day.show.pk}/" in html and "Order now" in html
    assert Waiting.objects.get().email == ""


def test_who_left_the_list_is_told_nothing_and_forgotten(
    day: FestaDay, kept: Checkout, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    wait_no_more(buyer="guest:w", variant=day.variant)
    give_up_checkout(kept.pk, "guest:a")
    assert told(mailoutbox) == 0
    assert Waiting.objects.get().email == ""


def test_a_turn_that_is_over_is_not_told(kept: Checkout, mailoutbox: list[EmailMultiAlternatives]) -> None:
    give_up_checkout(kept.pk, "guest:a")
    let_expire(Checkout.objects.get(buyer="guest:w"))
    assert told(mailoutbox) == 0
    assert Waiting.objects.get().email == ""


def test_a_server_that_takes_no_mail_holds_up_nobody(
    kept: Checkout, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    give_up_checkout(kept.pk, "guest:a")
    tell_turns(timezone.now() + timedelta(seconds=1))
    assert "could not be told" in caplog.text and WHO not in caplog.text
