"""Bank transfers from the choice at the till to the paid order, and every other way they may go."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.orders import deposits
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.deposits import (
    Read,
    assign_deposit,
    deposits_to_do,
    enter_deposit,
    match_deposits,
    read_deposits,
    set_deposit_aside,
)
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Deposit, ExpectedDeposit, PaymentEvent
from golmok.domain.orders.statements import Line
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.give_back import GiveBackExpired, GiveUp
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.till.receipt import Look
from golmok.domain.orders.transfer import Transfer, masked_receipt_id
from golmok.domain.shops.models import Variant
from golmok.problems import Problem
from tests.buying import PERSON, hold, numbers, place
from tests.domain.conftest import open_show

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(db: None) -> User:
    return User.objects.create(username="organiser")


def placed(
    variant: Variant, depositor: str = "김서울", receipt: tuple[str, str] = ("none", ""), quantity: int = 1
) -> Checkout:
    """Ordered by transfer, by a buyer of its own."""
    kept = hold(variant, quantity, buyer=f"guest:{uuid4().hex}")
    shops = {variant.product.shop_id: ShopWish("parcel")}
    shown = run(
        Place(
            kept.buyer,
            None,
            kept.pk.hex,
            uuid4().hex,
            Recipient(**PERSON),
            shops,
            consent=True,
            gateway=BANK_TRANSFER,
            transfer=Transfer(depositor, *receipt),
        )
    )
    return Checkout.objects.get(pk=shown.checkout.id)


def test_nobody_orders_by_transfer_without_saying_who_sends(variant: Variant) -> None:
    with pytest.raises(Problem) as refused:
        place(hold(variant), gateway=BANK_TRANSFER)
    assert refused.value.facts["errors"] == {"depositor": "transfer-field-depositor-missing"}
    assert not ExpectedDeposit.objects.exists()


def line(name: str, amount: int, at: datetime | None = None, nth: int = 1) -> Line:
    moment = at or timezone.now()
    mark = sha256(f"{name}{amount}{moment}{nth}".encode()).hexdigest()
    return Line(moment, amount, name, mark)


def now_of(checkout: Checkout) -> Checkout:
    return Checkout.objects.get(pk=checkout.pk)


def let_run_out(checkout: Checkout) -> None:
    run(GiveBackExpired(), checkout.expires_at + timedelta(seconds=1))


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=at):
        yield


# --- placing


def test_goods_are_kept_as_long_as_a_transfer_may_take(variant: Variant) -> None:
    Show.objects.update(status=Show.Status.SCHEDULED)
    checkout = placed(variant)
    assert checkout.expires_at - timezone.now() > 23 * HOUR
    assert checkout.holds.get().expires_at == checkout.expires_at
    assert (checkout.status, numbers(variant)[0]) == (Checkout.Status.PLACED, 1)


def test_goods_of_a_show_on_the_air_are_kept_shorter(variant: Variant) -> None:
    Show.objects.update(status=Show.Status.LIVE)
    checkout = placed(variant)
    assert HOUR < checkout.expires_at - timezone.now() <= 2 * HOUR


def test_who_looks_again_sees_under_which_name_to_send_it(variant: Variant) -> None:
    checkout = placed(variant, " 김  서울 ")
    shown = run(Look(checkout.buyer, checkout.pk.hex))
    assert (shown.depositor, shown.checkout.gateway) == ("김 서울", BANK_TRANSFER)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (("none", ""), ("none", "")),
        (("personal", "01012345678"), ("personal", "010-1234-5678")),
        (("business", "2208162517"), ("business", "220-81-62517")),
        (("none", "01012345678"), ("none", "")),
    ],
)
def test_the_cash_receipt_is_kept_as_chosen(
    variant: Variant, chosen: tuple[str, str], kept: tuple[str, str]
) -> None:
    placed(variant, receipt=chosen)
    expected = ExpectedDeposit.objects.get()
    assert (expected.receipt_type, expected.receipt_id) == kept


def test_from_100_000_won_a_receipt_nobody_asked_for_is_issued_by_the_seller() -> None:
    dear = open_show(units=9)
    dear.offers.update(price=99_999)
    dear.product.shop.__class__.objects.update(parcel_fee=0)
    placed(dear)
    dear.offers.update(price=100_000)
    placed(dear)
    kept = ExpectedDeposit.objects.order_by("pk").values_list("receipt_type", "receipt_id")
    assert list(kept) == [("none", ""), ("self", "010-000-1234")]


@pytest.mark.parametrize(
    ("depositor", "chosen", "field"),
    [
        ("  ", ("none", ""), "depositor"),
        ("김" * 41, ("none", ""), "depositor"),
        ("김서울", ("self", ""), "receipt"),
        ("김서울", ("personal", "02-123-4567"), "receipt_id"),
        ("김서울", ("business", "220-81-62518"), "receipt_id"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_by_field(
    variant: Variant, depositor: str, chosen: tuple[str, str], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        placed(variant, depositor, chosen)
    assert refused.value.code == "form-invalid"
    errors = refused.value.facts["errors"]
    assert isinstance(errors, dict) and set(errors) == {field}
    assert not ExpectedDeposit.objects.exists()


# --- what comes finds its order


def test_a_statement_pays_the_order_by_itself_and_only_once(variant: Variant) -> None:
    checkout = placed(variant)
    lines = [line("김서울", checkout.total), line("국민은행이자", 7)]
    assert read_deposits(lines) == Read(new=2, known=0, matched=1)
    assert read_deposits(lines) == Read(new=0, known=2, matched=0)
    paid = now_of(checkout)
    assert (paid.status, paid.paid, numbers(variant)[1]) == (Checkout.Status.PAID, checkout.total, 1)
    event = PaymentEvent.objects.get()
    assert (event.gateway, event.reference) == (
        BANK_TRANSFER,
        Deposit.objects.get(checkout=checkout).reference,
    )
    assert [todo.reason for todo in deposits_to_do()] == ["unknown"]


def test_money_in_time_pays_also_when_the_statement_is_read_late(variant: Variant) -> None:
    checkout = placed(variant)
    came_at = checkout.expires_at - timedelta(minutes=1)
    let_run_out(checkout)
    assert now_of(checkout).status == Checkout.Status.OVER
    with clock(checkout.expires_at + HOUR):
        assert read_deposits([line("김서울", checkout.total, came_at)]).matched == 1
    assert now_of(checkout).status == Checkout.Status.PAID


def test_money_too_late_is_kept_and_given_by_the_organiser(variant: Variant, organiser: User) -> None:
    checkout = placed(variant)
    let_run_out(checkout)
    after = checkout.expires_at + HOUR
    with clock(after):
        assert read_deposits([line("김서울", checkout.total, after)]).matched == 0
        (todo,) = deposits_to_do()
        assert (todo.reason, [one.pk for one in todo.suggestions]) == ("late", [checkout.pk])
        assign_deposit(todo.deposit.pk, checkout.pk, organiser)
    assert now_of(checkout).status == Checkout.Status.PAID
    assert Deposit.objects.get().assigned_by == organiser
    assert deposits_to_do() == []


def test_money_for_goods_that_are_gone_is_owed_back(variant: Variant, organiser: User) -> None:
    checkout = placed(variant, quantity=3)
    let_run_out(checkout)
    other = placed(variant, "이서울", quantity=3)
    read_deposits([line("이서울", other.total)])
    after = checkout.expires_at + HOUR
    with clock(after):
        read_deposits([line("김서울", checkout.total, after)])
        assign_deposit(deposits_to_do()[0].deposit.pk, checkout.pk, organiser)
    late = now_of(checkout)
    assert (late.status, late.refund_due) == (Checkout.Status.PAID, checkout.total)
    assert (now_of(other).refund_due, numbers(variant)) == (0, (0, 3, 2))


def test_money_of_somebody_who_gave_up_is_left_to_the_organiser(variant: Variant, organiser: User) -> None:
    checkout = placed(variant)
    run(GiveUp(checkout.buyer, checkout.pk.hex))
    assert read_deposits([line("김서울", checkout.total)]).matched == 0
    (todo,) = deposits_to_do()
    assign_deposit(todo.deposit.pk, checkout.pk, organiser)
    assert now_of(checkout).refund_due == checkout.total


def test_two_who_fit_are_told_apart_by_the_organiser_and_the_rest_follows(
    variant: Variant, organiser: User
) -> None:
    first, second = placed(variant), placed(variant)
    both = [line("김서울", first.total), line("김서울", first.total, nth=2)]
    assert read_deposits(both) == Read(new=2, known=0, matched=0)
    todo = deposits_to_do()
    assert [(one.reason, len(one.suggestions)) for one in todo] == [("several", 2)] * 2
    assign_deposit(todo[0].deposit.pk, second.pk, organiser)
    assert {now_of(one).status for one in (first, second)} == {Checkout.Status.PAID}
    assert deposits_to_do() == []


def test_a_sum_in_two_parts_pays_when_both_are_there(variant: Variant, organiser: User) -> None:
    checkout = placed(variant)
    read_deposits([line("김서울", 1000)])
    (todo,) = deposits_to_do()
    assert (todo.reason, [one.pk for one in todo.suggestions]) == ("amount", [checkout.pk])
    assign_deposit(todo.deposit.pk, checkout.pk, organiser)
    assert (now_of(checkout).status, now_of(checkout).paid) == (Checkout.Status.PLACED, 1000)
    # What is missing is what is awaited now.
    assert read_deposits([line("김서울", checkout.total - 1000)]).matched == 1
    assert now_of(checkout).status == Checkout.Status.PAID


def test_who_pays_twice_is_owed_the_second(variant: Variant, organiser: User) -> None:
    checkout = placed(variant)
    both = [line("김서울", checkout.total), line("김서울", checkout.total, nth=2)]
    assert read_deposits(both).matched == 1
    (todo,) = deposits_to_do()
    assert todo.reason == "amount"
    assign_deposit(todo.deposit.pk, checkout.pk, organiser)
    assert now_of(checkout).refund_due == checkout.total


def test_an_unknown_name_of_the_same_sum_is_one_press_away(variant: Variant, organiser: User) -> None:
    checkout = placed(variant)
    read_deposits([line("박엄마", checkout.total)])
    (todo,) = deposits_to_do()
    assert (todo.reason, [one.pk for one in todo.suggestions]) == ("unknown", [checkout.pk])
    assign_deposit(todo.deposit.pk, checkout.pk, organiser)
    assert now_of(checkout).status == Checkout.Status.PAID


def test_a_deposit_is_assigned_once(variant: Variant, organiser: User) -> None:
    first, second = placed(variant), placed(variant, "이서울")
    read_deposits([line("박엄마", 5)])
    (todo,) = deposits_to_do()
    assign_deposit(todo.deposit.pk, first.pk, organiser)
    for again in (first, second):
        with pytest.raises(Problem) as refused:
            assign_deposit(todo.deposit.pk, again.pk, organiser)
        assert refused.value.code == "deposit-assigned"
    with pytest.raises(Problem, match="deposit-assigned"):
        set_deposit_aside(todo.deposit.pk, "이자")
    assert (now_of(first).paid, now_of(second).paid) == (5, 0)


def test_only_a_checkout_that_waits_for_a_transfer_can_get_one(variant: Variant, organiser: User) -> None:
    read_deposits([line("김서울", 5)])
    other = hold(variant)
    for key in (other.pk, uuid4()):
        with pytest.raises(Problem, match="checkout-unknown"):
            assign_deposit(Deposit.objects.get().pk, key, organiser)
    with pytest.raises(Problem, match="deposit-unknown"):
        assign_deposit(0, other.pk, organiser)


def test_what_is_for_no_order_is_set_aside_and_stays_known(variant: Variant) -> None:
    lines = [line("국민은행", 7)]
    read_deposits(lines)
    set_deposit_aside(Deposit.objects.get().pk, "이자")
    assert deposits_to_do() == []
    assert read_deposits(lines) == Read(new=0, known=1, matched=0)
    assert Deposit.objects.get().set_aside == "이자"


# --- by hand


def test_money_entered_by_hand_is_the_same_money_in_the_statement(variant: Variant) -> None:
    checkout = placed(variant)
    entered = enter_deposit(at=timezone.now(), amount=checkout.total, depositor="김 서울")
    assert entered.checkout_id == checkout.pk
    assert read_deposits([line("김서울", checkout.total)]) == Read(new=0, known=1, matched=0)
    kept = Deposit.objects.get()
    assert (kept.source, kept.depositor, now_of(checkout).paid) == ("statement", "김서울", checkout.total)
    # A second one like it is money of its own.
    assert read_deposits([line("김서울", checkout.total, nth=2)]).new == 1


def test_what_the_statement_told_is_not_entered_again(variant: Variant) -> None:
    checkout = placed(variant)
    read_deposits([line("김서울", checkout.total)])
    with pytest.raises(Problem, match="deposit-known"):
        enter_deposit(at=timezone.now(), amount=checkout.total, depositor="김서울")
    with pytest.raises(Problem, match="bad-amount"):
        enter_deposit(at=timezone.now(), amount=0, depositor="김서울")
    assert now_of(checkout).paid == checkout.total


# --- cash receipts


def test_the_number_of_an_issued_receipt_is_masked(variant: Variant) -> None:
    checkout = placed(variant, receipt=("personal", "010-1234-5678"))
    read_deposits([line("김서울", checkout.total)])
    assert [one.pk for one in deposits.receipts_to_issue()] == [checkout.pk]
    deposits.note_receipt(checkout.pk, " 123456789 ")
    expected = ExpectedDeposit.objects.get()
    assert (expected.receipt_issued_no, expected.receipt_id) == ("123456789", "010-****-5678")
    assert not deposits.receipts_to_issue()


def test_numbers_of_who_never_paid_are_forgotten(variant: Variant) -> None:
    checkout = placed(variant, receipt=("personal", "010-1234-5678"))
    waiting = placed(variant, "이서울", receipt=("business", "220-81-62517"))
    let_run_out(checkout)
    Checkout.objects.filter(pk=waiting.pk).update(status=Checkout.Status.PLACED)
    month = checkout.expires_at + timedelta(days=31)
    assert deposits.forget_receipts(checkout.expires_at + HOUR) == 0
    assert deposits.forget_receipts(month) == 1
    assert deposits.forget_receipts(month) == 0
    assert {one.receipt_id for one in ExpectedDeposit.objects.all()} == {"010-****-5678", "220-81-62517"}


def test_masks() -> None:
    assert masked_receipt_id("220-81-62517") == "220-81-*****"
    assert masked_receipt_id("010-1234-5678") == "010-****-5678"
    assert masked_receipt_id("") == ""


# --- no won is lost


def test_sums_agree_whatever_comes_in_which_order(variant: Variant, organiser: User) -> None:
    first, second = placed(variant, "김서울"), placed(variant, "이서울")
    lines = [
        line("이서울", second.total),
        line("김서울", 1),
        line("김서울", first.total),
        line("김서울", first.total, nth=2),
        line("박서울", 55),
    ]
    for part in (lines[:2], lines[1:4], lines[3:], lines):
        read_deposits(part)
    for todo in deposits_to_do():
        if todo.suggestions:
            assign_deposit(todo.deposit.pk, todo.suggestions[0].pk, organiser)
    match_deposits()
    came = Deposit.objects.aggregate(won=Sum("amount"))["won"]
    told = PaymentEvent.objects.aggregate(won=Sum("amount"))["won"]
    left = sum(todo.deposit.amount for todo in deposits_to_do())
    assert came == sum(one.amount for one in lines) == told + left
    assert left == 55
    for checkout in (first, second):
        of_deposits = Deposit.objects.filter(checkout=checkout).aggregate(won=Sum("amount"))["won"]
        assert now_of(checkout).paid == of_deposits
