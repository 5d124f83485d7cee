import io

import pytest
from django.test import Client
from PIL import Image

from golmok.domain.festas.models import Show


def picture_at(client: Client, path: str) -> tuple[Image.Image, str]:
    response = client.get(path)
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.getvalue())), response.headers["Cache-Control"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_poster_has_the_size_of_shared_links(client: Client, live: Show, prefix: str) -> None:
    picture, cached = picture_at(client, f"{prefix}/shows/{live.pk}/poster.png")
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert cached == "public, max-age=3600"


def test_poster_is_drawn_anew_when_its_words_change(client: Client, live: Show) -> None:
    before, _ = picture_at(client, f"/shows/{live.pk}/poster.png")
    Show.objects.filter(pk=live.pk).update(title="한 줄에 다 들어가지 않을 만큼 길고 긴 방송 제목이에요")
    after, _ = picture_at(client, f"/shows/{live.pk}/poster.png")
    assert before.tobytes() != after.tobytes()


def test_scene_without_words(client: Client, live: Show) -> None:
    picture, _ = picture_at(client, f"/shows/{live.pk}/art.jpg")
    assert (picture.format, picture.size) == ("JPEG", (1200, 630))
