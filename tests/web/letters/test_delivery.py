"""Servers that refuse, processes that die: no letter is lost, and who gives up says so."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from golmok.domain.orders.letters import sending, writing
from golmok.domain.orders.letters.sending import PAUSES, send_again
from golmok.domain.orders.models import Letter, Order
from golmok.domain.shops.models import Shop
from golmok.web.letters import by_email, postman
from tests.buying import hold, pay, place
from tests.web.accounts.post_office import PostOffice
from tests.web.festa_day import FestaDay
from tests.web.letters.reading import got, to
from tests.web.letters.steps import BUYER, SHOP, let_be_due, placed, rounds


class Killed(BaseException):
    """The process is gone at this very point."""


@pytest.fixture
def quiet_shop(day: FestaDay) -> None:
    """Only the buyer is written to."""
    Shop.objects.update(email="")


@pytest.mark.usefixtures("quiet_shop")
def test_a_server_that_is_busy_is_asked_again_and_again(day: FestaDay, office: PostOffice) -> None:
    office.answers[b"RCPT"] = "451 come back later"
    pay(placed(day))
    rounds()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.trouble) == ("waiting", 1, "SMTP 451")
    assert letter.next_try_at > timezone.now()
    office.answers[b"RCPT"] = "250 ok"
    rounds()
    assert got(office) == [], "not before its time"
    let_be_due()
    rounds()
    assert len(got(office)) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == ("sent", "")


@pytest.mark.usefixtures("quiet_shop")
def test_a_server_that_is_away_loses_nothing(day: FestaDay, office: PostOffice) -> None:
    office.answers[b"EHLO"] = "421 closing"
    pay(placed(day))
    rounds()
    assert Letter.objects.get().state == "waiting"
    office.answers[b"EHLO"] = "250 here"
    let_be_due()
    rounds()
    assert [letter.to for letter in got(office)] == [BUYER]


@pytest.mark.usefixtures("quiet_shop")
def test_after_the_last_try_it_is_given_up_and_can_be_sent_again(day: FestaDay, office: PostOffice) -> None:
    office.answers[b"RCPT"] = "451 come back later"
    pay(placed(day))
    for _ in range(len(PAUSES) + 1):
        rounds(1)
        let_be_due()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts) == ("given_up", len(PAUSES) + 1)
    office.answers[b"RCPT"] = "250 ok"
    assert send_again(letter, timezone.now())
    rounds()
    assert len(got(office)) == 1
    assert not send_again(letter, timezone.now()), "what was sent is not sent again"


@pytest.mark.usefixtures("quiet_shop")
def test_an_address_that_does_not_exist_is_given_up_at_once_and_named_nowhere(
    day: FestaDay, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office.answers[b"RCPT"] = f"550 <{BUYER}> unknown"
    pay(placed(day))
    rounds()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.trouble) == ("given_up", 1, "SMTP 550")
    assert "given up" in caplog.text and BUYER not in caplog.text


def test_a_letter_that_cannot_be_made_does_not_stop_the_others(
    day: FestaDay, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_of: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(by_email, "buyer_contents", broken)
    pay(placed(day))
    rounds()
    assert [letter.to for letter in got(office)] == [SHOP]
    assert Letter.objects.get(audience="buyer").trouble == "ZeroDivisionError"


STEPS: dict[str, tuple[Any, str, int]] = {
    "before a change is noted as told": (writing, "_mark", 1),
    "before anybody is asked what is due": (postman, "due_letters", 1),
    "before a letter is handed over": (postman, "deliver", 1),
    "after the server took it": (sending, "_note", 2),
}
"""The function at whose beginning it dies, and how often the letter arrives then."""


@pytest.mark.usefixtures("quiet_shop")
@pytest.mark.parametrize("step", STEPS)
def test_dying_loses_nothing(
    day: FestaDay, office: PostOffice, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    module, name, arrivals = STEPS[step]
    pay(placed(day))
    with monkeypatch.context() as dying:
        dying.setattr(module, name, _dying)
        with pytest.raises(Killed):
            rounds()
    rounds()
    let_be_due()
    rounds()
    letters = to(office, BUYER)
    assert len(letters) == arrivals
    assert len({letter.headers["Message-ID"] for letter in letters}) == 1
    assert not Order.objects.exclude(told="paid").exists()


def test_many_workers_send_each_letter_once(day: FestaDay, office: PostOffice) -> None:
    for number in range(12):
        pay(place(hold(day.variant, 1, f"guest:{number}"), email=f"buyer{number}@example.com"))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: _round_and_close(), range(4)))
    rounds()
    recipients = [letter.to for letter in got(office) if letter.to != SHOP]
    assert sorted(recipients) == sorted(f"buyer{number}@example.com" for number in range(12))


def _round_and_close() -> None:
    try:
        rounds(2)
    finally:
        connection.close()


def _dying(*_of: object, **_more: object) -> None:
    raise Killed
