"""Addresses are looked for on our side, for who is ordering; and typing never depends on it."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from django.test import Client
from starlette.applications import Starlette

from golmok.domain.places import juso as adapter
from golmok.domain.places.juso import Juso
from golmok.web.address_search import counter
from golmok.web.address_search.counter import PATH, AddressCounter
from golmok.web.till.passes import BuyerPass, mint
from tests.serving import served
from tests.web.address_search.juso import KEY, FakeJuso
from tests.web.festa_day import open_festa_day

HEADERS = {"Authorization": f"Bearer {mint(BuyerPass('guest:a', None))}", "Accept-Language": "ko"}


@pytest.fixture
def service() -> FakeJuso:
    return FakeJuso()


@pytest.fixture
def search(service: FakeJuso) -> Iterator[httpx.Client]:
    """Golmok's address, asking the service over HTTP."""
    with (
        served(service.app) as api,
        served(app_of(Juso(KEY, api))) as address,
        httpx.Client(base_url=address, headers=HEADERS) as client,
    ):
        yield client


def app_of(adapter: Juso) -> Starlette:
    return Starlette(routes=AddressCounter(adapter).routes)


def ask(search: httpx.Client, words: str = "난곡로 12") -> httpx.Response:
    return search.post(PATH, json={"words": words})


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """What the refusal says to people."""
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, f"/problems/{code}")
    return f"{document['title']} {document['detail']}"


def test_it_finds_addresses_with_their_postcodes(search: httpx.Client, service: FakeJuso) -> None:
    answer = ask(search, "  난곡로   120 ")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "items": [
            {
                "postcode": "08822",
                "road": "서울특별시 관악구 난곡로 120 (신림동)",
                "lot": "서울특별시 관악구 신림동 1421-1",
            }
        ]
    }
    assert service.asked == [
        {
            "confmKey": KEY,
            "keyword": "난곡로 120",
            "resultType": "json",
            "currentPage": "1",
            "countPerPage": "10",
        }
    ]


def test_the_key_stands_in_no_address_no_answer_and_no_log(
    search: httpx.Client, service: FakeJuso, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = ask(search)
    service.fault = "E0001"
    down = ask(search)
    assert KEY not in found.text + down.text + str(service.addresses) + caplog.text
    assert "난곡로" not in str(service.addresses)


def test_nothing_found_is_an_answer(search: httpx.Client) -> None:
    assert ask(search, "없는길 999").json() == {"items": []}


@pytest.mark.parametrize("words", ["서울", "가", "%%", "  "])
def test_too_little_is_said_so(search: httpx.Client, words: str) -> None:
    assert "도로 이름과 번호" in refused(ask(search, words), 422, "address-too-vague")


def test_signs_the_service_cannot_bear_are_left_out(search: httpx.Client, service: FakeJuso) -> None:
    ask(search, "난곡로[12]=%<난곡>")
    assert service.asked[0]["keyword"] == "난곡로 12 난곡"


@pytest.mark.parametrize("fault", ["E0001", "E0014", "-999", "500", "nonsense"])
def test_a_service_that_fails_leaves_typing(search: httpx.Client, service: FakeJuso, fault: str) -> None:
    service.fault = fault
    assert "직접 입력해 주세요" in refused(ask(search), 503, "address-search-down")


def test_a_service_that_hangs_is_not_waited_for(
    search: httpx.Client, service: FakeJuso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PATIENCE", httpx.Timeout(0.2))
    service.fault = "late"
    refused(ask(search), 503, "address-search-down")


def test_a_service_that_is_away(search: httpx.Client) -> None:
    with served(app_of(Juso(KEY, "http://127.0.0.1:9"))) as address:
        refused(
            httpx.post(address + PATH, json={"words": "난곡로 12"}, headers=HEADERS),
            503,
            "address-search-down",
        )


def test_only_who_is_ordering_may_search(search: httpx.Client) -> None:
    refused(
        search.post(PATH, json={"words": "난곡로"}, headers={"Authorization": ""}), 401, "buyer-pass-missing"
    )


def test_nobody_searches_faster_than_hands_type(search: httpx.Client) -> None:
    answers = [ask(search) for _ in range(41)]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("body", ["{", '{"words": 1}', "{}"])
def test_what_is_no_question_is_refused(search: httpx.Client, body: str) -> None:
    assert search.post(PATH, content=body).status_code == 422


@pytest.mark.django_db
def test_without_a_key_there_is_no_button_and_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    day = open_festa_day()
    page = f"/shows/{day.show.pk}/"
    assert "data-find-address" not in Client().get(page).content.decode()
    assert counter.routes() == []
    assert Client().post(PATH, {}, "application/json").status_code == 404
    monkeypatch.setattr("golmok.web.templatetags.golmok.address_search_is_set_up", lambda: True)
    html = Client().get(page).content.decode()
    assert "data-find-address" in html and 'name="postcode"' in html
