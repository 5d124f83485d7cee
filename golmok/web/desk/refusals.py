"""What the domain refuses, as a sentence on the page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from golmok.problems import Problem
from golmok.web.language import language_of


@contextmanager
def saying_why_not(request: HttpRequest, subject: object) -> Iterator[None]:
    """What is refused in the block ends it, and the next page says why, naming `subject`."""
    try:
        yield
    except Problem as problem:
        said = problem.document(language_of(request))
        messages.error(request, f"{subject}: {said['title']} {said['detail']}")
