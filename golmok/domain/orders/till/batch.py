"""Deciding a batch of commands in one short transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import transaction
from django.utils import timezone

from golmok.domain.orders.till.ledger import Ledger
from golmok.domain.orders.till.loading import Wants, load
from golmok.domain.orders.till.serving import Server
from golmok.domain.orders.till.tables import tables
from golmok.domain.orders.till.writing import write
from golmok.problems import Problem

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Command(Protocol[R_co]):
    """Something to be done at the till."""

    def wants(self) -> Wants: ...

    def decide(self, ledger: Ledger) -> R_co:
        """Looks first and changes rows only when nothing speaks against it. Raises Problem to refuse."""


def run(command: Command[R], now: datetime | None = None) -> R:
    """Decides one command in the caller's transaction, or one of its own. Raises Problem."""
    (result,) = decide([command], now)
    if isinstance(result, Exception):
        raise result
    return result


@transaction.atomic
def decide(commands: Sequence[Command[R]], now: datetime | None = None) -> list[R | Problem]:
    """What each command got, in their order: its result, or the problem that refused it.

    Any other exception undoes the whole batch.
    """
    with tables().dialect.batch():
        ledger = load([command.wants() for command in commands], now or timezone.now())
        server = Server(ledger)
        server.serve()
        results = [_decided(command, ledger, server) for command in commands]
        write(ledger)
    return results


def _decided(command: Command[R], ledger: Ledger, server: Server) -> R | Problem:
    """What it leaves goes to who waits for it before the next is decided."""
    try:
        return command.decide(ledger)
    except Problem as refusal:
        return refusal
    finally:
        server.serve()
