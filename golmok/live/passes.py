"""Room passes: who someone is in one show's room, signed by `web`, believed by `live`."""

from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from golmok.problems import Problem

GOOD_FOR = 2 * 60 * 60
"""Seconds."""
BEARER = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True)
class RoomPass:
    show: str
    subject: str
    """Stable for one person or one guest's browser; limits count by it."""
    name: str
    role: str
    """viewer, merchant, helper or organiser."""


def mint(room_pass: RoomPass, key: str) -> str:
    return _serializer(key).dumps(asdict(room_pass))


def check(token: str, key: str, show_id: str) -> RoomPass:
    """The pass behind `token`. Raises Problem: 401 when missing, forged or too old, 403 for another show."""
    if not token:
        raise Problem(401, "pass-missing", headers=BEARER)
    try:
        room_pass = RoomPass(**_serializer(key).loads(token, max_age=GOOD_FOR))
    except SignatureExpired as expired:
        raise Problem(401, "pass-expired", headers=BEARER) from expired
    except (BadSignature, TypeError) as forged:
        raise Problem(401, "pass-missing", headers=BEARER) from forged
    if room_pass.show != show_id:
        raise Problem(403, "pass-not-for-this-show")
    return room_pass


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="room-pass")
