"""Pages are made in a few threads: nobody slow may hold one."""

import asyncio
from collections.abc import Callable, Iterable
from threading import Event

import pytest

from golmok import pages
from golmok.asgi import PAGE_THREADS, application
from golmok.pages import Pages
from golmok.problems import MEDIA_TYPE

from .door import serving

TYPE = "Content-Type: application/x-www-form-urlencoded"
FORM = f"POST\n/accounts/login/\nContent-Length: 1000\n{TYPE}\nCookie: csrftoken={'a' * 32}"
"""Django looks into the body of such a form before it refuses it."""
Start = Callable[[str, list[tuple[str, str]]], object]


def page(start: Start, *pieces: bytes) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", str(sum(map(len, pieces))))])
    return pieces


def echo(environ: dict[str, object], start: Start) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]  # WSGI: a file
    return page(start, b"got ", body)


class Held:
    """An application whose pages take until it is let go."""

    def __init__(self) -> None:
        self.go = Event()
        self.begun = 0

    def __call__(self, _environ: dict[str, object], start: Start) -> Iterable[bytes]:
        self.begun += 1
        self.go.wait(60)
        return page(start, b"at last")

    async def busy(self, threads: int) -> None:
        async with asyncio.timeout(30):
            while self.begun < threads:  # noqa: ASYNC110 - the threads are another's
                await asyncio.sleep(0.01)


def post(length: int, more: str = "") -> str:
    return f"POST\n/\nContent-Length: {length}\nConnection: close{more}"


async def test_forms_that_never_arrive_stop_no_page() -> None:
    async with serving(application) as door:
        for _ in range(PAGE_THREADS + 1):
            await door.says(FORM, b"login=x")
        async with asyncio.timeout(20):
            assert await door.status("/api/v1/openapi.json") == 200


async def test_readers_who_never_read_stop_no_page() -> None:
    def large(_environ: dict[str, object], start: Start) -> Iterable[bytes]:
        return page(start, *[b"x" * 1_000_000] * 20)

    async with serving(Pages(large, 2)) as door:
        for _ in range(3):
            await door.says("GET\n/\nConnection: close")
        answer = await (await door.says("GET\n/\nConnection: close")).answer()
        assert len(answer.body) == 20_000_000


async def test_a_form_in_drops_arrives_whole() -> None:
    async with serving(Pages(echo, 1)) as door:
        line = await door.says(post(6), b"abc")
        await asyncio.sleep(0.05)
        line.writer.write(b"def")
        answer = await line.answer()
        assert (answer.status, answer.body) == (200, b"got abcdef")


async def test_a_form_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BODY_PATIENCE", 0.1)
    async with serving(Pages(echo, 1)) as door:
        answer = await (await door.says(post(9, "\nAccept-Language: en"), b"abc")).answer()
        assert (answer.status, answer.headers["content-type"]) == (408, MEDIA_TYPE)
        assert b"/problems/request-too-slow" in answer.body
        plain = await (await door.says(post(9, "\nAccept: text/html"), b"abc")).answer()
        assert plain.headers["content-type"] == "text/plain; charset=utf-8"
        assert "너무 천천히" in plain.body.decode()


async def test_a_large_upload_may_take_longer_as_long_as_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BODY_PATIENCE", 0.3)
    monkeypatch.setattr(pages, "SLOWEST", 1000)
    async with serving(Pages(echo, 1)) as door:
        line = await door.says(post(4000), b"x" * 3999)
        await asyncio.sleep(0.6)
        line.writer.write(b"x")
        assert (await line.answer()).status == 200


@pytest.mark.parametrize(
    ("headers", "most"),
    [("", pages.LARGEST_FORM), ("\nContent-Type: multipart/form-data; boundary=x", pages.LARGEST_UPLOAD)],
)
async def test_a_form_too_large_is_refused_before_it_comes(headers: str, most: int) -> None:
    async with serving(Pages(echo, 1)) as door:
        answer = await (await door.says(post(most + 1, headers))).answer()
        assert (answer.status, answer.headers["connection"]) == (413, "close")


async def test_a_form_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_FORM", 1000)
    async with serving(Pages(echo, 1)) as door:
        endless = await door.says("POST\n/\nTransfer-Encoding: chunked\nConnection: close")
        for _ in range(3):
            endless.writer.write(b"190\r\n" + b"x" * 400 + b"\r\n")
        assert (await endless.answer()).status == 413


async def test_large_forms_share_what_memory_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_HELD", 150_000)
    door_to = Pages(echo, 1)
    async with serving(door_to) as door:
        await door.says(post(200_000), b"x" * 140_000)
        async with asyncio.timeout(30):
            while door_to._held < 140_000:  # noqa: ASYNC110 - what came in so far
                await asyncio.sleep(0.01)
        assert (await (await door.says(post(100_000), b"x" * 100_000)).answer()).status == 503
        assert (await (await door.says(post(1000), b"x" * 1000)).answer()).status == 200


async def test_who_waits_too_long_for_a_thread_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "QUEUE_PATIENCE", 0.1)
    held = Held()
    async with serving(Pages(held, 1)) as door:
        first = await door.says("GET\n/\nConnection: close")
        await held.busy(1)
        answer = await (await door.says("GET\n/\nConnection: close")).answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, pages.COME_BACK)
        held.go.set()
        assert (await first.answer()).body == b"at last"
        assert await door.status("/") == 200


async def test_a_queue_too_long_grows_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_WAITING", 1)
    held = Held()
    door_to = Pages(held, 1)
    async with serving(door_to) as door:
        lines = [await door.says("GET\n/\nConnection: close")]
        await held.busy(1)
        lines.append(await door.says("GET\n/\nConnection: close"))
        async with asyncio.timeout(30):
            while door_to._waiting < 1:  # noqa: ASYNC110 - the request is on its way
                await asyncio.sleep(0.01)
        assert await door.status("/") == 503
        held.go.set()
        assert [(await line.answer()).status for line in lines] == [200, 200]
