"""Everything that goes wrong under `/api/` leaves as one problem document in the caller's language."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from golmok.messages import DEFAULT_LANGUAGE
from golmok.problems import MEDIA_TYPE, Problem
from golmok.web.forms import said, unreadable_form

logger = logging.getLogger(__name__)


def language() -> str:
    return get_language() or DEFAULT_LANGUAGE


def problem_response(problem: Problem) -> HttpResponse:
    return HttpResponse(
        problem.body(language()),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "Content-Language": language(), **problem.headers},
    )


def handle_problems(api: NinjaAPI) -> None:
    """Teach `api` to answer every exception with a problem document."""
    api.add_exception_handler(Problem, _answering(_said))
    for kind, translate in TRANSLATIONS.items():
        api.add_exception_handler(kind, _answering(translate))


def _answering(translate: Callable[[Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: problem_response(translate(error))


def _said(problem: Problem) -> Problem:
    return said(problem, language())


def _of_validation(error: ValidationError) -> Problem:
    return unreadable_form(error.errors, language())


def _of_http_error(error: HttpError) -> Problem:
    codes = {400: "not-understood", 403: "page-too-old"}
    return Problem(error.status_code, codes.get(error.status_code, "not-understood"))


def _of_anything(error: Exception) -> Problem:
    logger.error("unhandled in the API", exc_info=error)
    return Problem(500, "our-fault")


TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {
    ValidationError: _of_validation,
    AuthenticationError: lambda error: Problem(401, "log-in-first"),
    HttpError: _of_http_error,
    Http404: lambda error: Problem(404, "not-here"),
    RequestDataTooBig: lambda error: Problem(413, "too-much"),
    Exception: _of_anything,
}
