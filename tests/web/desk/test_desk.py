"""The organiser's desk, from the outside."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from golmok.domain.festas.models import Festa, Show
from golmok.domain.orders.models import Order, Stock
from golmok.domain.shops.models import Product, Variant
from tests.buying import hold, order
from tests.web.festa_day import FestaDay, make_offer, make_shop, make_show

LISTS = [
    "festas/festa", "festas/show", "places/district", "shops/shop", "shops/product", "orders/stock",
    "orders/order", "accounts/user", "auth/group",
]  # fmt: skip


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("model", LISTS)
def test_every_list_and_every_form_opens_in_both_languages(
    day: FestaDay, organiser: Client, prefix: str, model: str
) -> None:
    page(organiser, f"{prefix}/desk/{model}/")
    if model not in {"orders/stock", "orders/order"}:
        page(organiser, f"{prefix}/desk/{model}/add/")


def test_the_desk_speaks_the_language_of_its_address(day: FestaDay, organiser: Client) -> None:
    assert "오늘 방송" in page(organiser, "/desk/")
    assert "Today&#x27;s shows" in page(organiser, "/en/desk/")


def test_the_first_page_shows_today_with_links_to_watch_and_studio(day: FestaDay, organiser: Client) -> None:
    html = page(organiser, "/desk/")
    assert day.show.title in html and "바른떡" in html
    assert f"/shows/{day.show.pk}/" in html and f"/studio/shows/{day.show.pk}/" in html


def test_an_empty_desk_says_what_to_do_first(day: FestaDay, organiser: Client) -> None:
    Stock.objects.all().delete()
    Show.objects.all().delete()
    Festa.objects.all().delete()
    html = page(organiser, "/desk/")
    assert "첫 페스타 만들기" in html and "오늘은 방송이 없어요" in html


def test_strangers_are_sent_to_log_in_and_merchants_are_refused(day: FestaDay) -> None:
    response = Client().get("/desk/")
    assert response.status_code == 302 and "login" in response["Location"]
    merchant = Client()
    merchant.force_login(day.merchant, "django.contrib.auth.backends.ModelBackend")
    refused = merchant.get("/desk/", follow=True)
    assert refused.status_code == 403
    assert "주최 쪽만" in refused.content.decode()
    assert merchant.get(f"/desk/festas/show/{day.show.pk}/change/", follow=True).status_code == 403


def test_the_number_of_queries_of_a_list_does_not_grow(day: FestaDay, organiser: Client) -> None:
    make_order(day.variant)
    paths = ["/desk/", *(f"/desk/{model}/" for model in LISTS)]
    for path in paths:
        page(organiser, path)
    before = {path: _queries(organiser, path) for path in paths}
    for name in ("가", "나", "다"):
        shop = make_shop(day.show.district, name)
        make_order(make_offer(shop, make_show(day.show.festa, day.show.district, shop)))
    assert {path: _queries(organiser, path) for path in paths} == before


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(client, path)
    return len(queries)


def make_order(variant: Variant) -> Order:
    return order(hold(variant), fulfilment="pickup")


def test_the_list_of_orders_masks_who_bought(day: FestaDay, organiser: Client) -> None:
    placed = make_order(day.variant)
    html = page(organiser, "/desk/orders/order/")
    assert "010-****-5678" in html and "김*울" in html
    assert "1234" not in html.replace("02-123-4567", "") and "김서울" not in html
    assert "010-1234-5678" in page(organiser, f"/desk/orders/order/{placed.number}/change/")


def test_orders_are_read_and_never_written(day: FestaDay, organiser: Client) -> None:
    placed = make_order(day.variant)
    assert organiser.get("/desk/orders/order/add/").status_code == 403
    assert organiser.post(f"/desk/orders/order/{placed.number}/change/", {"name": "x"}).status_code == 403
    assert organiser.post(f"/desk/orders/order/{placed.number}/delete/", {"post": "yes"}).status_code == 403


def test_stock_is_changed_under_its_lock_with_what_is_held_now(day: FestaDay, organiser: Client) -> None:
    path = f"/desk/orders/stock/{day.variant.pk}/change/"
    page(organiser, path)
    hold(day.variant, 2)
    assert organiser.post(path, {"total": "9"}).status_code == 302
    stock = Stock.objects.get()
    assert (stock.total, stock.held) == (9, 2)


def test_stock_below_what_is_held_is_refused_with_a_sentence(day: FestaDay, organiser: Client) -> None:
    hold(day.variant, 3)
    response = organiser.post(f"/desk/orders/stock/{day.variant.pk}/change/", {"total": "2"}, follow=True)
    assert "3개" in response.content.decode()
    assert Stock.objects.get().total == 5


def test_the_desk_changes_stock_through_the_locking_action(
    day: FestaDay, organiser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr("golmok.web.desk.shops.put_on_sale", lambda variant, n: asked.append((variant.pk, n)))
    organiser.post(f"/desk/orders/stock/{day.variant.pk}/change/", {"total": "8"})
    organiser.post(f"/desk/shops/product/{day.variant.product_id}/change/", product_form(day, units="7"))
    assert asked == [(day.variant.pk, 8), (day.variant.pk, 7)]
    assert Stock.objects.get().total == 5


def test_food_without_origin_is_refused_at_the_field(day: FestaDay, organiser: Client) -> None:
    path = f"/desk/shops/product/{day.variant.product_id}/change/"
    html = organiser.post(path, product_form(day, origin="")).content.decode()
    assert "식품은 원산지를 꼭 적어야 해요." in html
    assert Product.objects.get().origin


def test_a_show_that_is_not_there_is_not_saved(day: FestaDay, organiser: Client) -> None:
    assert organiser.post("/desk/festas/show/nowhere/change/", show_form(day)).status_code == 302


def test_a_shop_says_what_a_parcel_to_the_islands_costs_more(day: FestaDay, organiser: Client) -> None:
    assert 'name="remote_parcel_fee"' in page(organiser, f"/desk/shops/shop/{day.shop.pk}/change/")


def test_ending_a_show_from_its_page_and_from_the_list(day: FestaDay, organiser: Client) -> None:
    other = make_show(day.show.festa, day.show.district, make_shop(day.show.district, "가"))
    path = "/desk/festas/show/"
    assert "방송 끝내기" in page(organiser, f"{path}{day.show.pk}/change/")
    organiser.post(path, {"action": "end_shows", "_selected_action": [other.pk]})
    organiser.post(f"{path}{day.show.pk}/change/", show_form(day) | {"festas_show_end_show": "1"})
    assert set(Show.objects.values_list("status", flat=True)) == {"ended"}
    assert "방송 끝내기" not in page(organiser, f"{path}{day.show.pk}/change/")


def test_a_show_to_come_is_called_off_after_a_question(day: FestaDay, organiser: Client) -> None:
    coming = make_show(day.show.festa, day.show.district, make_shop(day.show.district, "가"))
    Show.objects.filter(pk=coming.pk).update(status=Show.Status.SCHEDULED)
    path = f"/desk/festas/show/{coming.pk}"
    assert "방송 취소하기" in page(organiser, f"{path}/change/")
    assert "이 방송을 취소할까요?" in page(organiser, f"{path}/cancel_show/")
    coming.refresh_from_db()
    assert coming.status == "scheduled"
    assert "방송을 취소했어요" in organiser.post(f"{path}/cancel_show/", follow=True).content.decode()
    coming.refresh_from_db()
    assert coming.status == "cancelled"
    assert "이 방송은 취소됐어요" in page(Client(), f"/shows/{coming.pk}/")
    assert "방송 취소하기" not in page(organiser, f"{path}/change/")
    assert organiser.post(f"{path}/cancel_show/").status_code == 403


def test_a_show_on_the_air_is_not_called_off(day: FestaDay, organiser: Client) -> None:
    path = f"/desk/festas/show/{day.show.pk}"
    assert "방송 취소하기" not in page(organiser, f"{path}/change/")
    assert organiser.post(f"{path}/cancel_show/").status_code == 403


@pytest.mark.parametrize(("prefix", "word"), [("", "주문과 재고"), ("/en", "Orders and stock")])
def test_the_way_back_speaks_the_language_of_the_page(
    day: FestaDay, organiser: Client, prefix: str, word: str
) -> None:
    assert word in page(organiser, f"{prefix}/desk/orders/stock/")


def test_rows_are_called_by_their_english_name_where_they_have_one(day: FestaDay, organiser: Client) -> None:
    path = f"/desk/festas/show/{day.show.pk}/change/"
    Show.objects.filter(pk=day.show.pk).update(title_en="Nangok street live")
    assert "Nangok street live |" in page(organiser, f"/en{path}")
    assert f"{day.show.title} |" in page(organiser, path)
    assert day.show.title not in page(organiser, "/en/desk/festas/show/")


def test_the_furniture_of_the_desk_speaks_korean_too(day: FestaDay, organiser: Client) -> None:
    html = page(organiser, "/desk/festas/show/")
    for korean, english in (("모두 고르기", "Select all rows"), ("찾을 말 쓰기", "Type to search")):
        assert korean in html
        assert english not in html
    assert "Choose all" in page(organiser, "/en/desk/festas/show/")


def test_shops_and_variants_are_found_while_typing(day: FestaDay, organiser: Client) -> None:
    query = "term=인절미&app_label=festas&model_name=offer&field_name=variant"
    assert "인절미" in page(organiser, f"/desk/autocomplete/?{query}").encode().decode("unicode_escape")


def test_only_the_desk_may_evaluate_and_public_pages_may_not(day: FestaDay, organiser: Client) -> None:
    assert "'unsafe-eval'" in organiser.get("/desk/")["Content-Security-Policy"]
    for path in ("/accounts/login/", "/accounts/profile/", "/api/v1/shows"):
        policy = organiser.get(path)["Content-Security-Policy"]
        assert "unsafe" not in policy


def product_form(day: FestaDay, units: str = "5", **changes: str) -> dict[str, str]:
    product = day.variant.product
    return {
        "shop": str(product.shop_id), "name": product.name, "name_en": "", "slug": product.slug, "about": "",
        "about_en": "", "is_food": "on", "origin": product.origin, "origin_en": "",
        "withdrawal": "seven_days", "picture_alt": "", "picture_alt_en": "", "parcel": "on", "pickup": "on",
        "variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "1", "variants-0-id": str(day.variant.pk),
        "variants-0-product": str(product.pk), "variants-0-name": day.variant.name, "variants-0-name_en": "",
        "variants-0-price": str(day.variant.price), "variants-0-units": units,
    } | changes  # fmt: skip


def show_form(day: FestaDay) -> dict[str, str]:
    starts, ends = (timezone.localtime(at) for at in (day.show.starts_at, day.show.ends_at))
    return {
        "title": day.show.title, "title_en": "", "festa": str(day.show.festa_id),
        "district": str(day.show.district_id),
        "starts_at_0": f"{starts:%Y-%m-%d}", "starts_at_1": f"{starts:%H:%M:%S}",
        "ends_at_0": f"{ends:%Y-%m-%d}", "ends_at_1": f"{ends:%H:%M:%S}",
        "rundown-TOTAL_FORMS": "0", "rundown-INITIAL_FORMS": "0",
        "offers-TOTAL_FORMS": "0", "offers-INITIAL_FORMS": "0",
    }  # fmt: skip
