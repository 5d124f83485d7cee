"""The sample festa is whole, marked as a sample and stays as it is when loaded again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from golmok.demo.sample import load
from golmok.domain.accounts.models import User
from golmok.domain.festas.models import Show
from golmok.domain.festas.queries import home_page, role_in
from golmok.domain.orders.models import Stock
from golmok.domain.shops.models import Product, Shop

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=SEOUL)


@pytest.fixture(autouse=True)
def uploads(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_the_sample_is_the_festa_of_2022_around_today() -> None:
    logins = load(NOW)
    load(NOW)
    assert (Show.objects.count(), Shop.objects.count()) == (9, 28)
    page = home_page()
    assert (len(page.live), len(page.upcoming), len(page.past)) == (0, 7, 2)
    assert page.upcoming[0].pk == logins.show_id
    assert page.upcoming[0].starts_at < NOW < page.upcoming[0].ends_at
    for show in page.upcoming[1:]:
        start = show.starts_at.astimezone(SEOUL)
        assert (start.weekday() in (0, 4), start.hour) == (True, 19)
        assert show.starts_at > NOW


@pytest.mark.django_db
def test_the_samples_say_that_they_are_samples() -> None:
    load(NOW)
    assert not Shop.objects.exclude(is_sample=True).exists()
    assert not Product.objects.exclude(about__contains="예시").exists()
    assert not Shop.objects.exclude(email__endswith="@example.com").exists()
    assert all(valid_business_number(shop.business_number) for shop in Shop.objects.all())
    assert Stock.objects.filter(total=5).count() >= 3
    assert all(product.picture and product.picture_alt_en for product in Product.objects.all())


@pytest.mark.django_db
def test_the_demo_people_have_their_roles() -> None:
    logins = load(NOW)
    show = Show.objects.get(pk=logins.show_id)
    for username in ("viewer", "merchant", "organiser"):
        person = User.objects.get(username=username)
        assert role_in(person, show) == username
        assert person.check_password(logins.password)
        assert not person.is_superuser


def valid_business_number(number: str) -> bool:
    digits = [int(sign) for sign in number if sign.isdigit()]
    weighed = sum(digit * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=False))
    return len(digits) == 10 and (weighed + digits[8] * 5 // 10 + digits[9]) % 10 == 0
