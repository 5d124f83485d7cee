"""What people may be called in a room."""

import re
import unicodedata

from golmok.domain.accounts.names import LONGEST_NICKNAME, may_be_said, written
from golmok.domain.shops.models import Shop
from golmok.problems import Problem

SHORTEST, LONGEST = 2, LONGEST_NICKNAME
STAFF = (
    *("운영자", "관리자", "주최", "진행자", "도우미", "사장", "골목"),
    *("golmok", "admin", "operator", "organiser", "organizer", "staff", "helper", "merchant", "moderator"),
)
LOOK_ALIKE = str.maketrans("013457i", "oleastl")
"""Digits and letters in the place of another: adm1n, goImok."""


def checked_nickname(typed: str) -> str:
    """`typed` in one writing. Problem 422: `bad-nickname`, or `nickname-taken` when it poses as somebody."""
    nickname = written(typed)
    if not SHORTEST <= len(nickname) <= LONGEST or not may_be_said(nickname, signs=" "):
        raise Problem(422, "bad-nickname", {"reason": "form", "shortest": SHORTEST, "longest": LONGEST})
    if poses_as_somebody(nickname):
        raise Problem(422, "nickname-taken", {"nickname": nickname})
    return nickname


def poses_as_somebody(nickname: str) -> bool:
    """Whether people in a room could take it for a shop or for the organiser."""
    bare = _bare(nickname)
    if any(_bare(word) in bare for word in STAFF):
        return True
    names = Shop.objects.values_list("name", "name_en")
    return any(_is_within(_bare(name), bare) for pair in names for name in pair)


def _is_within(shop: str, nickname: str) -> bool:
    """Two-letter shop names are everyday words: only the very same nickname poses as such a shop."""
    return shop in nickname if len(shop) > 2 else shop == nickname


def _bare(name: str) -> str:
    """Letters and digits alone, without accents, case and look-alikes."""
    apart = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    composed = unicodedata.normalize("NFC", letters).lower()
    return re.sub(r"[^0-9a-z가-힣]", "", composed).translate(LOOK_ALIKE)
