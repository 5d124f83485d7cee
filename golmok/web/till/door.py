"""The short way to the till: from uvicorn's parser to the counter, and back in one write.

A task, a scope, an event and two writes for each request cost more than all the till does with it
(docs/decisions/0046). Only the first request of a connection that waits for nothing takes this way; what
queues behind it, and everything that is not the till's, goes on as uvicorn has it.
"""

import asyncio
from functools import lru_cache

from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from golmok.bodies import BODY_WITHIN
from golmok.messages import preferred_language
from golmok.problems import Problem
from golmok.web.till.asked import MOST_BYTES, PATH, Answer, Asked, refusal
from golmok.web.till.counter import Counter

START = PATH.encode()
NEVER_AWAITED = asyncio.Event()


class Sale:
    """A request at the till as uvicorn's protocol must know it: in the place of its own kind of cycle."""

    __slots__ = ("body", "disconnected", "headers", "keep_alive", "path", "response_complete")
    message_event = NEVER_AWAITED

    def __init__(self, path: str, headers: dict[bytes, bytes], *, keep_alive: bool) -> None:
        self.path = path
        self.headers = headers
        self.keep_alive = keep_alive
        self.body = b""
        self.response_complete = False
        self.disconnected = False

    @property
    def language(self) -> str:
        return self.headers.get(b"accept-language", b"").decode("latin-1")


class TillDoor(HttpToolsProtocol):
    """Uvicorn's protocol with a door of its own for the till. Subclasses name the `counter`."""

    counter: Counter
    _sale: Sale | None = None
    """What is being read, while it is."""
    _deadline: asyncio.TimerHandle | None = None
    """For the rest of what is being read; most requests come in one piece and need none."""
    _default: object = None
    _default_lines = b""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._sale is not None and self._deadline is None:
            self._deadline = self.loop.call_later(BODY_WITHIN, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._read()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        if not self._is_for_the_counter():
            super().on_headers_complete()
            return
        path = self.url[len(START) :].decode("ascii").strip("/")
        sale = Sale(path, dict(self.headers), keep_alive=self.parser.should_keep_alive())
        # Uvicorn asks the cycle whether it is answered; for typing it is any of its own.
        self._sale, self.cycle = sale, sale  # type: ignore[assignment]

    def _is_for_the_counter(self) -> bool:
        # Who does not read their answers gets no more of them this way; uvicorn waits for them.
        is_idle = (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused
        if not (is_idle and self.url.startswith(START)) or b"?" in self.url or b"%" in self.url:
            return False
        rest = self.url[len(START) :]
        if rest and not (rest.startswith(b"/") and self.counter.serves(rest.decode("latin-1").strip("/"))):
            return False
        is_plain = self.parser.get_http_version() == "1.1" and not self.expect_100_continue
        return is_plain and self.parser.get_method() != b"HEAD"

    def on_body(self, body: bytes) -> None:
        sale = self._sale
        if sale is None:
            super().on_body(body)
        elif len(sale.body) + len(body) > MOST_BYTES:
            self._refuse(Problem(413, "message-too-large"))
        else:
            sale.body += body

    def on_message_complete(self) -> None:
        sale = self._read()
        if sale is None:
            super().on_message_complete()
            return
        method = self.parser.get_method().decode("ascii")
        asked = Asked(method, sale.path, sale.headers, self._address(sale), sale.body)
        self.counter.handle(asked, lambda answer: self._reply(sale, answer))

    def _read(self) -> Sale | None:
        """What was being read; from now on nothing is."""
        sale, self._sale = self._sale, None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        return sale

    def _too_slow(self) -> None:
        self._refuse(Problem(408, "message-too-slow"))

    def _refuse(self, problem: Problem) -> None:
        """Before all of it came: the rest is not waited for."""
        if (sale := self._read()) is not None:
            sale.keep_alive = False
            self._reply(sale, refusal(problem, preferred_language(sale.language)))

    def _reply(self, sale: Sale, answer: Answer) -> None:
        if sale.response_complete or sale.disconnected or self.transport.is_closing():
            return
        sale.response_complete = True
        more = self._lines_of_all() if sale.keep_alive else self._lines_of_all() + b"connection: close\r\n"
        self.transport.write(answer.message(more))
        if not sale.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _lines_of_all(self) -> bytes:
        """What the server adds to every answer, the date; it makes a new list each second."""
        default = self.server_state.default_headers
        if default is not self._default:
            self._default = default
            self._default_lines = b"".join(b"%s: %s\r\n" % header for header in default)
        return self._default_lines

    def _address(self, sale: Sale) -> str:
        """Who asks, behind the proxies that the server trusts."""
        peer = self.client[0] if self.client else ""
        forwarded = sale.headers.get(b"x-forwarded-for")
        if forwarded is None or peer not in (proxies := _trusted(_one_line(self.config.forwarded_allow_ips))):
            return peer
        host, _port = proxies.get_trusted_client_address(forwarded.decode("latin-1"))
        return host or peer


def _one_line(proxies: list[str] | str) -> str:
    return proxies if isinstance(proxies, str) else ",".join(proxies)


@lru_cache
def _trusted(proxies: str) -> _TrustedHosts:
    return _TrustedHosts(proxies)
