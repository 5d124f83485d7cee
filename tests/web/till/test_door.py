"""The till speaks HTTP properly however strangely it is spoken to, by its own door as by the long way."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

import httpx
import pytest

from golmok.problems import Problem
from golmok.web.till.asked import MOST_BYTES, PATH, Asked
from golmok.web.till.counter import Counter
from golmok.web.till.passes import BuyerPass, mint
from tests.web.festa_day import FestaDay
from tests.web.till.buyer import Buyer, problem, said

TIMEOUT = 20.0


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    """Names in small letters."""
    body: bytes


@dataclass(frozen=True)
class Line:
    """A connection on which any bytes can be said."""

    socket: socket.socket
    file: BufferedReader

    def say(self, message: bytes) -> None:
        self.socket.sendall(message)

    def hear(self, method: str = "GET") -> Said:
        """One answer; what follows it stays to be heard."""
        status = int(self.file.readline().split()[1])
        lines = iter(self.file.readline, b"\r\n")
        headers = dict(line.decode().strip().lower().split(": ", 1) for line in lines)
        length = 0 if method == "HEAD" else int(headers["content-length"])
        return Said(status, headers, self.file.read(length))


@pytest.fixture
def line(address: str) -> Iterator[Line]:
    url = httpx.URL(address)
    with (
        socket.create_connection((url.host, url.port), timeout=TIMEOUT) as connected,
        connected.makefile("rb") as file,
    ):
        yield Line(connected, file)


def request(method: str, path: str, body: bytes = b"", *more: str) -> bytes:
    token = mint(BuyerPass("guest:line", None))
    lines = [f"{method} {path} HTTP/1.1", "Host: till", f"Authorization: Bearer {token}", *more]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def wish(day: FestaDay, quantity: int = 1) -> bytes:
    return b'{"lines": [{"variant": %d, "quantity": %d}]}' % (day.variant.pk, quantity)


def test_requests_on_one_connection_are_answered_in_their_order(line: Line, day: FestaDay) -> None:
    line.say(
        request("POST", PATH, wish(day)) + request("GET", f"{PATH}/nothing") + request("POST", PATH, b"{")
    )
    assert [line.hear().status for _ in range(3)] == [201, 404, 422]


def test_a_request_may_come_byte_by_byte(line: Line, day: FestaDay) -> None:
    for byte in request("POST", PATH, wish(day)):
        line.say(bytes([byte]))
    assert line.hear().status == 201


def test_a_body_may_come_in_chunks(line: Line, day: FestaDay) -> None:
    head, body = request("POST", PATH, b"", "Transfer-Encoding: chunked"), wish(day)
    line.say(head)
    for piece in (body[:7], body[7:]):
        line.say(b"%x\r\n%s\r\n" % (len(piece), piece))
    line.say(b"0\r\n\r\n")
    assert line.hear().status == 201


def test_who_asks_first_whether_to_send_is_told_to(line: Line, day: FestaDay) -> None:
    whole = request("POST", PATH, wish(day), "Expect: 100-continue")
    head, _, body = whole.partition(b"\r\n\r\n")
    line.say(head + b"\r\n\r\n")
    assert [line.file.readline() for _ in range(2)] == [b"HTTP/1.1 100 Continue\r\n", b"\r\n"]
    line.say(body)
    assert line.hear().status == 201


def test_a_body_that_is_too_large_is_refused(line: Line) -> None:
    line.say(request("POST", PATH, b" " * (MOST_BYTES + 1), "Accept-Language: en"))
    refused = line.hear()
    assert refused.status == 413
    assert b"message-too-large" in refused.body


def test_a_body_that_does_not_come_is_not_waited_for(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("golmok.bodies", "golmok.web.till.door"):
        monkeypatch.setattr(f"{place}.BODY_WITHIN", 0.2)
    line.say(request("POST", PATH, b"", "Content-Length: 10") + b"x")
    assert line.hear().status == 408


def test_who_asks_to_close_is_closed(line: Line) -> None:
    line.say(request("GET", f"{PATH}/nothing", b"", "Connection: close"))
    last = line.hear()
    assert (last.status, last.headers["connection"]) == (404, "close")
    assert line.file.read() == b""


def test_a_question_for_the_head_gets_no_body(line: Line) -> None:
    line.say(request("HEAD", PATH))
    assert line.hear("HEAD").status == 405
    line.say(request("GET", f"{PATH}/nothing"))
    assert line.hear().status == 404


def test_who_hangs_up_disturbs_nobody(line: Line, guest: Buyer, day: FestaDay) -> None:
    line.say(request("POST", PATH, wish(day)))
    line.socket.shutdown(socket.SHUT_RDWR)
    said(guest.start(day), 201)


def test_answers_carry_their_date(guest: Buyer, day: FestaDay) -> None:
    assert guest.start(day).headers["Date"].endswith("GMT")


@pytest.mark.parametrize("path", [PATH + "x", PATH + "/a/b/c", PATH + "/%61", PATH + "/a?b=c"])
def test_what_is_not_here_is_a_problem(guest: Buyer, path: str) -> None:
    assert guest.send("GET", path).status_code == 404


def test_a_fault_of_ours_is_a_problem_too(guest: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counter, "_wanted", lambda *_: 1 / 0)
    problem(guest.send("POST", PATH, {}), 500, "our-fault")


@pytest.mark.parametrize(("forwarded", "seen"), [("9.9.9.9, 1.2.3.4", "1.2.3.4"), ("", "127.0.0.1")])
def test_the_address_is_the_one_before_the_trusted_proxy(
    guest: Buyer, monkeypatch: pytest.MonkeyPatch, forwarded: str, seen: str
) -> None:
    addresses = []

    def note(_: Counter, asked: Asked) -> None:
        addresses.append(asked.address)
        raise Problem(404, "not-here")

    monkeypatch.setattr(Counter, "_wanted", note)
    guest.send("GET", PATH, **({"X-Forwarded-For": forwarded} if forwarded else {}))
    assert addresses == [seen]
