"""A phone that still has picture when the show is over is told so, by the real domain."""

from collections.abc import Callable

import httpx
import pytest

from golmok.asgi import application, ask
from golmok.domain.festas.actions import cancel_show, end_show, issue_ingest_key
from golmok.domain.festas.models import Show
from tests.web.festa_day import FestaDay, open_festa_day

pytestmark = pytest.mark.django_db(transaction=True)

Way = Callable[[FestaDay], object]


def ended(day: FestaDay) -> object:
    return end_show(day.show, day.merchant)


def called_off(day: FestaDay) -> object:
    Show.objects.update(status=Show.Status.SCHEDULED)
    return cancel_show(day.show, day.organiser)


async def refusal(show: str, path: str, key: str) -> tuple[int, str]:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as phone:
        headers = {"Authorization": f"Bearer {key}"}
        answer = await phone.post(
            f"/live/{show}/ingest{path}", content=b'{"mime":"video/webm"}', headers=headers
        )
    return answer.status_code, answer.json()["type"]


@pytest.mark.parametrize("way", [ended, called_off])
async def test_a_show_that_is_over_takes_no_picture_and_says_why(way: Way) -> None:
    day = await ask(open_festa_day)
    earlier = await ask(issue_ingest_key, day.show, day.merchant)
    key = await ask(issue_ingest_key, day.show, day.merchant)
    await ask(way, day)
    for path in ("", "/1/0", "/1/end"):
        assert await refusal(day.show.pk, path, key) == (409, "/problems/show-over")
    assert await refusal(day.show.pk, "/1/0", earlier) == (409, "/problems/show-over"), "taken over before"
    assert await refusal(day.show.pk, "/1/0", "nobody's") == (403, "/problems/ingest-key-wrong")


async def test_a_running_show_tells_a_key_that_was_replaced_from_the_end() -> None:
    day = await ask(open_festa_day)
    earlier = await ask(issue_ingest_key, day.show, day.merchant)
    await ask(issue_ingest_key, day.show, day.merchant)
    assert await refusal(day.show.pk, "/1/0", earlier) == (403, "/problems/ingest-key-wrong")
