"""What may be said in a room."""

import unicodedata

from golmok.problems import Problem

LONGEST = 200
"""Characters of one chat line."""
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Control, direction and private-use characters: they can reorder or hide what others see."""
JOINER = "\u200d"
"""Holds emoji such as families together; harmless, so it stays."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by name, such as the Hangul filler, that show as nothing."""


def clean(text: object) -> str:
    """The line as the room will see it. Raises Problem 422 when nothing is left or it is too long."""
    if not isinstance(text, str):
        raise Problem(422, "chat-empty")
    visible = "".join(letter if _stays(letter) else " " for letter in unicodedata.normalize("NFC", text))
    line = " ".join(visible.split())
    if not any(_shows(letter) for letter in line):
        raise Problem(422, "chat-empty")
    if len(line) > LONGEST:
        raise Problem(422, "chat-too-long", {"limit": LONGEST, "length": len(line)})
    return line


def _stays(letter: str) -> bool:
    return letter == JOINER or (letter not in BLANKS and unicodedata.category(letter) not in INVISIBLE)


def _shows(letter: str) -> bool:
    """Joiners, spaces and marks show only together with something else."""
    return letter not in (JOINER, " ") and unicodedata.category(letter) not in {"Mn", "Me"}
