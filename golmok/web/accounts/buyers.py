"""Who somebody is to the sale: an account, or a guest known only by a random word in the session.

`buyer` is what holds and orders are kept under: ``user:<pk>`` or ``guest:<random>``.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from golmok.domain.accounts.models import User
from golmok.domain.accounts.names import may_be_said, written
from golmok.domain.core.labels import label
from golmok.domain.festas.queries import is_organiser
from golmok.web.accounts.found import found_by

BUYER = "buyer"
NICKNAME = "nickname"


@dataclass(frozen=True)
class Person:
    """The person behind a request."""

    user: User | None
    buyer: str | None
    """None for a guest who has not done anything yet."""
    nickname: str | None
    """As chosen; None until then."""
    found: frozenset[str] = frozenset()
    """Numbers of guests' orders that they found by number and phone."""

    @property
    def name(self) -> str:
        """Who receives what this person orders, as far as the account knows."""
        return self.user.name if self.user else ""

    @property
    def phone(self) -> str:
        return self.user.phone if self.user else ""

    @cached_property
    def display_name(self) -> str | None:
        """What the room calls this person; None until a viewer chose a nickname.

        A viewer's name and log-in id are nobody else's business: what a room says stays in the replay.
        """
        return (name_at_work(self.user) if self.user else None) or self.nickname


def name_at_work(user: User) -> str | None:
    """What rooms call somebody of a shop or the organiser; None for everyone else."""
    member = user.shop_memberships.select_related("shop").first()
    if member is None and not is_organiser(user):
        return None
    name = written(user.name)
    if may_be_said(name):
        return name
    return member.shop.name if member else str(label("accounts-organiser"))


def person_of(request: HttpRequest) -> Person:
    """The person as the session knows them; makes no session."""
    nickname, found = request.session.get(NICKNAME), found_by(request)
    if isinstance(request.user, User):
        called = nickname or request.user.nickname or None
        return Person(request.user, f"user:{request.user.pk}", called, found)
    return Person(None, guest_of(request), nickname, found)


def call_me(request: HttpRequest, nickname: str) -> None:
    """From now on; an account keeps it from one log-in to the next."""
    if isinstance(request.user, User):
        request.user.nickname = nickname
        request.user.save(update_fields=["nickname"])
        request.session.pop(NICKNAME, None)
    else:
        request.session[NICKNAME] = nickname


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
