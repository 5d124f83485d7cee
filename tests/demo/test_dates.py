"""On another day's folder: one show on the air, the past past, the rest ahead, nothing real touched."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from golmok.demo.sample import load
from golmok.domain.accounts.models import User
from golmok.domain.festas.actions import end_show, go_on_air
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import home_page, role_in
from golmok.domain.orders.models import Stock
from golmok.domain.shops.models import Shop

YESTERDAY = datetime(2026, 11, 23, 14, 0, tzinfo=ZoneInfo("Asia/Seoul"))
DAYS = [timedelta(hours=2), timedelta(days=1), timedelta(days=9), timedelta(days=70)]


class Clock:
    """What every part of the domain is told the time is."""

    def __init__(self) -> None:
        self.now = YESTERDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made)
    return made


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("golmok.demo.sample.picture", lambda _kind: b"jpeg")


def on_air(clock: Clock) -> Show:
    """What the demo does: load, then the merchant's broadcaster takes the show to the air."""
    logins = load(clock.now)
    merchant = User.objects.get(username=logins.merchant)
    show = go_on_air(Show.objects.get(pk=logins.show_id), merchant)
    assert role_in(merchant, show) == "merchant"
    return show


def assert_today(clock: Clock, show: Show, past: int) -> None:
    page = home_page()
    assert [live.pk for live in page.live] == [show.pk]
    assert show.starts_at <= clock.now < show.ends_at
    assert len(page.upcoming) == 6
    assert all(other.starts_at > clock.now for other in page.upcoming)
    assert len({other.starts_at for other in page.upcoming}) == 6
    assert len(page.past) == past
    assert all(other.ended_at and other.ended_at <= clock.now for other in page.past)


@pytest.mark.django_db
@pytest.mark.parametrize("later", DAYS)
def test_a_demo_that_was_stopped_in_mid_show(clock: Clock, later: timedelta) -> None:
    before = on_air(clock)
    clock.now += later
    now = on_air(clock)
    same_day = later < timedelta(hours=3)
    assert (now.pk == before.pk) == same_day
    assert_today(clock, now, past=2 if same_day else 3)


@pytest.mark.django_db
@pytest.mark.parametrize("later", DAYS)
def test_a_demo_whose_show_was_ended(clock: Clock, later: timedelta) -> None:
    before = on_air(clock)
    end_show(before, User.objects.get(username="merchant"))
    clock.now += later
    now = on_air(clock)
    assert now.pk == "nangok-2"
    assert_today(clock, now, past=3)
    assert list(now.offers.values_list("variant", "price")) == list(
        before.offers.values_list("variant", "price")
    )
    assert [turn.shop_id for turn in now.rundown.all()] == [turn.shop_id for turn in before.rundown.all()]
    end_show(now, User.objects.get(username="merchant"))
    assert on_air(clock).pk == "nangok-3"


@pytest.mark.django_db
@pytest.mark.parametrize("later", DAYS)
def test_a_demo_that_never_began(clock: Clock, later: timedelta) -> None:
    load(clock.now)
    clock.now += later
    assert_today(clock, on_air(clock), past=2)


@pytest.mark.django_db
def test_another_sample_show_left_on_the_air_is_over(clock: Clock) -> None:
    load(clock.now)
    organiser = User.objects.get(username="organiser")
    clock.now = Show.objects.get(pk="sinjeong").starts_at
    go_on_air(Show.objects.get(pk="sinjeong"), organiser)
    clock.now += timedelta(days=1)
    now = on_air(clock)
    assert [live.pk for live in home_page().live] == [now.pk]
    assert Show.objects.get(pk="sinjeong").status == Show.Status.ENDED


@pytest.mark.django_db
def test_real_shows_stay_as_they_are(clock: Clock) -> None:
    before = on_air(clock)
    real = Shop.objects.create(slug="real", name="진짜 가게", district=before.district, is_sample=False)
    mixed, own = Show.objects.get(pk="sinjeong"), Show.objects.get(pk="haengun")
    mixed.rundown.create(shop=real, position=9)
    own.pk, own.status = "own", Show.Status.SCHEDULED
    own.save(force_insert=True)
    own.rundown.create(shop=real, position=1)
    rows = list(Show.objects.filter(pk__in=["own", "sinjeong"]).values())
    clock.now += timedelta(days=30)
    on_air(clock)
    assert list(Show.objects.filter(pk__in=["own", "sinjeong"]).values()) == rows


@pytest.mark.django_db
def test_what_is_nearly_sold_out_is_filled_up(clock: Clock) -> None:
    variant = on_air(clock).offers.order_by("pk")[0].variant_id
    Stock.objects.filter(pk=variant).update(total=30, sold=27)
    on_air(clock)
    stock = Stock.objects.get(pk=variant)
    assert (stock.total, stock.sold) == (57, 27)
