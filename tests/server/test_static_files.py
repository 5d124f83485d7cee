"""The built files come from the event loop, as the browser may keep them."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from starlette.applications import Starlette
from starlette.routing import Mount

from golmok.static_files import A_MINUTE, FOR_EVER, BuiltFiles

STYLE = b"body { margin: 0 }" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assets = tmp_path / "static" / "build" / "assets"
    assets.mkdir(parents=True)
    (assets / "watch-_mQUdWiD.css").write_bytes(STYLE)
    (assets / "watch-_mQUdWiD.css.gz").write_bytes(gzip.compress(STYLE))
    (tmp_path / "static" / "build" / "icon.svg").write_bytes(b"<svg/>")
    (tmp_path / "secret").write_bytes(b"secret")
    return tmp_path / "static"


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Mount("/static", BuiltFiles(folder, settings.BUILT))])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://golmok/static/build/") as client:
        yield client


@pytest.mark.parametrize(("name", "kept"), [("assets/watch-_mQUdWiD.css", FOR_EVER), ("icon.svg", A_MINUTE)])
async def test_only_a_file_named_by_its_content_is_kept_for_ever(
    client: httpx.AsyncClient, name: str, kept: str
) -> None:
    answer = await client.get(name)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, kept)
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"


async def test_what_was_compressed_beforehand_is_sent_so(client: httpx.AsyncClient) -> None:
    small = await client.get("assets/watch-_mQUdWiD.css")
    plain = await client.get("assets/watch-_mQUdWiD.css", headers={"Accept-Encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"])
    assert small.content == plain.content == STYLE
    assert "content-encoding" not in plain.headers
    for answer in (small, plain):
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_what_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    mark = (await client.get("assets/watch-_mQUdWiD.css")).headers["etag"]
    again = await client.get("assets/watch-_mQUdWiD.css", headers={"If-None-Match": mark})
    assert (again.status_code, again.headers["cache-control"]) == (304, FOR_EVER)


@pytest.mark.parametrize(
    "name", ["", "nothing.css", "../../secret", "..%2f..%2fsecret", "icon.svg%00", "x" * 300]
)
async def test_nothing_else_can_be_read(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(name)).status_code == 404


async def test_a_folder_not_laid_out_yet_has_no_files(tmp_path: Path) -> None:
    app = Starlette(routes=[Mount("/static", BuiltFiles(tmp_path / "none", settings.BUILT))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://golmok") as client:
        assert (await client.get("/static/build/icon.svg")).status_code == 404
