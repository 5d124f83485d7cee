"""Short ids for addresses: readable aloud, hard to guess in a row, no lookalike letters."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Ten letters, 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
