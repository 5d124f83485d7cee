"""kill -9 at any moment, again and again: every letter arrives, and doubles are few and known as such."""

import os
import random
import signal
import subprocess
import time
from collections import Counter

import pytest

from golmok.domain.orders.models import Letter, News, Order
from golmok.domain.shops.models import Shop
from tests.buying import hold, pay, place
from tests.domain.processes import running
from tests.web.accounts.post_office import PostOffice
from tests.web.festa_day import FestaDay
from tests.web.letters.reading import got
from tests.web.letters.steps import let_be_due, rounds

BUYERS, KILLS = 40, 25


def one_life(carrier: "subprocess.Popen[bytes]", seconds: float) -> None:
    """A postman that lives so long."""
    assert carrier.stdin is not None and carrier.stdout is not None
    carrier.stdin.write(b"go\n")
    carrier.stdin.flush()
    pid = int(carrier.stdout.readline())
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    assert carrier.stdout.readline() == b"dead\n"


def test_killed_postmen_lose_no_letter(
    day: FestaDay, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    Shop.objects.update(email="")
    monkeypatch.setenv("GOLMOK_MAIL_URL", f"smtp://127.0.0.1:{office.port}")
    chance = random.Random(7)
    paid = 0
    with running("tests.web.letters.carrier") as carrier:
        for _ in range(KILLS):
            for _ in range(min(2, BUYERS - paid)):
                pay(place(hold(day.variant, 1, f"guest:{paid}"), email=f"buyer{paid}@example.com"))
                paid += 1
            one_life(carrier, chance.uniform(0.0, 0.25))
            let_be_due()
    rounds(5)
    arrived = Counter(letter.to for letter in got(office))
    assert arrived.keys() == {f"buyer{number}@example.com" for number in range(paid)}
    assert len({letter.headers["Message-ID"] for letter in got(office)}) == paid
    assert sum(arrived.values()) - paid <= KILLS
    assert News.objects.count() == Letter.objects.filter(state="sent").count() == paid
    assert not Order.objects.exclude(told="paid").exists()
