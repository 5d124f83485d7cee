"""What a guest may be called in a room."""

import re
import unicodedata

from golmok.domain.shops.models import Shop
from golmok.problems import Problem

SHORTEST, LONGEST = 2, 12
ALLOWED = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ]+(?: [0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ]+)*")
STAFF = (
    *("운영자", "관리자", "주최", "진행자", "도우미", "사장", "골목"),
    *("golmok", "admin", "operator", "organiser", "organizer", "staff", "helper", "merchant", "moderator"),
)


def checked_nickname(typed: str) -> str:
    """`typed` in one writing. Problem 422: `bad-nickname`, or `nickname-taken` when it poses as somebody."""
    nickname = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not SHORTEST <= len(nickname) <= LONGEST or not ALLOWED.fullmatch(nickname):
        raise Problem(422, "bad-nickname", {"reason": "form", "shortest": SHORTEST, "longest": LONGEST})
    if poses_as_somebody(nickname):
        raise Problem(422, "nickname-taken", {"nickname": nickname})
    return nickname


def poses_as_somebody(nickname: str) -> bool:
    """Whether people in a room could take it for a shop or for the organiser."""
    bare = _bare(nickname)
    if any(word in bare for word in STAFF):
        return True
    names = Shop.objects.values_list("name", "name_en")
    return any(_is_within(_bare(name), bare) for pair in names for name in pair)


def _is_within(shop: str, nickname: str) -> bool:
    """Two-letter shop names are everyday words: only the very same nickname poses as such a shop."""
    return shop in nickname if len(shop) > 2 else shop == nickname


def _bare(name: str) -> str:
    return re.sub(r"[^0-9a-z가-힣]", "", name.lower())
