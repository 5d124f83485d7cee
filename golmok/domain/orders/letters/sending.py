"""Handing letters over, once each: claim, deliver, note it. Nothing of this runs inside the delivery's time.

A letter is claimed by putting its next try behind the claim's end, in one conditional write. Who dies while
delivering leaves it to be tried again then. So no letter is lost, and one arrives twice only when the crash
fell between the server's acknowledgement and our note of it.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from golmok.domain.orders.gateways.gateway import Deposit
from golmok.domain.orders.letters.channels import Channel, NotNow, Outdated, Undeliverable
from golmok.domain.orders.models import Letter

CLAIM = timedelta(minutes=5)
"""Longer than any delivery takes: each step of SMTP times out by itself."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""After each try that failed; after one more it is given up, some 20 hours after the first."""
MOST = 50
"""Letters taken up at a time."""

log = logging.getLogger(__name__)


def due_letters(now: datetime) -> list[int]:
    """Ids, in the order in which they are due."""
    due = Letter.objects.filter(state=Letter.State.WAITING, next_try_at__lte=now)
    return list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:MOST])


def claim(letter_id: int, now: datetime) -> bool:
    """Have the letter to oneself for the time of `CLAIM`; False when another was quicker."""
    free = Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING, next_try_at__lte=now)
    return bool(free.update(next_try_at=now + CLAIM, attempts=F("attempts") + 1))


def deliver(letter: Letter, channel: Channel, now: datetime, deposit: Deposit | None = None) -> None:
    """Hand a claimed letter over, and note what came of it. Raises nothing: others wait behind it."""
    try:
        channel.deliver(letter, deposit)
    except Outdated:
        _note(letter, state=Letter.State.OUTDATED, trouble="")
    except Undeliverable as hopeless:
        _give_up(letter, str(hopeless))
    except NotNow as refusal:
        _try_later(letter, str(refusal), now)
    except Exception as fault:
        log.exception("letter %s could not be made", letter.pk)
        _try_later(letter, type(fault).__name__, now)
    else:
        _note(letter, state=Letter.State.SENT, sent_at=now, trouble="")


def send_again(letter: Letter, now: datetime) -> bool:
    """At the desk's word: once more from the beginning. False for a letter that was not given up."""
    given_up = Letter.objects.filter(pk=letter.pk, state=Letter.State.GIVEN_UP)
    return bool(given_up.update(state=Letter.State.WAITING, attempts=0, next_try_at=now))


def _try_later(letter: Letter, trouble: str, now: datetime) -> None:
    if letter.attempts > len(PAUSES):
        _give_up(letter, trouble)
        return
    log.warning("letter %s was not taken (%s), try %s", letter.pk, trouble, letter.attempts)
    _note(letter, next_try_at=now + PAUSES[letter.attempts - 1], trouble=trouble[:80])


def _give_up(letter: Letter, trouble: str) -> None:
    log.error("letter %s was given up: %s", letter.pk, trouble)
    _note(letter, state=Letter.State.GIVEN_UP, trouble=trouble[:80])


def _note(letter: Letter, **facts: object) -> None:
    Letter.objects.filter(pk=letter.pk, attempts=letter.attempts).update(**facts)
