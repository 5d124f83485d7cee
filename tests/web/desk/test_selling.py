"""What the desk changes of goods that are being sold right now, and of what is history."""

import pytest
from django.test import Client

from golmok.domain.core import outbox
from golmok.domain.festas.models import Offer, RundownSegment, Show
from golmok.domain.orders.actions import mark_sold_out
from golmok.domain.orders.models import Stock
from golmok.domain.shops.models import Variant
from tests.web.desk.test_desk import page, product_form, show_form
from tests.web.festa_day import FestaDay

Facts = list[tuple[str, dict[str, object]]]


@pytest.fixture
def offer(day: FestaDay) -> Offer:
    told(day)
    return Offer.objects.get()


def told(day: FestaDay) -> Facts:
    facts = outbox.untold(day.show.pk)
    outbox.mark_told([fact.id for fact in facts])
    return [(fact.kind, fact.fields) for fact in facts]


def offer_form(day: FestaDay, offer: Offer, **changes: object) -> dict[str, object]:
    row = {"id": offer.pk, "show": day.show.pk, "variant": offer.variant_id, "price": offer.price}
    row |= {"kind": offer.kind}
    cells = {f"offers-0-{name}": value for name, value in (row | changes).items()}
    return show_form(day) | {"offers-TOTAL_FORMS": "1", "offers-INITIAL_FORMS": "1"} | cells


def save_show(organiser: Client, day: FestaDay, form: dict[str, object]) -> None:
    response = organiser.post(f"/desk/festas/show/{day.show.pk}/change/", form)
    assert response.status_code == 302, response.content.decode()


def test_a_live_price_changed_on_the_air_reaches_the_room(
    day: FestaDay, organiser: Client, offer: Offer
) -> None:
    save_show(organiser, day, offer_form(day, offer, price=8800, per_buyer_cap=2))
    offer.refresh_from_db()
    assert (offer.price, offer.per_buyer_cap) == (8800, 2)
    assert told(day) == [("price", {"variant": day.variant.pk, "price": 8800})]


def test_an_offer_that_stays_tells_nothing(day: FestaDay, organiser: Client, offer: Offer) -> None:
    save_show(organiser, day, offer_form(day, offer))
    assert told(day) == []


def test_an_offer_taken_out_and_put_back_reaches_the_room(
    day: FestaDay, organiser: Client, offer: Offer
) -> None:
    save_show(organiser, day, offer_form(day, offer, DELETE="on"))
    assert not Offer.objects.exists()
    assert ("stock", {"variant": day.variant.pk, "left": 0, "closed": True}) in told(day)
    form = offer_form(day, offer, id="", price=7000) | {"offers-INITIAL_FORMS": "0"}
    save_show(organiser, day, form)
    assert Offer.objects.get().price == 7000
    assert told(day) == [
        ("price", {"variant": day.variant.pk, "price": 7000}),
        ("stock", {"variant": day.variant.pk, "left": 5, "closed": False}),
    ]


def test_another_variant_in_the_place_of_one(day: FestaDay, organiser: Client, offer: Offer) -> None:
    other = Variant.objects.create(product=day.variant.product, name="1kg", price=20000)
    save_show(organiser, day, offer_form(day, offer, variant=other.pk, price=17000))
    assert Offer.objects.get().variant == other
    assert told(day) == [
        ("price", {"variant": day.variant.pk, "price": 12000}),
        ("stock", {"variant": day.variant.pk, "left": 0, "closed": True}),
        ("price", {"variant": other.pk, "price": 17000}),
    ]


def test_a_regular_price_reaches_the_rooms_of_shows_to_come(
    day: FestaDay, organiser: Client, offer: Offer
) -> None:
    Show.objects.update(status=Show.Status.SCHEDULED)
    product = day.variant.product
    form = product_form(day, **{"variants-0-price": "13000", "variants-0-name": "600g"})
    assert organiser.post(f"/desk/shops/product/{product.pk}/change/", form).status_code == 302
    day.variant.refresh_from_db()
    assert (day.variant.price, day.variant.name) == (13000, "600g")
    assert ("price", {"variant": day.variant.pk, "price": 13000}) in told(day)


def test_a_new_variant_is_put_on_sale_at_once(day: FestaDay, organiser: Client) -> None:
    product = day.variant.product
    row = {"name": "1kg", "name_en": "", "price": "20000", "units": "3", "product": str(product.pk)}
    cells = {f"variants-1-{name}": value for name, value in row.items()} | {"variants-TOTAL_FORMS": "2"}
    form = product_form(day, **cells)
    assert organiser.post(f"/desk/shops/product/{product.pk}/change/", form).status_code == 302
    assert Stock.objects.get(variant__name="1kg").total == 3


@pytest.mark.parametrize("status", [Show.Status.LIVE, Show.Status.ENDED])
def test_a_show_is_not_deleted_on_the_page_of_its_festa(
    day: FestaDay, organiser: Client, status: Show.Status
) -> None:
    Show.objects.update(status=status)
    festa, show = day.show.festa, day.show
    form = {name: getattr(festa, name) for name in ("name", "name_en", "slug", "organiser", "organiser_en")}
    cells = {name: value for name, value in show_form(day).items() if "-" not in name}
    rows: dict[str, object] = {f"shows-0-{name}": value for name, value in cells.items()}
    rows |= {"shows-0-id": show.pk, "shows-0-festa": festa.pk, "shows-0-DELETE": "on"}
    form |= {"about": "", "about_en": "", "shows-TOTAL_FORMS": "1", "shows-INITIAL_FORMS": "1"}
    response = organiser.post(f"/desk/festas/festa/{festa.pk}/change/", form | rows)
    assert response.status_code == 302, response.content.decode()
    assert Show.objects.filter(pk=show.pk).exists()


@pytest.mark.parametrize("status", [Show.Status.ENDED, Show.Status.CANCELLED])
def test_who_was_in_a_show_that_is_over_and_what_it_sold_stays(
    day: FestaDay, organiser: Client, offer: Offer, status: Show.Status
) -> None:
    Show.objects.update(status=status)
    turn = RundownSegment.objects.get()
    row = {"id": turn.pk, "show": day.show.pk, "shop": turn.shop_id, "position": 1, "minutes": 20}
    cells = {f"rundown-0-{name}": value for name, value in row.items()} | {"rundown-0-DELETE": "on"}
    cells |= {"rundown-TOTAL_FORMS": "1", "rundown-INITIAL_FORMS": "1"}
    save_show(organiser, day, offer_form(day, offer, price=1, DELETE="on") | cells)
    assert Offer.objects.get().price == 9900
    assert RundownSegment.objects.get() == turn
    assert told(day) == []


def test_shows_that_were_on_the_air_are_not_deleted_by_the_list(day: FestaDay, organiser: Client) -> None:
    Stock.objects.all().delete()
    Show.objects.update(status=Show.Status.ENDED)
    chosen = {"action": "delete_selected", "_selected_action": [day.show.pk], "post": "yes"}
    organiser.post("/desk/festas/show/", chosen)
    assert Show.objects.filter(pk=day.show.pk).exists()


@pytest.mark.parametrize("by", ["button", "list"])
@pytest.mark.parametrize("status", [Show.Status.LIVE, Show.Status.ENDED])
def test_what_was_marked_sold_out_is_sold_again_from_the_desk(
    day: FestaDay, organiser: Client, status: Show.Status, by: str
) -> None:
    mark_sold_out(day.variant, day.show, day.merchant)
    Show.objects.update(status=status)
    path = f"/desk/orders/stock/{day.variant.pk}/change/"
    assert "다 팔렸다고 표시" in page(organiser, "/desk/orders/stock/")
    assert "다시 팔기" in page(organiser, path)
    assert "다시 팔면 5개" in page(organiser, f"/desk/shops/product/{day.variant.product_id}/change/")
    if by == "button":
        response = organiser.post(path, {"total": "5", "orders_stock_reopen": ""}, follow=True)
    else:
        chosen = {"action": "reopen_many", "_selected_action": [day.variant.pk]}
        response = organiser.post("/desk/orders/stock/", chosen, follow=True)
    assert "다시 팔아요" in response.content.decode()
    assert not Stock.objects.get().is_closed
    assert "orders_stock_reopen" not in page(organiser, path)


def test_what_no_show_sells_is_not_reopened_and_the_desk_says_why(day: FestaDay, organiser: Client) -> None:
    mark_sold_out(day.variant, day.show, day.merchant)
    Offer.objects.all().delete()
    path = f"/desk/orders/stock/{day.variant.pk}/change/"
    response = organiser.post(path, {"total": "5", "orders_stock_reopen": ""}, follow=True)
    assert "파는 방송이 없어요" in response.content.decode()
    assert Stock.objects.get().is_closed
