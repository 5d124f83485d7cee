"""Choosing bank transfer at the till: what is asked, what is shown, and that goods wait for it."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from golmok.configuration import BankAccount
from golmok.domain.festas.models import Show
from golmok.domain.orders.deposits import enter_deposit
from golmok.domain.orders.gateways.bank_transfer import BankTransferGateway
from golmok.domain.orders.gateways.gateway import Gateway, WrongPayments
from golmok.domain.orders.gateways.trial import TrialGateway
from golmok.domain.orders.models import Checkout, ExpectedDeposit
from golmok.web.till.shapes import CheckoutOut
from tests.buying import let_expire
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import PATH, Buyer, Json, problem, said
from tests.web.till.paying import paid_by

ACCOUNT = BankAccount("국민은행", "123456-01-123456", "난곡상인회")
CHOSEN: Json = {"gateway": "bank_transfer", "depositor": "김 서울", "receipt": "none"}


@pytest.fixture
def till(day: FestaDay, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    known: dict[str, Gateway] = {"test": TrialGateway(), "bank_transfer": BankTransferGateway(ACCOUNT)}
    with paid_by(known, monkeypatch) as client:
        yield client


@pytest.fixture
def guest(till: httpx.Client) -> Buyer:
    return Buyer(till)


def placed(guest: Buyer, day: FestaDay, **typed: object) -> Json:
    return said(guest.order(guest.keep(day), **{**CHOSEN, **typed}), 201)


def test_who_chose_a_transfer_sees_where_to_send_it(day: FestaDay, guest: Buyer) -> None:
    answer = placed(guest, day)
    CheckoutOut.model_validate(answer)
    assert answer["payment"]["gateway"] == "bank_transfer"
    assert answer["payment"]["window"] == {
        "bank": "국민은행",
        "account": "123456-01-123456",
        "holder": "난곡상인회",
        "depositor": "김 서울",
    }
    assert said(guest.look(answer))["payment"]["window"] == answer["payment"]["window"]
    assert (answer["can_extend"], answer["status"]) == (False, "placed")


@pytest.mark.parametrize(("status", "hours"), [(Show.Status.LIVE, 2), (Show.Status.SCHEDULED, 24)])
def test_goods_wait_for_the_transfer(day: FestaDay, guest: Buyer, status: str, hours: int) -> None:
    Show.objects.update(status=status)
    answer = placed(guest, day)
    assert hours * 3600 - 60 < answer["seconds_left"] <= hours * 3600


def test_one_buyer_has_two_transfers_awaited_at_a_time(day: FestaDay, guest: Buyer) -> None:
    first, second = placed(guest, day), placed(guest, day)
    kept = guest.keep(day)
    refused = problem(guest.order(kept, **CHOSEN), 409, "transfers-awaited")
    assert refused["most"] == 2
    # Paid another way, what is kept is ordered; and a transfer that is given up makes room.
    said(guest.order(kept, gateway="test"), 201)
    guest.send("DELETE", f"{PATH}/{first['id']}")
    placed(guest, day)
    let_expire(Checkout.objects.get(pk=second["id"]))
    placed(guest, day)


def test_there_is_a_choice_and_it_must_be_made(day: FestaDay, guest: Buyer) -> None:
    refused = problem(guest.order(guest.keep(day)), 422, "form-invalid")
    assert set(refused["errors"]) == {"gateway"}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"depositor": " "}, {"depositor"}),
        ({"receipt": ""}, {"receipt"}),
        ({"receipt": "personal", "receipt_id": "12"}, {"receipt_id"}),
        ({"receipt": "business", "receipt_id": "123-45-67890"}, {"receipt_id"}),
        ({"depositor": "", "receipt": "", "name": ""}, {"depositor", "receipt", "name"}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    day: FestaDay, guest: Buyer, typed: dict[str, str], fields: set[str]
) -> None:
    refused = problem(guest.order(guest.keep(day), **{**CHOSEN, **typed}), 422, "form-invalid")
    assert set(refused["errors"]) == fields and all(refused["errors"].values())
    assert not ExpectedDeposit.objects.exists()


def test_the_number_for_the_receipt_is_never_shown_again(day: FestaDay, guest: Buyer) -> None:
    kept = guest.keep(day)
    answer = guest.order(kept, **{**CHOSEN, "receipt": "personal", "receipt_id": "010-9876-5432"})
    assert said(answer, 201) and "9876" not in answer.text and "9876" not in guest.look(kept).text
    assert ExpectedDeposit.objects.get().receipt_id == "010-9876-5432"


def test_the_same_order_again_is_the_same_and_another_depositor_is_noticed(
    day: FestaDay, guest: Buyer
) -> None:
    kept = guest.keep(day)
    first, again = (said(guest.order(kept, key="once", **CHOSEN), 201) for _ in range(2))
    assert first["orders"] == again["orders"] and ExpectedDeposit.objects.count() == 1
    other = {**CHOSEN, "depositor": "이서울"}
    problem(guest.order(kept, key="once", **other), 422, "key-reused")


def test_money_that_came_is_seen_by_who_looks(day: FestaDay, guest: Buyer) -> None:
    answer = placed(guest, day)
    looked = guest.send("POST", f"{PATH}/{answer['id']}/payments/bank_transfer", {})
    assert said(looked)["payment"]["deposit"]["account"] == "123456-01-123456"
    CheckoutOut.model_validate(looked.json())
    enter_deposit(at=timezone.now(), amount=answer["total"], depositor="김서울")
    assert said(guest.look(answer))["status"] == "paid"


def test_a_browser_cannot_pay_by_saying_so(day: FestaDay, guest: Buyer) -> None:
    answer = placed(guest, day)
    brought = {"paid": "yes", "amount": str(answer["total"])}
    response = guest.send("POST", f"{PATH}/{answer['id']}/payments/bank_transfer", brought)
    problem(response, 402, "payment-refused")
    assert Checkout.objects.get().status == "placed"
    tested = guest.send(
        "POST", f"{PATH}/{answer['id']}/payments/test", {"outcome": "approve", "reference": "x"}
    )
    problem(tested, 409, "nothing-to-pay")


def test_cancelling_is_as_easy_as_with_any_other(day: FestaDay, guest: Buyer) -> None:
    answer = placed(guest, day)
    assert said(guest.send("DELETE", f"{PATH}/{answer['id']}"))["status"] == "over"


def test_other_ways_ask_for_no_depositor(day: FestaDay, guest: Buyer) -> None:
    answer = said(guest.order(guest.keep(day), gateway="test"), 201)
    assert answer["seconds_left"] <= timedelta(minutes=10).total_seconds()
    assert not ExpectedDeposit.objects.exists()


@pytest.mark.parametrize(
    "account", [BankAccount("", "1", "난곡상인회"), BankAccount("국민은행", "1", "난곡상인회", hours=0)]
)
def test_an_account_that_is_not_whole_is_refused_at_the_start(account: BankAccount) -> None:
    with pytest.raises(WrongPayments, match="GOLMOK_BANK"):
        BankTransferGateway(account)
