"""Sample neighbours buy as anybody does, and leave enough for those who try the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from golmok.demo.caller import Caller
from golmok.demo.crowd import LEAVE, Neighbour, _on_offer
from golmok.demo.sample import PASSWORD
from tests.journeys.server import SHOW, Server, sample, serving

PERSON = {"nickname": "느티나무", "name": "김난곡", "phone": "010-0000-0001"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with sample(tmp_path / "loaded") as loaded, serving(loaded, tmp_path / "served") as running:
        yield running


async def test_a_purchase_is_made_at_the_public_addresses(server: Server) -> None:
    merchant = Caller(server.address)
    await merchant.log_in("merchant", PASSWORD)
    show = (await merchant.get(f"/api/v1/shows/{SHOW}"))["products"]
    await merchant.post(f"/api/v1/studio/shows/{SHOW}/on-air")
    await merchant.post(f"/api/v1/studio/shows/{SHOW}/pin", {"product": show[0]["id"]})
    for _guest in range(2):
        caller = Caller(server.address)
        assert await Neighbour(caller, SHOW, PERSON).buy()
        (order,) = (await caller.get("/api/v1/orders"))["items"]
        assert order["status"] == "paid"
        await caller.http.aclose()
    after = (await merchant.get(f"/api/v1/shows/{SHOW}"))["products"]
    assert units(after) == units(show) - 2
    await merchant.http.aclose()
    server.stop()
    assert "Traceback" not in server.output.read_text()


def units(products: list[dict[str, list[dict[str, int]]]]) -> int:
    return sum(variant["left"] for product in products for variant in product["variants"])


def test_what_is_held_up_is_bought_first_and_the_last_ones_never() -> None:
    def product(number: int, left: int, *, closed: bool = False) -> dict[str, object]:
        return {"id": number, "variants": [{"id": number, "left": left, "closed": closed}]}

    products = [product(1, 9), product(2, LEAVE + 1), product(3, LEAVE), product(4, 9, closed=True)]
    chosen = {pin: _on_offer({"products": products[1:], "pinned": pin}) for pin in (2, 3, 4, None)}
    assert {variant and variant["id"] for variant in chosen.values()} == {2}
    assert _on_offer({"products": products[2:], "pinned": 3}) is None
