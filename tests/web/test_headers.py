"""What every answer tells the browser about itself."""

from pathlib import Path

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def static(settings: Settings, tmp_path: Path) -> Path:
    """The folder of static files, empty."""
    settings.STATIC_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("build/assets/watch-_mQUdWiD.css", FOR_EVER),
        ("build/assets/PretendardVariable.subset.33--0OT__YQ.woff2", FOR_EVER),
        ("build/icons/heart.svg", "max-age=60, public"),
        ("build/manifest.json", "max-age=60, public"),
        ("admin/js/prepopulate-form.js", "max-age=60, public"),
    ],
)
def test_only_a_file_named_by_its_content_is_kept_for_ever(static: Path, name: str, kept: str) -> None:
    path = static / name
    path.parent.mkdir(parents=True)
    path.write_text("x")
    response = Client().get(f"/static/{name}")
    assert response.status_code == 200
    assert response.getvalue() == b"x"
    assert response.headers["Cache-Control"] == kept


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("POST", "/live/nangok/chat", 401),
        ("GET", "/media/products/nothing.png", 404),
        ("GET", "/nowhere/", 404),
    ],
)
async def test_no_house_lets_a_browser_guess_what_an_answer_is(method: str, path: str, status: int) -> None:
    from golmok.asgi import application

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://127.0.0.1"
    ) as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers.get_list("X-Content-Type-Options") == ["nosniff"]
