"""Which awaited transfer a deposit is for: by amount and the depositor's name, or by nobody's guess.

Money is only assigned when one awaited transfer fits and no other could be meant.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
COMPANY = re.compile(r"\((?:주|유|재|사|株)\)|주식회사|유한회사|재단법인|사단법인")
ENDS = re.compile(r"^(\d*)(.*?)(\d*)$")
SHORTEST_CUT = 4
"""Letters. Banks cut long names off; three letters are a whole name."""


class Reason(StrEnum):
    """What is to be said of a deposit."""

    FITS = "fits"
    SEVERAL = "several"
    """More than one awaited transfer fits."""
    AMOUNT = "amount"
    """The name is known, the sum is another."""
    LATE = "late"
    """Name and sum fit one whose time is over, or whose buyer gave up."""
    UNKNOWN = "unknown"
    """Nobody of that name is awaited."""


@dataclass(frozen=True)
class Came:
    """A deposit."""

    key: int
    at: datetime
    amount: int
    """Won."""
    name: str


@dataclass(frozen=True)
class Awaited:
    """A transfer that a checkout waits for, or waited for."""

    checkout: UUID
    name: str
    amount: int
    """Won that are still missing."""
    since: datetime
    until: datetime
    is_given_up: bool = False


@dataclass(frozen=True)
class Finding:
    reason: Reason
    candidates: tuple[Awaited, ...] = ()
    """The one that fits, or who might be meant, likeliest first."""


def find(came: Came, awaited: Sequence[Awaited]) -> Finding:
    """Which of `awaited` a deposit is for."""
    named = [one for one in awaited if same_name(came.name, one.name)]
    same_sum = [one for one in named if one.amount == came.amount]
    fitting = [one for one in same_sum if not one.is_given_up and _in_time(came, one)]
    if len(fitting) > 1 and _parts(came.name)[1]:
        fitting = [one for one in fitting if _parts(one.name) == _parts(came.name)] or fitting
    if len(fitting) == 1:
        return Finding(Reason.FITS, tuple(fitting))
    if fitting:
        return Finding(Reason.SEVERAL, tuple(fitting))
    if same_sum:
        return Finding(Reason.LATE, _nearest(came, same_sum))
    if named:
        return Finding(Reason.AMOUNT, _nearest(came, named))
    others = [one for one in awaited if one.amount == came.amount]
    return Finding(Reason.UNKNOWN, _nearest(came, others))


def assign(came: Sequence[Came], awaited: Sequence[Awaited]) -> list[tuple[Came, Finding]]:
    """A finding for each deposit, in the order in which they came; what one pays the next cannot."""
    left = {one.checkout: one for one in awaited}
    findings = []
    for one in sorted(came, key=lambda deposit: (deposit.at, deposit.key)):
        finding = find(one, list(left.values()))
        findings.append((one, finding))
        if finding.reason == Reason.FITS:
            (paid,) = finding.candidates
            left[paid.checkout] = replace(paid, amount=0)
    return findings


def same_name(printed: str, typed: str) -> bool:
    """Whether the name that a bank printed may be the one that the buyer typed.

    Spaces, signs, the kind of company and how letters are encoded do not count. A number before or after
    the name may be missing on one side, but two different numbers are two different people.
    """
    (printed_letters, printed_number), (typed_letters, typed_number) = _parts(printed), _parts(typed)
    if printed_number and typed_number and printed_number != typed_number:
        return False
    if not printed_letters or not typed_letters:
        return printed_letters == typed_letters and printed_number == typed_number != ""
    is_cut = len(printed_letters) >= SHORTEST_CUT and typed_letters.startswith(printed_letters)
    return printed_letters == typed_letters or is_cut


def normal(name: str) -> str:
    """Letters and digits alone, in one writing."""
    composed = COMPANY.sub("", normalize("NFKC", name))
    return "".join(letter for letter in composed.casefold() if letter.isalnum())


def _parts(name: str) -> tuple[str, str]:
    """Letters, and the number before or after them."""
    found = ENDS.fullmatch(normal(name))
    if found is None:
        return normal(name), ""
    before, letters, after = found.groups()
    return letters, before + after


def _in_time(came: Came, awaited: Awaited) -> bool:
    """Banks tell seconds, minutes, or only the day."""
    at, since, until = (one.astimezone(SEOUL) for one in (came.at, awaited.since, awaited.until))
    if at.time() == time():
        return since.date() <= at.date() <= until.date()
    return since - timedelta(minutes=1) <= at <= until


def _nearest(came: Came, awaited: Sequence[Awaited]) -> tuple[Awaited, ...]:
    """Those that were asked for before the money came, the latest first."""
    return tuple(sorted(awaited, key=lambda one: (one.since > came.at, -one.since.timestamp())))
