"""A postman in processes that can be killed, run as a child of a test (see tests/domain/processes.py).

For each line on standard input it forks one, says its pid, and when it is dead says ``dead``.
"""

import asyncio
import os
import sys

from golmok.web.letters.postman import Postman


def main() -> None:
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(carry())
        say(str(pid))
        os.waitpid(pid, 0)
        say("dead")


async def carry() -> None:
    """Without rest, until somebody kills it."""
    postman = Postman()
    while True:
        await postman.round()


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())
