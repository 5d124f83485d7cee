"""The races of waiting lists and of both kinds of offers, as in test_races.py: red without their guard."""

from collections.abc import Iterator

import pytest

from tests.domain.races.crew import Crew, crew
from tests.domain.races.market import Market
from tests.domain.races.meeting import in_one_batch, is_done, is_done_or_stopped, meet
from tests.domain.races.races import Race
from tests.domain.races.test_races import ROUNDS, wrongs
from tests.domain.races.waiting import RACES

pytestmark = pytest.mark.django_db(transaction=True)
every_race = pytest.mark.parametrize("race", RACES, ids=lambda race: race.arrange.__name__)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture(scope="module")
def processes(django_db_setup: None) -> Iterator[Crew]:
    with crew(2) as hands:
        yield hands


@every_race
def test_the_guard_holds(race: Race, market: Market) -> None:
    meeting = race.arrange(market)
    got = meet(meeting.first, meeting.rival, race.point, is_done_or_stopped)
    assert wrongs(meeting, got) == []


@every_race
def test_without_its_guard_it_breaks(race: Race, market: Market) -> None:
    meeting = race.arrange(market)
    with race.guard():
        got = meet(meeting.first, meeting.rival, race.point, is_done)
        assert race.breach in wrongs(meeting, got)


@every_race
def test_in_one_batch_either_way_round(race: Race, market: Market) -> None:
    for is_turned in (False, True):
        meeting = race.arrange(market)
        got = in_one_batch([meeting.first, meeting.rival], is_turned=is_turned)
        assert wrongs(meeting, got) == []


@every_race
def test_between_processes(race: Race, market: Market, processes: Crew) -> None:
    for _ in range(ROUNDS):
        meeting = race.arrange(market)
        got = processes.at_once([meeting.first, meeting.rival])
        assert wrongs(meeting, got) == []
