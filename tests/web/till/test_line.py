"""When more want to buy in a moment than the till can answer: a place, a number, and in the end the goods."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golmok.domain.orders.models import Checkout, Hold
from golmok.domain.orders.till.batch import Command
from golmok.domain.orders.till.start import Line, Start
from golmok.domain.orders.till.writer import Deliver
from golmok.problems import Problem
from golmok.web.till.line import WaitingLine
from golmok.web.till.pace import Pace
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, problem, said
from tests.web.till.rush import LINE, Rush, rush, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hurry(day: FestaDay) -> Iterator[Rush]:
    with rush() as one:
        yield one


def test_who_comes_while_the_till_is_busy_gets_a_number_and_in_the_end_the_goods(
    day: FestaDay, hurry: Rush
) -> None:
    first, second = hurry.buyer(), hurry.buyer()
    with hurry.busy(day):
        answer = first.press(day)
        place = said(answer, 202)
        assert (place["place"], place["ahead"]) == (1, 1)
        assert place["seconds"] >= place["ask_again"] >= 1
        assert answer.headers["Retry-After"] == str(place["ask_again"])
        assert second.stand(day)["ahead"] == 2
        assert said(second.ask(), 202)["place"] == 2
    kept = said(first.outcome())
    assert (kept["status"], kept["lines"][0]["quantity"]) == ("open", 1)
    assert said(first.pay(first.place(kept)))["status"] == "paid"
    assert said(second.outcome())["status"] == "open"


def test_while_nobody_waits_everything_is_answered_at_once(day: FestaDay, hurry: Rush) -> None:
    buyer = hurry.buyer()
    buyer.keep(day)
    problem(buyer.ask(), 404, "not-in-line")


def test_units_go_out_in_the_order_of_arrival(day: FestaDay, hurry: Rush) -> None:
    buyers = [hurry.buyer() for _ in range(9)]
    with hurry.busy(day):
        places = [buyer.stand(day)["place"] for buyer in buyers]
    assert places == sorted(places)
    assert [buyer.outcome().status_code for buyer in buyers] == [200] * 5 + [409] * 4
    problem(buyers[-1].ask(), 409, "sold-out")


def test_two_tabs_and_a_reload_have_one_place_and_the_newest_wish(day: FestaDay, hurry: Rush) -> None:
    buyer, other = hurry.buyer(), hurry.buyer()
    with hurry.busy(day):
        place = buyer.stand(day)["place"]
        other.stand(day)
        with httpx.Client(base_url=hurry.address) as elsewhere:
            tab = Buyer(elsewhere)
            tab.headers = buyer.headers
            assert said(tab.start(day, 3), 202)["place"] == place
            assert said(tab.send("GET", LINE), 202)["place"] == place
    assert said(buyer.outcome())["lines"][0]["quantity"] == 3
    said(other.outcome())
    assert Checkout.objects.count() == 2


def test_a_wish_that_changes_while_it_is_decided_keeps_its_turn(day: FestaDay, hurry: Rush) -> None:
    buyer, later = hurry.buyer(), hurry.buyer()
    with hurry.busy(day):
        buyer.stand(day)
        later.stand(day, 5)
        hurry.gate.let_the_next_come()
        assert said(buyer.ask(), 202)["ahead"] == 1
        assert buyer.stand(day, 2)["place"] == 1
    assert said(buyer.outcome())["lines"][0]["quantity"] == 2
    assert problem(later.outcome(), 409, "not-enough-left")["left"] == 3


def test_who_leaves_takes_nothing_and_the_others_move_up(day: FestaDay, hurry: Rush) -> None:
    buyers = [hurry.buyer() for _ in range(3)]
    with hurry.busy(day):
        for buyer in buyers:
            buyer.stand(day)
        said(buyers[1].leave())
        assert said(buyers[2].ask(), 202)["ahead"] == 2
        problem(buyers[1].ask(), 404, "not-in-line")
        problem(buyers[1].leave(), 404, "not-in-line")
    said(buyers[2].outcome())
    assert {hold.buyer for hold in Hold.objects.all()} == {buyers[0].buyer, buyers[2].buyer}


def test_who_leaves_while_it_is_decided_leaves_the_goods_to_the_next(day: FestaDay, hurry: Rush) -> None:
    gone, later = hurry.buyer(), hurry.buyer()
    with hurry.busy(day):
        gone.stand(day, 5)
        later.stand(day, 5)
        hurry.gate.let_the_next_come()
        said(gone.leave())
    said(later.outcome())
    assert Checkout.objects.get(buyer=gone.buyer).status == Checkout.Status.OVER


def test_who_leaves_before_they_heard_of_their_turn_gives_the_goods_back(day: FestaDay, hurry: Rush) -> None:
    gone = hurry.buyer()
    with hurry.busy(day):
        gone.stand(day, 5)
    until(lambda: Checkout.objects.filter(buyer=gone.buyer).exists())
    said(gone.leave())
    until(lambda: Checkout.objects.get(buyer=gone.buyer).status == Checkout.Status.OVER)


def test_who_was_told_of_their_turn_goes_on_although_another_tab_leaves(day: FestaDay, hurry: Rush) -> None:
    buyer = hurry.buyer()
    with hurry.busy(day):
        buyer.stand(day)
    kept = said(buyer.outcome())
    said(buyer.leave())
    assert said(buyer.look(kept))["status"] == "open"


def test_what_became_of_a_place_can_be_asked_again_and_is_how_it_is_now(day: FestaDay, hurry: Rush) -> None:
    buyer = hurry.buyer()
    with hurry.busy(day):
        buyer.stand(day)
    kept = said(buyer.outcome())
    assert said(buyer.ask())["id"] == kept["id"]
    said(buyer.send("DELETE", f"{PATH}/{kept['id']}"))
    assert said(buyer.ask())["status"] == "over"


def test_pressing_again_before_hearing_of_the_turn_is_hearing_of_it(day: FestaDay, hurry: Rush) -> None:
    buyer = hurry.buyer()
    with hurry.busy(day):
        buyer.stand(day, 2)
    until(lambda: Checkout.objects.filter(buyer=buyer.buyer).exists())
    kept = said(buyer.press(day, 2), 201)
    assert Checkout.objects.get(buyer=buyer.buyer).pk.hex == kept["id"].replace("-", "")


def test_a_restart_loses_the_line_and_pressing_again_is_a_new_place(day: FestaDay) -> None:
    with rush() as before:
        buyer = before.buyer()
        with before.busy(day):
            buyer.stand(day)
            before.buyer().stand(day)
            buyer.leave()
            with rush() as after:
                buyer.till = after.client
                document = problem(buyer.ask(), 404, "not-in-line")
                assert "다시" in document["detail"]
                assert said(buyer.press(day), 201)["status"] == "open"


def test_an_address_has_only_so_many_places(day: FestaDay) -> None:
    with rush(per_address=2) as hurry, hurry.busy(day):
        for address in ("203.0.113.7", "203.0.113.7", "2001:db8::1", "2001:db8::2"):
            hurry.buyer().stand(day, address=address)
        for address in ("203.0.113.7", "2001:db8::3"):
            document = problem(hurry.buyer("en").press(day, 1, address), 429, "line-crowded")
            assert document["most"] == 2 and "Wi-Fi" in document["detail"]
        one = hurry.buyer()
        one.stand(day, address="2001:db8:0:1::1")
        one.stand(day, address="203.0.113.7")


def test_a_place_at_an_address_is_free_when_somebody_leaves_or_is_served(day: FestaDay) -> None:
    with rush(per_address=1) as hurry:
        with hurry.busy(day):
            first, second = hurry.buyer(), hurry.buyer()
            first.stand(day)
            problem(second.press(day), 429, "line-crowded")
            said(first.leave())
            second.stand(day)
        said(second.outcome())
        with hurry.busy(day):
            first.stand(day)


def test_a_line_is_not_endless(day: FestaDay) -> None:
    with rush(most_places=1) as hurry, hurry.busy(day):
        hurry.buyer().stand(day)
        answer = hurry.buyer().press(day)
        problem(answer, 503, "till-busy")
        assert answer.headers["Retry-After"]


def test_a_database_that_fails_costs_nobody_their_place(
    day: FestaDay, hurry: Rush, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("golmok.web.till.line.AGAIN_SECONDS", 0.05)
    buyers = [hurry.buyer() for _ in range(3)]
    with hurry.busy(day):
        for buyer in buyers:
            buyer.stand(day, 2)
        hurry.gate.failures = 3
    assert [buyer.outcome().status_code for buyer in buyers] == [200, 200, 409]
    assert hurry.gate.failures == 0


def test_the_line_needs_a_pass_and_can_only_be_asked_or_left(day: FestaDay, hurry: Rush) -> None:
    problem(Buyer(hurry.client, token="-").send("GET", LINE), 401, "buyer-pass-missing")
    refused = hurry.buyer().send("POST", LINE, {})
    problem(refused, 405, "not-this-way")
    assert refused.headers["Allow"] == "GET, DELETE"


class Desk:
    """A writer that decides when told to, and the line before it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Start, Deliver]] = []
        self.decided: list[str] = []
        self.line = WaitingLine(self.put, per_address=500, keep_seconds=600, room=2)

    def put(self, command: Command[Any], deliver: Deliver) -> None:
        assert isinstance(command, Start)
        self.asked.append((command, deliver))

    async def decide(self, count: int) -> None:
        batch, self.asked = self.asked[:count], self.asked[count:]
        for start, deliver in batch:
            self.decided.append(start.buyer)
            deliver(Problem(409, "sold-out"))
        await asyncio.sleep(0)

    def press(self, buyer: str) -> bool:
        """Whether it is a new wish: not one that stands already, or whose outcome nobody has seen."""
        before = self.line.place_of(buyer)
        place = self.line.take(Start(buyer, (Line(1, 1),), 600), "203.0.113.7", lambda _: None)
        return place is None or place is not before

    def leave(self, buyer: str) -> bool:
        place = self.line.place_of(buyer)
        if place is None or place.outcome is not None:
            return False
        was_before_the_writer = place.asked is not None
        self.line.leave(place)
        return not was_before_the_writer


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("press"), st.integers(0, 9)),
        st.tuples(st.just("leave"), st.integers(0, 9)),
        st.tuples(st.just("decide"), st.integers(1, 4)),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_people_do_they_are_served_in_the_order_in_which_they_came(
    steps: list[tuple[str, int]],
) -> None:
    asyncio.run(serve_all(steps))


async def serve_all(steps: list[tuple[str, int]]) -> None:
    desk, came = Desk(), list[str]()
    for what, number in steps:
        buyer = f"guest:{number}"
        if what == "decide":
            await desk.decide(number)
        elif what == "press" and desk.press(buyer):
            came.append(buyer)
        elif what == "leave" and desk.leave(buyer):
            del came[len(came) - 1 - came[::-1].index(buyer)]
        check_ahead(desk)
    while desk.asked:
        await desk.decide(2)
    assert desk.decided == came


def check_ahead(desk: Desk) -> None:
    """Each who stands has one more before them than the one before."""
    places = [place for one in range(10) if (place := desk.line.place_of(f"guest:{one}"))]
    standing = sorted((p.number, desk.line.estimate(p).ahead) for p in places if not (p.outcome or p.asked))
    assert [ahead for _, ahead in standing] == [len(desk.asked) + n for n in range(len(standing))]


def test_the_pace_is_what_was_seen_and_the_wait_is_rather_said_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("golmok.web.till.pace.time.monotonic", lambda: now)
    pace = Pace()
    for _ in range(400):
        pace.answered(200, now - 0.1)
    assert pace.rate == pytest.approx(2000, rel=0.01)
    assert pace.room == pytest.approx(1000, rel=0.01)
    assert pace.seconds(0) == 1
    assert 10 <= pace.seconds(19_999) <= 15
    # One alone proves only that it is not slower.
    for _ in range(400):
        pace.answered(1, now - 0.01)
    assert pace.rate == pytest.approx(2000, rel=0.01)
    before = pace.seconds(19_999)
    now += 30
    assert pace.seconds(19_999) == before + 30
