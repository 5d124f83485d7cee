"""One process of a crew: reads what to do, waits for the word, does it, says what it got."""

import asyncio
import pickle
import sys
from typing import Any

from django.db import connection

from golmok.domain.orders.till.writer import Writer
from golmok.problems import Problem
from tests.domain.races.crew import GO
from tests.domain.races.meeting import Adopt, AskBack, done


def main() -> None:
    writer = Writer()
    writer.start()
    connection.ensure_connection()
    with asyncio.Runner() as runner:
        while True:
            try:
                party = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the test
            except EOFError:
                return
            say(GO)
            sys.stdin.buffer.read(1)
            say(pickle.dumps(got(party, writer, runner)))


def got(party: Any, writer: Writer, runner: asyncio.Runner) -> object:  # noqa: ANN401 - any command
    try:
        return done(party) if isinstance(party, Adopt | AskBack) else runner.run(writer.ask(party))
    except Problem as problem:
        return problem.code


def say(what: bytes) -> None:
    sys.stdout.buffer.write(what)
    sys.stdout.buffer.flush()
