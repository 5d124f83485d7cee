"""UUIDs that begin with the time they were made at (version 7, RFC 9562).

Rows that are written together lie together: with random keys every new row touched a page of its own in the
table and in each index that points at it.
"""

import secrets
import time
from uuid import UUID


def ordered_uuid() -> UUID:
    """48 bits of time (ms), 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = milliseconds << 16 | 0x7000 | random >> 62
    return UUID(int=high << 64 | 0b10 << 62 | random & (1 << 62) - 1)
