"""The organiser's page of bank transfers: statements in, orders paid, nothing lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from golmok.domain.orders.actions import give_up_checkout
from golmok.domain.orders.checkout import Recipient, ShopWish
from golmok.domain.orders.models import BANK_TRANSFER, Checkout, Deposit, ExpectedDeposit, Order
from golmok.domain.orders.till.batch import run
from golmok.domain.orders.till.place import Place
from golmok.domain.orders.transfer import Transfer
from tests.buying import PERSON, hold
from tests.web.desk.test_desk import page
from tests.web.festa_day import FestaDay, person

PATH = "/desk/orders/deposit/"


def awaited(day: FestaDay, depositor: str = "김서울", receipt: tuple[str, str] = ("none", "")) -> Checkout:
    """Ordered by transfer, by a buyer of its own."""
    kept = hold(day.variant, buyer=f"guest:{uuid4().hex}")
    run(
        Place(
            kept.buyer,
            None,
            kept.pk.hex,
            uuid4().hex,
            Recipient(**PERSON),
            {day.shop.pk: ShopWish("parcel")},
            consent=True,
            gateway=BANK_TRANSFER,
            transfer=Transfer(depositor, *receipt),
        )
    )
    return Checkout.objects.get(pk=kept.pk)


def row(name: str, amount: int) -> str:
    return f'{timezone.localtime():%Y.%m.%d %H:%M:%S},{name},"{amount:,}",0\n'


def statement(*rows: str) -> str:
    return "거래내역조회\n거래일시,적요,입금액,출금액\n" + "".join(rows)


def post(organiser: Client, do: str, **fields: object) -> list[str]:
    """What the next page says."""
    response = organiser.post(PATH, {"do": do, **fields})
    assert response.status_code == 302, response.content.decode()
    return [str(message) for message in get_messages(response.wsgi_request)]


def status(checkout: Checkout) -> str:
    return Checkout.objects.get(pk=checkout.pk).status


def test_the_page_says_what_is_awaited(day: FestaDay, organiser: Client) -> None:
    assert "기다리는 입금이 없어요" in page(organiser, PATH)
    checkout = awaited(day)
    html = page(organiser, PATH)
    assert "김서울" in html and f"{checkout.total:,}원" in html
    assert Order.objects.get().number in html
    assert "Awaited transfers (1)" in page(organiser, f"/en{PATH}")


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_an_uploaded_statement_pays_and_says_so(day: FestaDay, organiser: Client, encoding: str) -> None:
    checkout = awaited(day)
    content = statement(row("김서울", checkout.total), row("이자", 7)).encode(encoding)
    said = post(organiser, "read", file=SimpleUploadedFile("거래내역.csv", content))
    assert said == ["새 입금 2건을 넣었고, 1건이 주문을 찾았어요. 이미 있던 줄은 0건이에요."]
    assert status(checkout) == "paid"
    again = post(organiser, "read", file=SimpleUploadedFile("거래내역.csv", content))
    assert "새 입금 0건" in again[-1] and "이미 있던 줄은 2건" in again[-1]
    html = page(organiser, PATH)
    assert "주인을 찾아 주세요 (1건)" in html and "이자" in html and "자동으로" in html


def test_a_pasted_table_does_the_same(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    pasted = statement(row("김서울", checkout.total)).replace('"', "").replace(f"{checkout.total:,}", "12900")
    post(organiser, "read", pasted=pasted.replace(",", "\t"))
    assert status(checkout) == "paid"


def test_what_cannot_be_read_is_said_and_nothing_is_taken_in(day: FestaDay, organiser: Client) -> None:
    awaited(day)
    broken = statement(row("김서울", 1), "2022.07.20,김서울,만원,0\n")
    for content, title in ((broken, "4번째 줄을 읽지 못했어요"), ("안녕", "어느 칸이 무엇인지 모르겠어요")):
        assert title in post(organiser, "read", pasted=content)[-1]
    assert "올린 내용이 없어요" in post(organiser, "read")[-1]
    assert not Deposit.objects.exists()


def test_one_press_gives_a_deposit_to_the_suggested_order(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    post(organiser, "read", pasted=statement(row("박엄마", checkout.total)))
    html = page(organiser, PATH)
    assert "그 이름으로 기다리는 주문이 없어요" in html and str(checkout.pk) in html
    deposit = Deposit.objects.get()
    said = post(organiser, "assign", deposit=deposit.pk, checkout=checkout.pk)
    assert "결제가 끝났어요" in said[-1] and status(checkout) == "paid"
    deposit.refresh_from_db()
    assert deposit.assigned_by == day.organiser
    assert "이미 처리한 입금이에요" in post(organiser, "assign", deposit=deposit.pk, checkout=checkout.pk)[-1]


def test_an_order_can_be_named_by_its_number(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    post(organiser, "read", pasted=statement(row("박엄마", 1000)))
    number = Order.objects.get().number
    said = post(organiser, "assign", deposit=Deposit.objects.get().pk, order=number)
    assert "아직 다 들어오지 않았거나" in said[-1]
    assert Checkout.objects.get(pk=checkout.pk).paid == 1000
    assert f"{checkout.total - 1000:,}원" in page(organiser, PATH)


@pytest.mark.parametrize("wrong", [{"order": "220720-nobodys"}, {"checkout": "x"}, {"deposit": "x"}])
def test_what_is_not_there_is_said(day: FestaDay, organiser: Client, wrong: dict[str, str]) -> None:
    checkout = awaited(day)
    post(organiser, "read", pasted=statement(row("박엄마", 1000)))
    fields = {"deposit": str(Deposit.objects.get().pk), "checkout": str(checkout.pk)}
    assert "없어요" in post(organiser, "assign", **(fields | wrong))[-1]
    assert Checkout.objects.get(pk=checkout.pk).paid == 0


def test_what_is_for_no_order_is_set_aside_with_its_reason(day: FestaDay, organiser: Client) -> None:
    post(organiser, "read", pasted=statement(row("국민은행", 7)))
    post(organiser, "aside", deposit=Deposit.objects.get().pk, why="이자")
    html = page(organiser, PATH)
    assert "주인을 찾아 주세요" not in html and "이자" in html


def test_one_deposit_by_hand(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    wrong = organiser.post(PATH, {"do": "enter", "at": now, "amount": "", "depositor": "김서울"})
    assert wrong.status_code == 200 and not Deposit.objects.exists()
    said = post(organiser, "enter", at=now, amount=checkout.total, depositor="김서울")
    assert "주문을 찾았어요" in said[-1] and status(checkout) == "paid"
    twice = post(organiser, "enter", at=now, amount=checkout.total, depositor="김서울")
    assert "이미 있는 입금이에요" in twice[-1]


def test_money_sent_back_by_hand_is_noted_once(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    twice = row("김서울", checkout.total) + row("김서울", checkout.total)
    post(organiser, "read", pasted=statement(twice))
    post(organiser, "assign", deposit=Deposit.objects.get(checkout=None).pk, checkout=checkout.pk)
    html = page(organiser, PATH)
    assert "돌려줄 돈이 있어요 (1건)" in html and "010-1234-5678" in html
    part = {"checkout": checkout.pk, "part": "", "amount": checkout.total}
    assert post(organiser, "sent", **part) == ["돌려보낸 돈을 적었어요."]
    assert "돌려줄 돈이 아니에요" in post(organiser, "sent", **part)[-1]
    assert Checkout.objects.get(pk=checkout.pk).refund_due == 0
    assert "돌려줄 돈이 있어요" not in page(organiser, PATH) and status(checkout) == "paid"


def test_a_cancelled_orders_money_is_sent_back_in_its_name(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    give_up_checkout(checkout.pk, checkout.buyer)
    post(organiser, "read", pasted=statement(row("김서울", checkout.total)))
    post(organiser, "assign", deposit=Deposit.objects.get().pk, checkout=checkout.pk)
    assert f"{checkout.total:,}원" in page(organiser, PATH)
    post(organiser, "sent", checkout=checkout.pk, part="", amount=checkout.total)
    assert Checkout.objects.get(pk=checkout.pk).paid == 0


def test_a_cash_receipt_is_issued_and_its_number_masked(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day, receipt=("personal", "010-9876-5432"))
    assert "010-9876-5432" not in page(organiser, PATH)
    post(organiser, "read", pasted=statement(row("김서울", checkout.total)))
    html = page(organiser, PATH)
    assert "현금영수증을 발급해 주세요 (1건)" in html and "010-****-5432" in html
    post(organiser, "receipt", checkout=checkout.pk, number="123456789")
    assert ExpectedDeposit.objects.get().receipt_issued_no == "123456789"
    html = page(organiser, PATH)
    assert "현금영수증을 발급해 주세요" not in html and "010-9876-5432" not in html


def test_only_who_has_the_right_sees_and_changes_it(day: FestaDay, organiser: Client) -> None:
    checkout = awaited(day)
    reader = Client()
    user = person("reader", is_staff=True)
    reader.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert reader.get(PATH).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_deposit"))
    assert reader.get(PATH).status_code == 200
    answer = reader.post(PATH, {"do": "read", "pasted": statement(row("김서울", checkout.total))})
    assert answer.status_code == 403 and status(checkout) == "placed"
    assert Client().get(PATH).status_code == 302


def test_a_full_page_costs_no_query_for_each_row(day: FestaDay, organiser: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(organiser, PATH)
        return len(asked)

    first = awaited(day)
    post(organiser, "read", pasted=statement(row("박엄마", first.total), row("이엄마", 3)))
    awaited(day)
    page(organiser, PATH)
    before = queries()
    awaited(day, "이서울")
    awaited(day, "최서울")
    past = timezone.now() - timedelta(minutes=5)
    Checkout.objects.update(placed_at=past)
    post(organiser, "read", pasted=statement(row("정엄마", first.total), row("강엄마", first.total)))
    assert queries() == before
