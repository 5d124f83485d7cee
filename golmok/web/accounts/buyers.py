"""Who somebody is to the sale: an account, or a guest known only by a random word in the session.

`buyer` is what holds and orders are kept under: ``user:<pk>`` or ``guest:<random>``.
"""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest

from golmok.domain.accounts.models import User

BUYER = "buyer"
NICKNAME = "nickname"


@dataclass(frozen=True)
class Person:
    """The person behind a request."""

    user: User | None
    buyer: str | None
    """None for a guest who has not done anything yet."""
    nickname: str | None

    @property
    def display_name(self) -> str | None:
        """What the room calls this person; None until a guest chose a nickname."""
        return str(self.user) if self.user else self.nickname


def person_of(request: HttpRequest) -> Person:
    """The person as the session knows them; makes no session."""
    nickname = request.session.get(NICKNAME)
    if isinstance(request.user, User):
        return Person(request.user, f"user:{request.user.pk}", nickname)
    return Person(None, guest_of(request), nickname)


def guest_of(request: HttpRequest) -> str | None:
    """The guest's buyer id that this session carries, also after its owner signed in."""
    buyer: str | None = request.session.get(BUYER)
    return buyer


def buyer_of(request: HttpRequest) -> str:
    """The buyer id of this request; a new guest gets one, and a session to keep it in."""
    person = person_of(request)
    if person.buyer:
        return person.buyer
    guest = f"guest:{secrets.token_urlsafe(18)}"
    request.session[BUYER] = guest
    return guest
