"""Who asks, and whether the browser meant to: session cookie, and Django's CSRF check on every write."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from golmok.domain.accounts.models import User
from golmok.problems import Problem
from golmok.web.accounts.buyers import Person, person_of


class Caller(APIKeyCookie):
    """Anyone with a browser session, signed in or guest. Writes need ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Person:
        if check_csrf(request):
            raise Problem(403, "page-too-old")
        return person_of(request)


class SignedIn(Caller):
    """A person with an account."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Person:
        person = super().authenticate(request, key)
        if person.user is None:
            raise Problem(401, "log-in-first")
        return person


class PersonalRequest(HttpRequest):
    """A request that passed `Caller`."""

    auth: Person


def signed_in(request: PersonalRequest) -> User:
    """The user of a request that passed `SignedIn`."""
    return cast(User, request.auth.user)


CALLER = Caller()
SIGNED_IN = SignedIn()
