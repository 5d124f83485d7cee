"""The language of a page is part of its address: ``/…`` is Korean, ``/en/…`` English.

So a public page is the same bytes for everyone. The API has one address for both languages and
follows ``Accept-Language``, which pages set to their own language.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from golmok.messages import preferred_language

ENGLISH = "/en/"
UNPREFIXED = ("/api/",)


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response


def language_of(request: HttpRequest) -> str:
    if request.path.startswith(UNPREFIXED):
        return preferred_language(request.headers.get("Accept-Language", ""))
    return "en" if request.path.startswith(ENGLISH) else "ko"
