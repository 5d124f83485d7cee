"""Deposits find the transfer they are for by name and sum, and are never guessed, lost or counted twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from unicodedata import normalize
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golmok.domain.orders.matching import Awaited, Came, Reason, assign, find, same_name

NOON = datetime(2022, 7, 20, 12, tzinfo=ZoneInfo("Asia/Seoul"))
DAY = timedelta(days=1)


def came(name: str = "김서울", amount: int = 12900, at: datetime = NOON, key: int = 1) -> Came:
    return Came(key, at, amount, name)


def awaited(
    name: str = "김서울", amount: int = 12900, number: int = 1, *, since: int = -60, given_up: bool = False
) -> Awaited:
    """`since` is in minutes from noon."""
    begin = NOON + timedelta(minutes=since)
    return Awaited(UUID(int=number), name, amount, begin, begin + DAY, given_up)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("김서울", "김 서울"),
        (normalize("NFD", "김서울"), "김서울"),
        ("김서울1234", "김서울"),
        ("김서울", "김서울0101"),
        ("0101김서울", "김서울 0101"),
        ("김서울(0101)", "김서울"),
        ("㈜골목", "주식회사 골목"),
        ("골목(주)", "골목"),
        ("ＫＩＭ", "kim"),
        ("골목상인", "골목상인회연합"),
        ("(주)골목상인", "주식회사 골목상인회"),
        ("1234", "1234"),
    ],
)
def test_the_same_person(printed: str, typed: str) -> None:
    assert same_name(printed, typed)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("김서울", "이서울"),
        ("김서", "김서울"),
        ("김서울", "김서"),
        ("골목상인회연합", "골목상인"),
        ("김서울1234", "김서울5678"),
        ("1234", "5678"),
        ("1234", "김서울1234"),
        ("", ""),
        ("주식회사", "(주)"),
        ("", "김서울"),
    ],
)
def test_another_person(printed: str, typed: str) -> None:
    assert not same_name(printed, typed)


def test_name_and_sum_of_one_fit() -> None:
    finding = find(came(), [awaited(), awaited("이서울", number=2), awaited(amount=5000, number=3)])
    assert (finding.reason, [one.checkout.int for one in finding.candidates]) == (Reason.FITS, [1])


def test_two_that_fit_are_left_to_the_organiser() -> None:
    finding = find(came(), [awaited(), awaited("김서울7", number=2)])
    assert (finding.reason, len(finding.candidates)) == (Reason.SEVERAL, 2)


def test_a_number_after_the_name_tells_two_apart() -> None:
    both = [awaited("김서울 7"), awaited("김서울", number=2)]
    finding = find(came("김서울7"), both)
    assert (finding.reason, [one.checkout.int for one in finding.candidates]) == (Reason.FITS, [1])


def test_another_sum_names_who_may_be_meant() -> None:
    finding = find(came(amount=12000), [awaited(), awaited("이서울", 12000, number=2)])
    assert (finding.reason, [one.checkout.int for one in finding.candidates]) == (Reason.AMOUNT, [1])


def test_an_unknown_name_suggests_the_same_sum() -> None:
    finding = find(came("박서울"), [awaited(), awaited(amount=1, number=2)])
    assert (finding.reason, [one.checkout.int for one in finding.candidates]) == (Reason.UNKNOWN, [1])
    assert find(came("박서울", 7), [awaited()]).candidates == ()


@pytest.mark.parametrize("minutes", [24 * 60 - 60 + 1, -62], ids=["too late", "before it was ordered"])
def test_out_of_its_time_it_is_left_to_the_organiser(minutes: int) -> None:
    finding = find(came(at=NOON + timedelta(minutes=minutes)), [awaited()])
    assert (finding.reason, len(finding.candidates)) == (Reason.LATE, 1)


def test_who_gave_up_is_not_made_to_buy() -> None:
    assert find(came(), [awaited(given_up=True)]).reason == Reason.LATE


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, Reason.LATE), (0, Reason.FITS), (1, Reason.FITS), (2, Reason.LATE)]
)
def test_a_bank_that_tells_only_the_day_is_believed_for_the_day(days: int, reason: Reason) -> None:
    midnight = NOON.replace(hour=0) + days * DAY
    assert find(came(at=midnight), [awaited()]).reason == reason


def test_what_one_paid_the_next_cannot() -> None:
    twice = [came(key=1), came(key=2, at=NOON + timedelta(seconds=1))]
    first, second = (finding for _, finding in assign(twice, [awaited()]))
    assert (first.reason, second.reason) == (Reason.FITS, Reason.AMOUNT)


# --- whatever comes

NAMES = st.sampled_from(
    ["김서울", "김서울7", "김 서울", "이서울", "골목상인회", "골목상인", "㈜골목상인회", "7", ""]
)
SUMS = st.sampled_from([100, 200])
MINUTES = st.integers(-3000, 3000)
DEPOSITS = st.lists(st.tuples(NAMES, SUMS, MINUTES), max_size=8)
TRANSFERS = st.lists(st.tuples(NAMES, SUMS, MINUTES, st.booleans()), max_size=6)


def deposits(drawn: Sequence[tuple[str, int, int]]) -> list[Came]:
    return [
        came(name, amount, NOON + timedelta(minutes=minutes), key)
        for key, (name, amount, minutes) in enumerate(drawn)
    ]


def transfers(drawn: Sequence[tuple[str, int, int, bool]]) -> list[Awaited]:
    return [
        awaited(name, amount, number, since=since, given_up=given_up)
        for number, (name, amount, since, given_up) in enumerate(drawn)
    ]


@given(DEPOSITS, TRANSFERS)
def test_no_deposit_is_lost_and_nothing_is_paid_twice(
    drawn: list[tuple[str, int, int]], expected: list[tuple[str, int, int, bool]]
) -> None:
    all_came, all_awaited = deposits(drawn), transfers(expected)
    findings = assign(all_came, all_awaited)
    assert sorted(one.key for one, _ in findings) == [one.key for one in all_came]
    fits = [(one, finding.candidates[0]) for one, finding in findings if finding.reason == Reason.FITS]
    assert all(len(finding.candidates) == 1 for _, finding in findings if finding.reason == Reason.FITS)
    paid = Counter(to.checkout for _, to in fits)
    assert all(times == 1 for times in paid.values())
    asked = {one.checkout: one for one in all_awaited}
    assert sum(one.amount for one, _ in fits) == sum(asked[key].amount for key in paid)
    for one, to in fits:
        assert same_name(one.name, to.name) and not to.is_given_up
        assert to.since - timedelta(minutes=1) <= one.at <= to.until or one.at.hour == one.at.minute == 0


@given(DEPOSITS, TRANSFERS)
def test_what_fits_is_the_only_one_that_could_be_meant(
    drawn: list[tuple[str, int, int]], expected: list[tuple[str, int, int, bool]]
) -> None:
    all_awaited = transfers(expected)
    for one in deposits(drawn):
        finding = find(one, all_awaited)
        if finding.reason == Reason.FITS:
            (meant,) = finding.candidates
            others = [other for other in all_awaited if other != meant]
            alike = [other for other in others if find(one, [other]).reason == Reason.FITS]
            assert all(other.name != meant.name or other.name[-1:] != "7" for other in alike)
            assert not alike or one.name.endswith("7")


@given(DEPOSITS, TRANSFERS)
def test_what_is_suggested_is_awaited(
    drawn: list[tuple[str, int, int]], expected: list[tuple[str, int, int, bool]]
) -> None:
    all_awaited = transfers(expected)
    keys = {one.checkout for one in all_awaited}
    for _, finding in assign(deposits(drawn), all_awaited):
        assert {one.checkout for one in finding.candidates} <= keys
