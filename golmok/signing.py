"""Signed passes: made by `web`, believed by whoever has the key, without asking the database."""

import hmac
import time
from functools import lru_cache
from typing import Any

import orjson
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

BEARER = {"WWW-Authenticate": "Bearer"}
REMEMBERED = 50_000
"""Passes whose signature was found good; a buyer or talker sends the same one again and again.

About 0.7 kB each."""


class Forged(Exception):
    """Nobody with the key signed this, or not as this kind of pass."""


class TooOld(Exception):
    """Signed longer ago than it is good for."""


def sign(document: dict[str, Any], key: str, kind: str) -> str:
    """A pass of one `kind`; a pass of another kind never checks as this one."""
    return _serializer(key, kind).dumps(document)


def signed(token: str, key: str, kind: str, good_for: int) -> dict[str, Any]:
    """What was signed at most `good_for` seconds ago. Raises Forged, TooOld."""
    try:
        document, signed_at = _read(token, key, kind)
    except BadSignature as forged:
        raise Forged from forged
    if time.time() - signed_at > good_for:
        raise TooOld
    return document


def bearer(authorization: str) -> str:
    """The token of an Authorization header, or nothing."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else ""


@lru_cache(REMEMBERED)
def _read(token: str, key: str, kind: str) -> tuple[dict[str, Any], float]:
    payload, signed_at = _signer(key, kind).unsign(token, return_timestamp=True)
    return _serializer(key, kind).load_payload(payload), signed_at.timestamp()


@lru_cache
def _serializer(key: str, kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=kind, serializer=_Json)


@lru_cache
def _signer(key: str, kind: str) -> TimestampSigner:
    """The serializer would make a new one for every pass, and that would derive its key for every pass."""
    maker = _serializer(key, kind).make_signer()
    return TimestampSigner(maker.derive_key(), key_derivation="none", algorithm=_OneCall())


class _Json:
    """Small and fast."""

    @staticmethod
    def loads(document: str | bytes) -> Any:  # noqa: ANN401 - whatever was signed
        return orjson.loads(document)

    @staticmethod
    def dumps(document: Any) -> str:  # noqa: ANN401
        return orjson.dumps(document).decode()


class _OneCall(SigningAlgorithm):
    """Signs as `HMACAlgorithm` does, in one call of OpenSSL: thousands show their pass first at a drop."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")
