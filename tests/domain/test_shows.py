"""Running a show, and what its room and pages are told."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from golmok.domain.accounts.models import User
from golmok.domain.core import lease, outbox
from golmok.domain.core.models import RoomLease
from golmok.domain.festas import actions, queries
from golmok.domain.festas.models import IngestKey, RundownSegment, Show
from golmok.domain.orders.actions import mark_sold_out
from golmok.domain.orders.queries import RoomFacts, StockNow, own_orders, room_facts
from golmok.domain.shops.models import Product, ShopMember, Variant
from golmok.problems import Problem
from tests.buying import hold, order, pay
from tests.domain.conftest import make_shop, offer_product


@pytest.fixture
def scheduled(show: Show) -> Show:
    Show.objects.update(status=Show.Status.SCHEDULED)
    show.refresh_from_db()
    return show


@pytest.fixture
def organiser(stranger: User) -> User:
    stranger.is_staff = True
    stranger.save()
    stranger.user_permissions.add(Permission.objects.get(codename="change_show"))
    return User.objects.get(pk=stranger.pk)


def told() -> list[tuple[str, dict[str, object]]]:
    facts = outbox.untold("nangok")
    outbox.mark_told([fact.id for fact in facts])
    return [(fact.kind, fact.fields) for fact in facts]


def test_going_on_air_tells_the_phase_and_the_live_prices_once(
    variant: Variant, scheduled: Show, merchant: User
) -> None:
    told()
    assert actions.go_on_air(scheduled, merchant).started_at is not None
    actions.go_on_air(scheduled, merchant)
    assert told() == [("show", {"phase": "live"}), ("price", {"variant": variant.pk, "price": 9900})]


def test_the_end_takes_the_pin_down_and_tells_the_regular_prices(
    variant: Variant, show: Show, merchant: User
) -> None:
    actions.pin_product(show, variant.product, merchant)
    told()
    ended = actions.end_show(show, merchant)
    actions.end_show(show, merchant)
    assert ended.ended_at is not None
    assert told() == [
        ("unpin", {}),
        ("price", {"variant": variant.pk, "price": 12000}),
        ("show", {"phase": "ended"}),
    ]
    with pytest.raises(Problem, match="show-finished"):
        actions.go_on_air(show, merchant)


def test_a_show_is_called_off_before_it_begins_and_by_the_organiser_alone(
    variant: Variant, scheduled: Show, merchant: User, organiser: User
) -> None:
    with pytest.raises(Problem, match="not-yours"):
        actions.cancel_show(scheduled, merchant)
    actions.pin_product(scheduled, variant.product, merchant)
    key = actions.issue_ingest_key(scheduled, merchant)
    told()
    assert actions.cancel_show(scheduled, organiser).status == "cancelled"
    actions.cancel_show(scheduled, organiser)
    assert told() == [("unpin", {}), ("show", {"phase": "ended"})]
    assert not actions.ingest_key_admits("nangok", key)
    assert queries.home_page().upcoming == []
    with pytest.raises(Problem, match="show-finished"):
        actions.go_on_air(scheduled, merchant)


@pytest.mark.parametrize("status", [Show.Status.LIVE, Show.Status.ENDED])
def test_a_show_that_began_is_not_called_off(show: Show, organiser: User, status: Show.Status) -> None:
    Show.objects.update(status=status)
    with pytest.raises(Problem, match="show-begun"):
        actions.cancel_show(show, organiser)


def test_only_one_product_is_held_up(variant: Variant, show: Show, merchant: User) -> None:
    other = offer_product(variant.product.shop, show, units=1)
    told()
    actions.pin_product(show, variant.product, merchant)
    actions.pin_product(show, other.product, merchant)
    actions.pin_product(show, other.product, merchant)
    assert queries.pinned_product("nangok") == other.product_id
    actions.unpin_product(show, merchant)
    actions.unpin_product(show, merchant)
    assert [kind for kind, _fields in told()] == ["pin", "pin", "unpin"]


def test_nobody_holds_up_another_shops_product(
    variant: Variant, show: Show, merchant: User, organiser: User
) -> None:
    other = make_shop("bagel")
    RundownSegment.objects.create(show=show, shop=other, position=2)
    bagel = offer_product(other, show, units=1).product
    with pytest.raises(Problem, match="not-your-product"):
        actions.pin_product(show, bagel, merchant)
    actions.pin_product(show, bagel, organiser)
    assert queries.pinned_product("nangok") == bagel.pk
    assert queries.may_sell(merchant, show, variant.product)
    RundownSegment.objects.filter(shop=variant.product.shop).delete()
    assert not queries.may_sell(merchant, show, variant.product)


def test_what_cannot_be_pinned(variant: Variant, show: Show, merchant: User, stranger: User) -> None:
    elsewhere = Product.objects.create(shop=variant.product.shop, slug="elsewhere", name="다른 것")
    with pytest.raises(Problem, match="product-not-in-show"):
        actions.pin_product(show, elsewhere, merchant)
    with pytest.raises(Problem, match="not-yours"):
        actions.pin_product(show, variant.product, stranger)
    nameless = variant.product
    nameless.origin = " "
    with pytest.raises(Problem, match="origin-missing"):
        actions.pin_product(show, nameless, merchant)


def test_an_ingest_key_admits_until_the_show_ends(show: Show, merchant: User, stranger: User) -> None:
    with pytest.raises(Problem, match="not-yours"):
        actions.issue_ingest_key(show, stranger)
    key = actions.issue_ingest_key(show, merchant)
    assert not IngestKey.objects.filter(digest=key).exists()
    assert actions.ingest_key_admits("nangok", key)
    assert not actions.ingest_key_admits("insu", key)
    assert not actions.ingest_key_admits("nangok", key + "x")
    actions.end_show(show, merchant)
    assert not actions.ingest_key_admits("nangok", key)


def test_roles(show: Show, merchant: User, stranger: User) -> None:
    assert queries.role_in(None, show) == queries.role_in(stranger, show) == "viewer"
    assert queries.role_in(merchant, show) == "merchant"
    ShopMember.objects.update(role=ShopMember.Role.HELPER)
    assert queries.role_in(merchant, show) == "helper"
    assert queries.shows_of_merchant(merchant) == [show]
    assert queries.shows_of_merchant(stranger) == []


def test_the_organiser_runs_every_show(show: Show, organiser: User) -> None:
    assert queries.role_in(organiser, show) == "organiser"
    assert queries.shows_of_merchant(organiser) == [show]


def test_the_room_hears_of_stock_and_orders(variant: Variant, show: Show, merchant: User) -> None:
    told()
    placed = order(hold(variant, 2))
    pay(placed)
    mark_sold_out(variant, show, merchant)
    assert told() == [
        ("stock", {"variant": variant.pk, "left": 3, "closed": False}),
        ("stock", {"variant": variant.pk, "left": 3, "closed": False}),
        ("order", {"name": "김*울", "product": variant.product_id, "quantity": 2}),
        ("stock", {"variant": variant.pk, "left": 0, "closed": True}),
    ]


def test_a_refused_purchase_tells_nothing(variant: Variant) -> None:
    told()
    with pytest.raises(Problem):
        hold(variant, 6)
    assert told() == []


def test_room_facts(variant: Variant, show: Show, merchant: User) -> None:
    actions.pin_product(show, variant.product, merchant)
    hold(variant, 2)
    assert room_facts("nangok") == RoomFacts(
        "live", variant.product_id, {variant.pk: StockNow(3, False)}, {variant.pk: 9900}
    )
    assert room_facts("nowhere") is None


@pytest.mark.parametrize(
    ("ask", "count"),
    [
        (lambda: room_facts("nangok"), 5),
        (queries.home_page, 2),
        (lambda: queries.show_page("nangok"), 4),
        (lambda: own_orders("guest:a"), 7),
    ],
    ids=["room facts", "home page", "show page", "own orders"],
)
@pytest.mark.parametrize("goods", [1, 12])
def test_pages_ask_as_often_for_one_product_as_for_a_dozen(
    variant: Variant,
    ask: Callable[[], object],
    count: int,
    goods: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(goods):
        order(hold(offer_product(variant.product.shop, Show.objects.get(), units=1)))
    with django_assert_num_queries(count):
        ask()


def test_an_unknown_show_is_a_problem(db: None) -> None:
    with pytest.raises(Problem, match="show-unknown"):
        queries.show_page("nowhere")
    assert not queries.show_exists("nowhere")


@pytest.mark.django_db
def test_one_owner_at_a_time_holds_a_lease() -> None:
    assert lease.acquire("nangok", "a", 10)
    assert lease.acquire("nangok", "a", 10)
    assert not lease.acquire("nangok", "b", 10)
    assert not lease.renew("nangok", "b", 10)
    assert lease.renew("nangok", "a", 10)
    RoomLease.objects.update(expires_at=timezone.now())
    assert not lease.renew("nangok", "a", 10)
    assert lease.acquire("nangok", "b", 10)
    lease.release("nangok", "a")
    assert not lease.acquire("nangok", "a", 10)
    lease.release("nangok", "b")
    assert lease.acquire("nangok", "a", 10)


def test_a_new_ingest_key_takes_the_show_over(show: Show, merchant: User) -> None:
    earlier = actions.issue_ingest_key(show, merchant)
    later = actions.issue_ingest_key(show, merchant)
    assert not actions.ingest_key_admits("nangok", earlier)
    assert actions.ingest_key_admits("nangok", later)
