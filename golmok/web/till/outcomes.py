"""What the writer says of a command, as an answer."""

import logging

import orjson
from django.utils import timezone

from golmok.domain.orders.till.writer import Outcome
from golmok.problems import Problem
from golmok.web.forms import said
from golmok.web.till.asked import Answer, refusal
from golmok.web.till.presenting import checkout_out

log = logging.getLogger(__name__)


def answer_to(outcome: Outcome, status: int, language: str) -> Answer:
    """`status` when nothing was refused."""
    if isinstance(outcome, Problem):
        return refusal(said(outcome, language), language)
    if isinstance(outcome, BaseException):
        log.error("unhandled at the till", exc_info=outcome)
        return refusal(Problem(500, "our-fault"), language)
    return Answer(status, orjson.dumps(checkout_out(outcome, timezone.now(), language)))
