"""What is wrong with a form, field by field, in words."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from golmok.messages import text
from golmok.problems import Problem

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


def form_invalid(errors: Mapping[str, str]) -> Problem:
    """`errors`: what to mend, in the caller's language, by field."""
    return Problem(422, "form-invalid", {"errors": dict(errors)})


def unreadable_form(entries: Sequence[Mapping[str, Any]], language: str) -> Problem:
    """The problem for what pydantic found."""
    return form_invalid({_field(entry): _sentence(entry, language) for entry in entries})


def said(problem: Problem, language: str) -> Problem:
    """A form refused by the domain names catalogue keys; this says them."""
    if problem.code != "form-invalid":
        return problem
    errors = cast(dict[str, str], problem.facts["errors"])
    return form_invalid({field: text(key, language) for field, key in errors.items()})


def _field(entry: Mapping[str, Any]) -> str:
    name = next((str(part) for part in reversed(entry["loc"]) if isinstance(part, str)), "body")
    return name.lower().replace("-", "_")


def _sentence(entry: Mapping[str, Any], language: str) -> str:
    kind = cast(str, entry["type"])
    values = entry.get("ctx", {})
    if kind.startswith("api-"):
        return text(kind, language, **values)
    limit = next((values[name] for name in LIMITS if name in values), 0)
    return text(SENTENCES.get(kind, "api-field-unclear"), language, limit=limit)
