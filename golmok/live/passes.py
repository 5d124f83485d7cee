"""Room passes: who someone is in one show's room, signed by `web`, believed by `live`."""

from dataclasses import asdict, dataclass

from golmok.problems import Problem
from golmok.signing import BEARER, Forged, TooOld, sign, signed

KIND = "room-pass"
GOOD_FOR = 2 * 60 * 60
"""Seconds."""


@dataclass(frozen=True)
class RoomPass:
    show: str
    subject: str
    """Stable for one person or one guest's browser; limits count by it."""
    name: str
    role: str
    """viewer, merchant, helper or organiser."""


def mint(room_pass: RoomPass, key: str) -> str:
    return sign(asdict(room_pass), key, KIND)


def check(token: str, key: str, show_id: str) -> RoomPass:
    """The pass behind `token`. Raises Problem: 401 when missing, forged or too old, 403 for another show."""
    try:
        room_pass = RoomPass(**signed(token, key, KIND, GOOD_FOR))
    except TooOld as old:
        raise Problem(401, "pass-expired", headers=BEARER) from old
    except (Forged, TypeError) as forged:
        raise Problem(401, "pass-missing", headers=BEARER) from forged
    if room_pass.show != show_id:
        raise Problem(403, "pass-not-for-this-show")
    return room_pass
