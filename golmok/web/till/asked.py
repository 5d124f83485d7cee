"""What somebody asks at the till, and what they are answered: plain bytes, whichever server carries them."""

from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from golmok.messages import Language, preferred_language
from golmok.problems import MEDIA_TYPE, Problem
from golmok.signing import bearer
from golmok.web.forms import unreadable_form
from golmok.web.till.passes import BuyerPass, check

F = TypeVar("F", bound=BaseModel)
Headers = list[tuple[bytes, bytes]]

PATH = "/api/v1/checkouts"
MOST_BYTES = 32 * 1024
ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
JSON = (b"content-type", b"application/json")
PROBLEM = (b"content-type", MEDIA_TYPE.encode())


@dataclass(slots=True)
class Asked:
    """One request with its whole body."""

    method: str
    path: str
    """What follows `PATH`, without slashes around it."""
    headers: dict[bytes, bytes]
    """Names in small letters."""
    address: str
    """Who asks, as far as the network knows."""
    body: bytes

    @property
    def language(self) -> Language:
        return preferred_language(self.header(b"accept-language"))

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def buyer(self) -> BuyerPass:
        """Raises Problem 401."""
        checkout = self.path.partition("/")[0].replace("-", "").lower()
        return check(bearer(self.header(b"authorization")), checkout)

    def form(self, shape: type[F]) -> F:
        """The body as `shape`. Raises Problem 422 with what to mend."""
        try:
            return shape.model_validate_json(self.body)
        except ValidationError as wrong:
            raise unreadable_form(wrong.errors(include_url=False), self.language) from wrong


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    kind: tuple[bytes, bytes] = JSON
    more: Headers = field(default_factory=list)

    @property
    def headers(self) -> Headers:
        return [self.kind, *ALWAYS, *self.more, (b"content-length", b"%d" % len(self.body))]

    def message(self, more: bytes) -> bytes:
        """The whole answer of HTTP/1.1, with `more` lines of headers, each ended."""
        head = b"".join(b"%s: %s\r\n" % header for header in self.headers)
        return b"%s%s%s\r\n%s" % (_status_line(self.status), more, head, self.body)


def refusal(problem: Problem, language: str) -> Answer:
    more = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    return Answer(problem.status, problem.body(language), PROBLEM, more)


@lru_cache
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
