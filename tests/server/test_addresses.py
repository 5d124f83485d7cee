"""What the whole application answers where no house has an address."""

import httpx
import pytest

from golmok.asgi import application
from golmok.problems import MEDIA_TYPE


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("method", "path", "ways"),
    [
        ("GET", "/live/nangok/chat", "POST"),
        ("GET", "/live/nangok/ingest", "POST"),
        ("DELETE", "/live/nangok/ingest/1", "GET, HEAD"),
        ("POST", "/live/nangok/events", "GET, HEAD"),
        ("POST", "/shows/nangok/index.m3u8", "GET, HEAD"),
        ("PUT", "/shows/nangok/source/0.m4s", "GET, HEAD"),
        ("POST", "/shows/nangok/feed/state.json", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(
    method: str, path: str, ways: str
) -> None:
    async with client() as asking:
        answer = await asking.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (405, MEDIA_TYPE)
    assert answer.json()["type"] == "/problems/not-this-way"
    assert answer.headers["allow"] == ways


@pytest.mark.parametrize(
    "path",
    [
        "/live/",
        "/live/nangok",
        "/live/nangok/nothing",
        "/live/nangok/ingest/1/2/3",
        "/shows/nangok/feed/",
        "/shows/nangok/source/a/b",
        "/shows/nangok/saver/",
    ],
)
async def test_an_address_that_is_none_is_a_problem(path: str) -> None:
    async with client() as asking:
        for method in ("GET", "POST"):
            answer = await asking.request(method, path, headers={"Accept-Language": "en"})
            assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)
            assert answer.json()["type"] == "/problems/not-here"
            assert answer.headers["cache-control"] == "no-store"


async def test_pages_keep_their_own_answers() -> None:
    async with client() as asking:
        answer = await asking.get("/api/v1/openapi.json")
    assert answer.status_code == 200
