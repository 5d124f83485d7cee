"""Who is written what, when, and that nobody gets a step twice."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from golmok.configuration import BankAccount
from golmok.domain.orders.actions import cancel_order, give_back_expired, give_up_checkout, put_on_sale
from golmok.domain.orders.gateways.bank_transfer import BankTransferGateway
from golmok.domain.orders.letters.writing import announce_transfer, write_letters
from golmok.domain.orders.models import Checkout, ExpectedDeposit, Letter, News, Order, Stock
from golmok.domain.shops.models import Product, Shop
from golmok.web.letters import postman
from tests.buying import hold, keep, let_expire, pay, place, refund
from tests.web.accounts.post_office import PostOffice
from tests.web.festa_day import FestaDay, make_offer, make_shop
from tests.web.letters.reading import got, plain, to
from tests.web.letters.steps import BUYER, SHOP, let_be_due, placed, rounds


def by_transfer(checkout: Checkout) -> Checkout:
    Checkout.objects.filter(pk=checkout.pk).update(gateway="bank_transfer")
    checkout.refresh_from_db()
    return checkout


def test_a_paid_order_is_a_record_of_everything_the_law_wants(day: FestaDay, office: PostOffice) -> None:
    order = pay(placed(day)).orders.get()
    rounds()
    (letter,) = to(office, BUYER)
    assert letter.subject == "주문이 완료됐어요: 인절미 500g"
    assert "시험으로 결제한 주문이에요. 돈은 나가지 않았어요." in letter.text
    facts = (
        order.number, "인절미 500g × 2 (쌀(국내산)): 19,800원", "22,800원", "(08754) 서울 관악구 난곡로 1",
        "김서울 · 010-****-5678", "바른떡", "김바른", "123-45-67890", "2026-서울관악-0007",
        "서울 관악구 난곡로 1", "02-123-4567", "7일 안에 취소하거나 반품할 수 있어요", "3개월",
        "통신판매중개자",
    )  # fmt: skip
    for fact in facts:
        assert fact in letter.text, fact
    for fact in (order.number, "22,800원", "123-45-67890", "7일 안에 취소하거나 반품할 수 있어요"):
        assert fact in plain(letter.html)
    assert f"http://127.0.0.1:8000/orders/find/?number={order.number}" in letter.text


def test_a_letter_says_what_it_is_and_watches_nobody(day: FestaDay, office: PostOffice) -> None:
    pay(placed(day))
    rounds()
    (letter,) = to(office, BUYER)
    headers = letter.headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"].endswith("@golmok.example>")
    assert headers["Reply-To"] == SHOP
    assert headers["From"] == "골목 <festa@golmok.example>"
    assert "<img" not in letter.html and "{" not in letter.text


def test_a_buyer_is_written_to_in_their_language(day: FestaDay, office: PostOffice) -> None:
    checkout = placed(day)
    Checkout.objects.filter(pk=checkout.pk).update(language="en")
    pay(checkout)
    rounds()
    (letter,) = to(office, BUYER)
    assert letter.subject == "Your order is complete: Injeolmi 500g"
    assert "within 7 days of receiving it" in letter.text
    assert "/en/orders/find/" in letter.text
    (shop,) = to(office, SHOP)
    assert shop.subject == "새 주문 1건이 들어왔어요"


def test_goods_that_cannot_be_sent_back_say_so(day: FestaDay, office: PostOffice) -> None:
    Product.objects.update(withdrawal=Product.Withdrawal.PERISHABLE)
    pay(place(hold(day.variant), email=BUYER, consent=True))
    rounds()
    (letter,) = to(office, BUYER)
    assert "신선식품이라 마음이 바뀐 경우에는 반품할 수 없어요" in letter.text
    assert "7일 안에" not in letter.text


def test_orders_of_two_shops_are_one_letter_with_both_sellers(day: FestaDay, office: PostOffice) -> None:
    bakery = make_shop(day.show.district, "빵집", "Bakery")
    both = place(keep((day.variant, 1), (make_offer(bakery, day.show), 1)), email=BUYER)
    pay(both)
    rounds()
    (letter,) = to(office, BUYER)
    assert letter.subject == "주문이 완료됐어요: 인절미 500g 외 1건"
    assert "바른떡" in letter.text and "빵집" in letter.text
    assert f"모두 합해: {both.total:,}원" in letter.text
    assert letter.headers["Reply-To"] is None


def test_a_shop_learns_what_it_needs_to_send_and_no_more(day: FestaDay, office: PostOffice) -> None:
    parcel = pay(placed(day)).orders.get()
    pickup = pay(
        place(hold(day.variant, 1, "guest:b"), fulfilment="pickup", memo="일곱 시에 가요")
    ).orders.get()
    rounds()
    (letter,) = to(office, SHOP)
    of_parcel, of_pickup = letter.text.split(parcel.number)[1].split(pickup.number)
    assert "(08754) 서울 관악구 난곡로 1" in of_parcel and "김서울 · 010-1234-5678" in of_parcel
    assert "김서울 · 010-****-5678" in of_pickup and "일곱 시에 가요" in of_pickup
    assert "08754" not in of_pickup and BUYER not in letter.text


def test_nothing_is_told_twice(day: FestaDay, office: PostOffice) -> None:
    pay(placed(day))
    rounds(5)
    assert [letter.to for letter in got(office)] == [BUYER, SHOP]
    assert not Order.objects.exclude(told="paid").exists()


def test_who_left_no_address_gets_no_letter(day: FestaDay, office: PostOffice) -> None:
    Shop.objects.update(email="")
    pay(placed(day, email=""))
    rounds()
    assert got(office) == [] and not Letter.objects.exists()
    assert not Order.objects.exclude(told="paid").exists()


def test_without_a_mail_server_nothing_is_written_and_nothing_comes_later(
    day: FestaDay, settings: Settings
) -> None:
    pay(placed(day))
    assert settings.MAIL_KIND == "none"
    rounds()
    settings.MAIL_KIND = "file"
    rounds()
    assert not Letter.objects.exists()


def test_who_must_still_send_the_money_is_told_where_to(
    day: FestaDay, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = BankTransferGateway(BankAccount("골목은행", "110-123-456789", "골목시"))
    monkeypatch.setattr(postman, "gateways", lambda: {"bank_transfer": account})
    ExpectedDeposit.objects.create(checkout=by_transfer(placed(day)), depositor="김서울")
    rounds()
    (letter,) = got(office)
    assert letter.to == BUYER
    assert letter.subject == "입금을 기다려요: 인절미 500g"
    for fact in (
        "골목은행 110-123-456789",
        "예금주: 골목시",
        "보낼 돈: 22,800원",
        "입금자명: 김서울",
        "언제까지: ",
    ):
        assert fact in letter.text
    rounds()
    assert len(got(office)) == 1


def test_a_virtual_account_is_announced_once_the_gateway_told_of_it(
    day: FestaDay, office: PostOffice
) -> None:
    checkout = placed(day)
    Checkout.objects.filter(pk=checkout.pk).update(gateway="toss")
    for _again in range(2):
        announce_transfer(checkout.pk, timezone.now())
    rounds()
    (letter,) = got(office)
    assert letter.subject == "입금을 기다려요: 인절미 500g"
    give_up_checkout(checkout.pk, checkout.buyer)
    rounds()
    assert got(office)[1].subject == "주문을 취소했어요: 인절미 500g"


def test_an_order_that_is_paid_at_once_is_not_announced_as_waiting(day: FestaDay, office: PostOffice) -> None:
    placed(day)
    rounds()
    assert got(office) == []


def test_asking_for_money_is_not_sent_once_it_is_off(day: FestaDay, office: PostOffice) -> None:
    checkout = by_transfer(placed(day))
    office.answers[b"RCPT"] = "451 later"
    rounds(1)
    give_up_checkout(checkout.pk, checkout.buyer)
    let_be_due()
    office.answers[b"RCPT"] = "250 ok"
    rounds()
    subjects = [letter.subject for letter in got(office)]
    assert subjects == ["주문을 취소했어요: 인절미 500g"]
    assert Letter.objects.filter(state=Letter.State.OUTDATED).count() == 1


def test_a_transfer_that_never_came_is_told_and_an_idle_checkout_is_not(
    day: FestaDay, office: PostOffice
) -> None:
    waiting, idle = by_transfer(placed(day)), placed(day, "guest:b")
    rounds()
    let_expire(waiting, idle)
    give_back_expired(timezone.now())
    rounds()
    _asked, off = got(office)
    assert off.subject == "주문을 취소했어요: 인절미 500g"
    assert "기한까지 돈이 들어오지 않아" in off.text
    assert waiting.orders.get().number in off.text


def test_goods_that_were_gone_say_what_comes_back(day: FestaDay, office: PostOffice) -> None:
    late = placed(day)
    let_expire(late)
    give_back_expired(timezone.now())
    Stock.objects.update(is_closed=True)
    order = pay(late).orders.get()
    rounds()
    (letter,) = got(office)
    assert (letter.to, letter.subject) == (BUYER, "주문을 취소했어요: 인절미 500g")
    assert "22,800원을 돌려드려요" in letter.text and order.number in letter.text


def test_every_refund_is_told_by_itself(day: FestaDay, office: PostOffice) -> None:
    order = pay(placed(day)).orders.get()
    rounds()
    refund(order, 1000)
    rounds()
    refund(order, 21800)
    rounds()
    subjects = [letter.subject for letter in to(office, BUYER)]
    assert subjects == [
        "주문이 완료됐어요: 인절미 500g",
        "돈을 돌려드렸어요: 인절미 500g",
        "주문을 취소했어요: 인절미 500g",
    ]
    assert "1,000원 돌려드렸어요" in to(office, BUYER)[1].text
    assert "21,800원 돌려드렸어요" in to(office, BUYER)[2].text


def test_who_cancels_after_paying_reads_what_they_asked_for(day: FestaDay, office: PostOffice) -> None:
    order = pay(placed(day)).orders.get()
    rounds()
    cancel_order(order, order.buyer)
    rounds()
    letter = to(office, BUYER)[1]
    assert letter.subject == "주문을 취소했어요: 인절미 500g"
    assert "요청하신 대로 취소했어요" in letter.text and "22,800원 돌려드렸어요" in letter.text


def test_a_shop_is_told_not_to_send_what_was_cancelled(day: FestaDay, office: PostOffice) -> None:
    order = pay(placed(day)).orders.get()
    rounds()
    refund(order, order.total)
    rounds()
    assert len(to(office, SHOP)) == 1, "gathered for five minutes"
    let_be_due()
    rounds()
    letter = to(office, SHOP)[1]
    assert letter.subject == "주문이 취소됐어요: 1건"
    assert "보내거나 내주지 마세요" in letter.text and "010" not in letter.text


def test_a_busy_evening_is_two_letters_to_the_shop(day: FestaDay, office: PostOffice) -> None:
    pay(placed(day, "guest:first", email=""))
    rounds()
    for number in range(60):
        pay(place(hold(day.variant, 1, f"guest:{number}"), fulfilment="pickup"))
        if number % 20 == 0:
            rounds(1)
    rounds()
    assert [letter.subject for letter in got(office)] == ["새 주문 1건이 들어왔어요"]
    let_be_due()
    rounds()
    letter = got(office)[1]
    assert letter.subject == "새 주문 60건이 들어왔어요"
    assert letter.text.count("■ 새 주문") == 50
    assert "이 밖에 10건이 더 있어요" in letter.text
    assert len(got(office)) == 2


def test_a_hostile_name_stays_a_name(day: FestaDay, office: PostOffice) -> None:
    name = "<b>굵게</b>\r\nBcc: all@example.com"
    pay(placed(day, name=name))
    rounds()
    (letter,) = to(office, BUYER)
    assert "<b>" not in letter.html and "&lt;b&gt;굵게" in letter.html
    assert letter.headers["Bcc"] is None


def test_all_of_it_costs_the_same_for_one_and_for_many(day: FestaDay, office: PostOffice) -> None:
    """What is written in one go: letters for hundreds of checkouts, each of them once."""
    for number in range(30):
        pay(place(hold(day.variant, 1, f"guest:{number}"), email=f"buyer{number}@example.com"))
    rounds()
    assert {letter.to for letter in got(office)} == {SHOP, *(f"buyer{n}@example.com" for n in range(30))}
    assert News.objects.count() == 60


def test_the_till_waits_for_few_letters_at_a_time(day: FestaDay, office: PostOffice) -> None:
    put_on_sale(day.variant, 100)
    for number in range(25):
        pay(place(hold(day.variant, buyer=f"guest:{number}"), email=BUYER))
    letters = Letter.objects.filter(audience="buyer")
    assert write_letters(timezone.now(), mail=True)
    assert letters.count() == 20
    assert not write_letters(timezone.now(), mail=True)
    assert letters.count() == 25
