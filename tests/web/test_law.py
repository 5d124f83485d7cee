"""What buyers must be told: by whom, under which rules, of which goods. And nothing that is not so."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from playwright.sync_api import sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from golmok import cli
from golmok.configuration import CONFIGURATION, OPERATOR_NEEDS, Operator
from golmok.domain.orders.cancelling import CANCEL_EXCEPTION_WITHIN, CANCEL_WITHIN
from golmok.domain.shops.business_number import written
from golmok.domain.shops.models import Product, Shop
from golmok.web.viewer import views
from tests.web.festa_day import FestaDay, make_shop, open_festa_day
from tests.web.viewer.reading import Page

CITY = Operator(
    name="골목시",
    name_en="City of Golmok",
    representative="김시장",
    business_number="124-81-00998",
    mail_order_number="2026-서울관악-0001",
    address="서울 관악구 관악로 1",
    phone="02-120",
    email="hello@golmok.example",
    hosting="구름회사",
)
INTERMEDIARY = "통신판매중개자"


@pytest.fixture
def day(db: None) -> FestaDay:
    return open_festa_day()


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Operator:
    """An operator who filled in everything."""
    monkeypatch.setattr("golmok.web.templatetags.golmok.CONFIGURATION", replace(CONFIGURATION, operator=CITY))
    return CITY


def text_of(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return Page(response.content.decode()).text


@pytest.mark.parametrize("path", ["/", "/shows/{show}/", "/policies/terms/", "/accounts/login/", "/orders/"])
def test_every_public_page_says_who_runs_it_and_where_the_rules_are(
    day: FestaDay, city: Operator, path: str
) -> None:
    source = Client().get(path.format(show=day.show.pk)).content.decode()
    text = Page(source).text
    told = (city.name, city.representative, city.business_number, city.mail_order_number, city.address)
    for fact in (*told, city.phone, city.email, city.hosting):
        assert fact in text
    assert 'href="/policies/terms/"' in source
    assert 'href="/policies/privacy/"' in source


def test_the_english_pages_call_the_operator_by_the_english_name(day: FestaDay, city: Operator) -> None:
    text = text_of("/en/")
    assert "City of Golmok runs Golmok as a mail-order intermediary" in text
    assert city.address in text, "nobody wrote an English address"


def test_what_was_not_filled_in_is_not_shown(day: FestaDay) -> None:
    footer = Client().get("/").content.decode().split("<footer", 1)[1]
    assert "대표자" not in footer
    assert "사업자등록번호" not in footer
    assert "실제로 물건을 팔면 안 돼요" in text_of("/policies/privacy/")


@pytest.mark.parametrize("name", ["terms", "privacy"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_policies_are_public_and_the_same_for_everyone(city: Operator, prefix: str, name: str) -> None:
    response = Client().get(f"{prefix}/policies/{name}/")
    assert response.headers["Cache-Control"] == "public, max-age=5"
    assert not response.cookies
    assert (CITY.name_en if prefix else CITY.name) in response.content.decode()


def test_there_is_no_other_policy(db: None) -> None:
    assert Client().get("/policies/cookies/").status_code == 404


def test_the_privacy_policy_says_what_who_and_how_long(city: Operator) -> None:
    text = text_of("/policies/privacy/")
    for fact in ("이름, 전화번호", "우편번호와 주소", "주문한 가게", "택배 회사", "5년", "3년", "6개월"):
        assert fact in text
    assert city.representative in text, "who answers for personal data when nobody else is named"


def test_the_terms_say_that_the_shop_sells(city: Operator) -> None:
    text = text_of("/policies/terms/")
    assert INTERMEDIARY in text
    assert "파는 사람은 각 가게" in text
    assert "10분 동안 맡아 둬요" in text


def test_the_terms_say_how_long_buyers_cancel_by_themselves(city: Operator) -> None:
    text = text_of("/policies/terms/")
    assert f"결제한 뒤에는 {CANCEL_WITHIN.seconds // 60}분 안에" in text
    assert f"반품할 수 없는 상품은 {CANCEL_EXCEPTION_WITHIN.seconds // 60}분" in text
    assert "7일 안에 취소하거나 반품할 권리는 그대로" in text
    assert "within 60 minutes after" in text_of("/en/policies/terms/")


@pytest.mark.parametrize(("payments", "is_test"), [(("test",), True), (("toss",), False)])
def test_the_policies_call_payment_a_test_where_it_is_one(
    city: Operator, monkeypatch: pytest.MonkeyPatch, payments: tuple[str, ...], is_test: bool
) -> None:
    monkeypatch.setattr(views, "CONFIGURATION", replace(CONFIGURATION, payments=payments))
    assert ("시험 결제뿐이에요" in text_of("/policies/terms/")) is is_test
    privacy = text_of("/policies/privacy/")
    assert ("시험 결제뿐이라" in privacy) is is_test
    assert ("결제창에서 결제할 때 이름, 전화번호" in privacy) is not is_test


def test_the_show_says_beside_its_goods_that_the_shops_sell(day: FestaDay) -> None:
    page = Client().get(f"/shows/{day.show.pk}/").content.decode()
    goods = page.split('id="goods"', 1)[1].split("<footer", 1)[0]
    assert Page(goods).text.count(INTERMEDIARY) == 1
    sheet = page.split('id="product"', 1)[1].split("</dialog>", 1)[0]
    assert INTERMEDIARY in Page(sheet).text


def test_the_checkout_says_where_the_data_go_and_ticks_nothing(day: FestaDay) -> None:
    page = Client().get(f"/shows/{day.show.pk}/").content.decode()
    checkout = page.split('id="checkout"', 1)[1].split("</dialog>", 1)[0]
    assert "이름·연락처·주소는 주문한 가게에 전해져요." in checkout
    assert 'href="/policies/privacy/"' in checkout
    assert " checked" not in checkout


def test_the_notice_of_goods_is_on_the_page_and_in_the_api(day: FestaDay) -> None:
    product = day.variant.product
    product.net, product.expiry, product.expiry_en = "500 g", "받은 날부터 2일", "2 days from receipt"
    product.save()
    text = text_of(f"/en/shows/{day.show.pk}/")
    assert "Use by 2 days from receipt" in text
    answer = Client().get(f"/api/v1/shows/{day.show.pk}", headers={"Accept-Language": "ko"}).json()
    assert answer["products"][0]["notice"] == [
        {"label": "용량·크기", "value": "500 g"},
        {"label": "원산지", "value": "쌀(국내산)"},
        {"label": "소비기한", "value": "받은 날부터 2일"},
        {"label": "물어볼 곳", "value": day.shop.phone},
    ]


def test_the_desk_names_what_the_notice_lacks(day: FestaDay) -> None:
    organiser = Client()
    organiser.force_login(day.organiser)
    path = f"/desk/shops/product/{day.variant.product_id}/change/"
    assert "용량·크기, 제조자·생산자, 소비기한, 원재료·알레르기, 보관 방법" in text_of(path, organiser)
    Product.objects.update(net="500 g", maker="바른떡", expiry="2일", ingredients="쌀", storage="실온")
    assert "다 적었어요" in text_of(path, organiser)
    assert "다 적었어요" in text_of("/desk/shops/product/", organiser)


def test_saving_goods_without_a_notice_goes_through_with_a_warning(day: FestaDay) -> None:
    organiser = Client()
    organiser.force_login(day.organiser)
    product = day.variant.product
    form = {
        **{name: getattr(product, name) for name in ("name", "slug", "origin", "withdrawal")},
        **{"shop": str(product.shop_id), "is_food": "on", "pickup": "on", "net": "500 g"},
        **{"variants-TOTAL_FORMS": "0", "variants-INITIAL_FORMS": "0"},
    }
    answer = organiser.post(f"/desk/shops/product/{product.pk}/change/", form, follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "빠진 것이 있어요: 제조자·생산자, 소비기한, 원재료·알레르기, 보관 방법." in said
    assert Product.objects.get(pk=product.pk).net == "500 g"


def test_what_is_not_food_needs_less(day: FestaDay) -> None:
    assert Product(is_food=False).missing_notice == ["net", "maker", "caution"]


@pytest.mark.parametrize("number", ["2208162517", "220-81-62517", " 124 81 00998 ", "120-81-47521"])
def test_a_business_number_is_written_as_the_tax_office_does(number: str) -> None:
    assert written(number) in {"220-81-62517", "124-81-00998", "120-81-47521"}


@pytest.mark.parametrize(
    "number", ["123-45-67890", "220-81-62518", "000-00-00000", "220-81-6251", "가나다", ""]
)
def test_a_number_that_cannot_be_is_none(number: str) -> None:
    assert written(number) is None


def test_the_desk_refuses_a_number_that_cannot_be_but_not_for_samples(day: FestaDay) -> None:
    organiser = Client()
    organiser.force_login(day.organiser)
    shop = make_shop(day.show.district, "새 가게")
    path = f"/desk/shops/shop/{shop.pk}/change/"
    refused = organiser.post(path, shop_form(shop, business_number="123-45-67890"))
    assert "숫자 10자리를 다시 확인해 주세요" in refused.content.decode()
    assert organiser.post(path, shop_form(shop, business_number="2208162517")).status_code == 302
    assert Shop.objects.get(pk=shop.pk).business_number == "220-81-62517"
    sample = shop_form(shop, business_number="000-00-00015", is_sample="on")
    assert organiser.post(path, sample).status_code == 302


def shop_form(shop: Shop, **changes: str) -> dict[str, str]:
    plain = ("slug", "name", "trade", "address", "phone", "representative", "parcel_fee", "remote_parcel_fee")
    return {
        **{field: str(getattr(shop, field)) for field in plain},
        "district": str(shop.district_id),
        "members-TOTAL_FORMS": "0",
        "members-INITIAL_FORMS": "0",
        "products-TOTAL_FORMS": "0",
        "products-INITIAL_FORMS": "0",
    } | changes


@pytest.mark.parametrize("missing", OPERATOR_NEEDS)
def test_the_doctor_names_what_the_operator_left_out(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    operator = replace(CITY, **{missing: ""})
    monkeypatch.setattr(cli, "CONFIGURATION", replace(CONFIGURATION, operator=operator))
    finding = cli._operator()
    assert f"GOLMOK_OPERATOR_{missing.upper()}" in finding.detail
    assert (finding.sign, finding.can_wait) == ("!", True)


def test_the_doctor_looks_at_the_operators_number(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(CITY, business_number="123-45-67890")
    monkeypatch.setattr(cli, "CONFIGURATION", replace(CONFIGURATION, operator=wrong))
    assert "123-45-67890" in cli._operator().detail
    monkeypatch.setattr(cli, "CONFIGURATION", replace(CONFIGURATION, operator=CITY))
    assert cli._operator().good


@pytest.mark.django_db
def test_sample_goods_have_a_whole_notice_marked_as_a_sample(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from golmok.demo import sample

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(sample, "picture", lambda kind: ContentFile(b"").read())
    sample.load(timezone.now())
    for product in Product.objects.all():
        assert product.missing_notice == [] or not product.is_food, product.name
        assert "예시" in product.net
        assert "sample" in product.net_en
    assert not any(written(shop.business_number) for shop in Shop.objects.all())


AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
COMPLAINTS = """async () => (await axe.run(document)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`))"""


@pytest.mark.browser
@pytest.mark.skipif(not AXE.is_file(), reason="axe comes with the packages of the browser code: npm ci")
def test_policies_shut_nobody_out(live_server: LiveServer, city: Operator) -> None:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, height in ((360, 740), (1440, 900)):
            page = browser.new_page(viewport={"width": width, "height": height})
            for path in ("/policies/terms/", "/en/policies/privacy/"):
                page.goto(f"{live_server.url}{path}")
                page.evaluate(f"{AXE.read_text()};0")
                complaints += page.evaluate(COMPLAINTS)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert complaints == []
