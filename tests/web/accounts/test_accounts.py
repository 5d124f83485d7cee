"""Signing in and out, and what follows a person into their account."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from golmok.domain.accounts.models import User
from golmok.domain.orders.models import Hold, Order
from tests.buying import hold, order
from tests.web.api.browser import Browser, said
from tests.web.festa_day import PASSWORD, FestaDay

PAGES = ["login", "signup", "password/reset"]


@pytest.mark.parametrize(("prefix", "language"), [("", "ko"), ("/en", "en")])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages_without_inline_code(
    day: FestaDay, prefix: str, language: str, name: str
) -> None:
    response = Client().get(f"{prefix}/accounts/{name}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert "<style" not in html and "style=" not in html and "<script>" not in html


@pytest.mark.parametrize("name", ["profile", "password/change", "logout"])
def test_every_page_of_a_signed_in_person_opens(day: FestaDay, name: str) -> None:
    client = Client()
    client.force_login(day.viewer, "django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/accounts/{name}/").status_code == 200


def test_a_failed_log_in_keeps_what_was_typed_but_the_password(day: FestaDay) -> None:
    response = Client().post("/accounts/login/", {"login": "viewer", "password": "틀린비밀번호"})
    html = response.content.decode()
    assert 'value="viewer"' in html and "틀린비밀번호" not in html
    assert "아이디나 비밀번호가 맞지 않아요" in html


def test_too_many_wrong_passwords_are_stopped(day: FestaDay) -> None:
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": "viewer", "password": "wrong"})
    html = client.post("/accounts/login/", {"login": "viewer", "password": PASSWORD}).content.decode()
    assert "5분 뒤에" in html


def test_a_guest_who_logs_in_keeps_holds_and_orders(day: FestaDay) -> None:
    guest = Browser()
    number = order(hold(day.variant, buyer=guest.buyer())).number
    kept = hold(day.variant, buyer=guest.buyer())
    _log_in(guest, "/accounts/login/", {"login": "viewer", "password": PASSWORD})
    assert [row["number"] for row in said(guest.get("/orders"))["items"]] == [number]
    assert said(guest.get("/me"))["open_checkout"]["id"] == str(kept.pk)
    assert Order.objects.get().user == day.viewer
    assert {row.buyer for row in Hold.objects.all()} == {f"user:{day.viewer.pk}"}
    assert said(Browser(day.viewer).get(f"/orders/{number}"))["number"] == number


def test_a_guest_who_signs_up_keeps_their_orders(day: FestaDay) -> None:
    guest = Browser()
    order(hold(day.variant, buyer=guest.buyer()))
    form = {"email": "new@example.com", "username": "new", "password1": PASSWORD}
    _log_in(guest, "/accounts/signup/", form)
    assert Order.objects.get().user == User.objects.get(username="new")


def test_logging_out_leaves_nothing_behind_on_the_device(day: FestaDay) -> None:
    guest = Browser()
    number = order(hold(day.variant, buyer=guest.buyer())).number
    _log_in(guest, "/accounts/login/", {"login": "viewer", "password": PASSWORD})
    _log_in(guest, "/accounts/logout/", {})
    assert guest.get(f"/orders/{number}").status_code == 404


def test_passwords_are_kept_with_argon2(day: FestaDay) -> None:
    assert identify_hasher(day.viewer.password).algorithm == "argon2"


def test_name_and_phone_are_changed_on_the_profile(day: FestaDay) -> None:
    client = Client()
    client.force_login(day.viewer, "django.contrib.auth.backends.ModelBackend")
    assert (
        client.post(
            "/accounts/profile/", {"nickname": "", "name": "김느티", "phone": "01012345678"}
        ).status_code
        == 302
    )
    day.viewer.refresh_from_db()
    assert (day.viewer.name, day.viewer.phone) == ("김느티", "010-1234-5678")
    refused = client.post("/accounts/profile/", {"name": "김느티", "phone": "12"})
    assert refused.status_code == 422
    assert 'value="12"' in refused.content.decode()


def test_a_profile_is_for_its_owner(day: FestaDay) -> None:
    response = Client().get("/accounts/profile/")
    assert response.status_code == 302 and "login" in response["Location"]


def test_logging_in_leads_nowhere_foreign(day: FestaDay) -> None:
    form = {"login": "viewer", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", form)["Location"] == "/"
    assert Client().post("/en/accounts/login/", form)["Location"] == "/en/"


def _log_in(browser: Browser, path: str, form: dict[str, str]) -> None:
    token = said(browser.get("/me"))["csrf"]
    assert browser.client.post(path, form | {"csrfmiddlewaretoken": token}).status_code == 302


def test_nobody_calls_their_account_like_a_shop_or_the_organiser(day: FestaDay) -> None:
    client = Client()
    client.force_login(day.viewer, "django.contrib.auth.backends.ModelBackend")
    assert client.post("/accounts/profile/", {"name": "바른떡 공식", "phone": ""}).status_code == 422
    form = {"email": "new@example.com", "username": "golmok-admin", "password1": PASSWORD}
    assert Client().post("/accounts/signup/", form).status_code == 200
    assert not User.objects.filter(username="golmok-admin").exists()
    client.force_login(day.merchant, "django.contrib.auth.backends.ModelBackend")
    assert client.post("/accounts/profile/", {"name": "바른떡 사장", "phone": ""}).status_code == 302
