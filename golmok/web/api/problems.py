"""Everything that goes wrong under `/api/` leaves as one problem document in the caller's language."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from golmok.messages import DEFAULT_LANGUAGE, text
from golmok.problems import MEDIA_TYPE, Problem

logger = logging.getLogger(__name__)

SENTENCES = {
    "missing": "api-field-missing",
    "string_too_short": "api-field-missing",
    "string_too_long": "api-field-too-long",
    "greater_than": "api-field-too-small",
    "greater_than_equal": "api-field-too-small",
    "less_than": "api-field-too-big",
    "less_than_equal": "api-field-too-big",
    "literal_error": "api-field-choose",
    "int_parsing": "api-field-number",
    "int_type": "api-field-number",
}
LIMITS = {"max_length", "gt", "ge", "lt", "le"}


def language() -> str:
    return get_language() or DEFAULT_LANGUAGE


def problem_response(problem: Problem) -> HttpResponse:
    return HttpResponse(
        problem.body(language()),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", "Content-Language": language(), **problem.headers},
    )


def form_invalid(errors: dict[str, str]) -> Problem:
    """`errors`: what to mend, in the caller's language, by field."""
    return Problem(422, "form-invalid", {"errors": errors})


def handle_problems(api: NinjaAPI) -> None:
    """Teach `api` to answer every exception with a problem document."""
    api.add_exception_handler(Problem, _answering(_said))
    for kind, translate in TRANSLATIONS.items():
        api.add_exception_handler(kind, _answering(translate))


def _answering(translate: Callable[[Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: problem_response(translate(error))


def _said(problem: Problem) -> Problem:
    """A form refused by the domain names catalogue keys; say them."""
    if problem.code != "form-invalid":
        return problem
    errors = cast(dict[str, str], problem.facts["errors"])
    return form_invalid({field: text(key, language()) for field, key in errors.items()})


def _of_validation(error: ValidationError) -> Problem:
    return form_invalid({_field(entry): _sentence(entry) for entry in error.errors})


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


def _field(entry: dict[str, Any]) -> str:
    name = next((str(part) for part in reversed(entry["loc"]) if isinstance(part, str)), "body")
    return name.lower().replace("-", "_")


def _sentence(entry: dict[str, Any]) -> str:
    kind = cast(str, entry["type"])
    values = entry.get("ctx", {})
    if kind.startswith("api-"):
        return text(kind, language(), **values)
    limit = next((values[name] for name in LIMITS if name in values), 0)
    return text(SENTENCES.get(kind, "api-field-unclear"), language(), limit=limit)
