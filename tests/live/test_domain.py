"""The live house on the real domain: what is sold in a database is seen in the room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from golmok.asgi import DomainLease, DomainOutbox, DomainShows, ask
from golmok.domain.accounts.models import User
from golmok.domain.core import outbox, wakeup
from golmok.domain.core.models import RoomLease
from golmok.domain.festas.actions import end_show, pin_product
from golmok.domain.festas.models import Show
from golmok.domain.shops.models import Product, Variant
from golmok.live.room import Ports
from golmok.show_id import SHOW_ID
from tests.buying import hold, order, pay
from tests.domain.conftest import open_show

from .stage import SHOW, Stage, World, on_stage, problem, until

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Domain(World):
    """The world as golmok.asgi wires it."""

    owner: str = "one"

    @property
    def ports(self) -> Ports:
        return Ports(DomainOutbox(), DomainLease(), DomainShows(), self.owner, self._on_phase)


@asynccontextmanager
async def on_the_real_stage(world: Domain) -> AsyncIterator[Stage]:
    loop = asyncio.get_running_loop()
    async with on_stage(world) as stage:

        def wake(show_id: str) -> None:
            loop.call_soon_threadsafe(stage.house.wake, show_id)

        forget = wakeup.subscribe(wake)
        yield stage
        forget()


async def all_told() -> bool:
    return not await ask(outbox.shows_with_untold)


def show_and_merchant() -> tuple[Show, User]:
    return Show.objects.get(), User.objects.get(username="merchant")


async def test_what_is_sold_is_seen(tmp_path: Path, quick: None) -> None:
    variant: Variant = await ask(open_show)
    show, merchant = await ask(show_and_merchant)
    product: Product = await ask(lambda: variant.product)
    world = Domain(tmp_path)
    async with on_the_real_stage(world) as stage:
        state = await stage.state()
        assert state["stock"] == {str(variant.pk): {"left": 5, "closed": False}}
        assert state["prices"] == {str(variant.pk): 9900}
        async with stage.watch(after=f"{state['epoch']}:{state['chunk'] - 1}") as watcher:
            await ask(pin_product, show, product, merchant)
            await watcher.until("pin", product=product.pk)
            kept = await ask(hold, variant)
            await watcher.until("stock", variant=variant.pk, left=4)
            await ask(pay, await ask(order, kept))
            bought = await watcher.until("order", product=product.pk)
            assert (bought["name"], bought["quantity"]) == ("김*울", 1)
            await ask(end_show, show, merchant)
            await watcher.until("show", phase="ended")
        await until(all_told)
        assert world.phases == [(SHOW, "ended")]
        assert problem(await stage.say("늦었나요")) == (409, "show-over")
    assert not await ask(RoomLease.objects.exists)
    async with on_the_real_stage(Domain(tmp_path)) as stage:
        again = await stage.state()
    assert (again["phase"], again["stock"]) == ("ended", {str(variant.pk): {"left": 4, "closed": False}})
    assert [event["product"] for event in world.events("order")] == [product.pk]


@pytest.mark.parametrize(("length", "fits"), [(1, True), (0, False), (32, True), (33, False)])
def test_an_id_in_an_address_is_as_long_as_one_in_the_database(length: int, fits: bool) -> None:
    assert Show._meta.pk.max_length == 32
    assert bool(SHOW_ID.fullmatch("a" * length)) is fits


async def test_two_processes_never_have_one_room(tmp_path: Path, quick: None) -> None:
    await ask(open_show)
    async with on_the_real_stage(Domain(tmp_path)) as one:
        await one.said("hier")
        async with on_the_real_stage(Domain(tmp_path, owner="two")) as two:
            assert problem(await two.say("da")) == (503, "room-elsewhere")
            await one.house.stop()
            await two.said("jetzt da")
    assert [event["text"] for event in Domain(tmp_path).events("chat")] == ["hier", "jetzt da"]
