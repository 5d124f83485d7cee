"""Golmok's answers to allauth: what logging in does, where it leads, how refusals are said."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from golmok.configuration import CONFIGURATION
from golmok.domain.accounts.models import User
from golmok.domain.core.labels import label
from golmok.domain.orders.adoption import adopt_guest
from golmok.web.accounts.buyers import BUYER, NICKNAME, call_me, guest_of
from golmok.web.api.nicknames import poses_as_somebody
from golmok.web.language import language_of


class GuestsKeepTheirOrders(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": label("accounts-wrong-login"),
        "email_password_mismatch": label("accounts-wrong-login"),
        "invalid_login": label("accounts-wrong-login"),
        "too_many_login_attempts": label("accounts-too-many-logins"),
        "rate_limited": label("accounts-too-many-tries"),
        "account_inactive": label("accounts-inactive"),
        "email_taken": label("accounts-email-taken"),
        "username_taken": label("accounts-username-taken"),
        "unknown_email": label("accounts-unknown-email"),
        "incorrect_password": label("accounts-wrong-password"),
        "enter_current_password": label("accounts-current-password"),
        "invalid_password_reset": label("accounts-reset-stale"),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Lists at the desk and in the studio say it, so it may not pose as a shop or the organiser."""
        cleaned: str = super().clean_username(username, shallow=shallow)
        if poses_as_somebody(cleaned):
            raise ValidationError(str(label("problem-nickname-taken-detail")))
        return cleaned

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and hand over what the guest of this session held, ordered and was called."""
        guest = guest_of(request)
        super().login(request, user)
        if not isinstance(user, User):
            return
        if guest:
            adopt_guest(guest, user)
            request.session.pop(BUYER, None)
        if nickname := user.nickname or request.session.get(NICKNAME):
            call_me(request, nickname)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the address people know, whatever name this request used."""
        address = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{CONFIGURATION.public_url}{address.path}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return home(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return home(request)


def home(request: HttpRequest) -> str:
    """The home page in the language of the request."""
    return "/en/" if language_of(request) == "en" else "/"
