"""The wiring: one ASGI application out of the four houses, and the only place that knows them all.

Whatever is hot or live is answered by Starlette routes; everything else falls through to Django as WSGI in
threads (docs/architecture.md, "Addresses").
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "golmok.settings")

import django

django.setup()

import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.utils import timezone
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from golmok.configuration import CONFIGURATION
from golmok.domain.core import lease, outbox, wakeup
from golmok.domain.festas.actions import ingest_key_admits, ingest_key_outlived
from golmok.domain.festas.queries import show_exists
from golmok.domain.orders.deposits import forget_receipts
from golmok.domain.orders.gateways import gateways
from golmok.domain.orders.gateways.rounds import Reconciler, Refunder, keep_making
from golmok.domain.orders.queries import RoomFacts, room_facts
from golmok.domain.orders.till.give_back import GiveBackExpired
from golmok.domain.orders.till.loading import RUN_OUT_MOST
from golmok.domain.orders.till.statistics import keep_statistics
from golmok.domain.orders.till.writer import Writer
from golmok.live.house import LiveHouse
from golmok.live.room import Ports
from golmok.media.house import MediaHouse
from golmok.media.ports import Picture
from golmok.pages import Pages
from golmok.static_files import BuiltFiles
from golmok.strays import Strays
from golmok.web.address_search import counter as address_search
from golmok.web.letters.postman import Postman
from golmok.web.till import payments
from golmok.web.till.app import TillApp, serves
from golmok.web.till.counter import Counter
from golmok.web.till.payments import Payments
from golmok.web.till.waiting import WaitingLists

DOMAIN_THREADS = 4
PAGE_THREADS = 8
SWEEP_EVERY = 2.0
"""Seconds between looks for expired holds. Selling does not wait for it; only the number shown does."""
FORGET_EVERY = 60 * 60.0
LISTEN_AGAIN = 2.0

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(DOMAIN_THREADS, thread_name_prefix="domain")


async def ask(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a domain function in a thread of its own, with a database connection of its own."""

    def answer() -> T:
        close_old_connections()
        try:
            return question(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, answer)


class DomainOutbox:
    async def untold(self, show_id: str) -> Sequence[outbox.Fact]:
        return await ask(outbox.untold, show_id)

    async def mark_told(self, ids: Sequence[int]) -> None:
        await ask(outbox.mark_told, ids)

    async def shows_with_untold(self) -> Sequence[str]:
        return await ask(outbox.shows_with_untold)


class DomainLease:
    async def acquire(self, show_id: str, owner: str, seconds: int) -> bool:
        return await ask(lease.acquire, show_id, owner, seconds)

    async def renew(self, show_id: str, owner: str, seconds: int) -> bool:
        return await ask(lease.renew, show_id, owner, seconds)

    async def release(self, show_id: str, owner: str) -> None:
        await ask(lease.release, show_id, owner)


class DomainShows:
    """What the rooms and the picture ask about shows."""

    async def load(self, show_id: str) -> RoomFacts | None:
        return await ask(room_facts, show_id)

    async def exists(self, show_id: str) -> bool:
        return await ask(show_exists, show_id)

    async def admits(self, show_id: str, key: str) -> bool:
        return await ask(ingest_key_admits, show_id, key)

    async def outlived(self, show_id: str, key: str) -> bool:
        return await ask(ingest_key_outlived, show_id, key)


class Roof:
    """The houses and the tasks between them."""

    def __init__(self) -> None:
        shows = DomainShows()
        # The name outlives the process, so that a restart finds its own leases and goes on at once.
        owner = f"{socket.gethostname()}:{CONFIGURATION.port}"
        ports = Ports(DomainOutbox(), DomainLease(), shows, owner, self._on_phase)
        self.live = LiveHouse(CONFIGURATION.shows, ports, settings.ROOM_PASS_KEY)
        self.media = MediaHouse(
            CONFIGURATION.shows,
            CONFIGURATION.ingest,
            shows,
            shows,
            self._on_picture,
            data_saver=CONFIGURATION.data_saver,
        )
        self._writer = Writer()
        self.till = TillApp(Counter(self._writer))
        self._owner = owner
        # Whoever cannot take the payments they announce does not start.
        self._gateways = gateways()
        self.payments = Payments(self._writer, self._gateways, ask)
        self.waiting = WaitingLists(self._writer, ask)
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        forget = wakeup.subscribe(self._waking(asyncio.get_running_loop()))
        self._writer.start()
        await self.live.start()
        await self.media.start()
        self._spawn(self._sweep())
        self._spawn(self._forget())
        self._spawn(Postman().run())
        self._spawn(self._payment_rounds())
        if connection.vendor == "postgresql":
            self._spawn(self._listen())
        try:
            yield
        finally:
            forget()
            for task in tuple(self._tasks):
                task.cancel()
            await self.payments.stop()
            await self.live.stop()
            await self.media.stop()
            await asyncio.to_thread(self._writer.stop)

    def _waking(self, loop: asyncio.AbstractEventLoop) -> Callable[[str], None]:
        """What a committing thread calls; it may be any thread."""

        def wake(show_id: str) -> None:
            loop.call_soon_threadsafe(self.live.wake, show_id)

        return wake

    async def _on_phase(self, show_id: str, phase: str) -> None:
        if phase == "ended":
            await self.media.end_show(show_id)

    def _on_picture(self, show_id: str, picture: Picture) -> None:
        self._spawn(self.live.picture_changed(show_id, picture))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                while await self._writer.ask(GiveBackExpired()) == RUN_OUT_MOST:
                    pass
                await ask(keep_statistics)
            except Exception:
                log.exception("expired holds were not swept; trying again")

    async def _forget(self) -> None:
        """Personal data that nobody needs any more."""
        while True:
            try:
                await ask(forget_receipts, timezone.now())
            except Exception:
                log.exception("numbers for cash receipts were not masked; trying again")
            await asyncio.sleep(FORGET_EVERY)

    async def _payment_rounds(self) -> None:
        reconciler = Reconciler(self._gateways, self._writer.ask, ask)
        refunder = Refunder(self._gateways, self._writer.ask, ask)
        await keep_making(reconciler, refunder, ask, self._owner)

    async def _listen(self) -> None:
        while True:
            try:
                async for show_id in wakeup.listen(wakeup.conninfo()):
                    self.live.wake(show_id)
            except psycopg.OperationalError:
                log.warning("the database line for wake-ups dropped; polling until it is back")
                await asyncio.sleep(LISTEN_AGAIN)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def healthz(_request: Request) -> Response:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


class NoSniffing:
    """Every answer of every house is what its content type says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_plainly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        await self.app(scope, receive, send_plainly)


def static() -> list[Mount]:
    """With debugging on, Django finds the files where they are made, so that a new build shows at once."""
    return [] if settings.DEBUG else [Mount("/static", BuiltFiles(settings.STATIC_ROOT, settings.BUILT))]


def build(roof: Roof) -> Starlette:
    CONFIGURATION.var.joinpath("uploads").mkdir(parents=True, exist_ok=True)
    hot = [*roof.live.routes, *roof.media.routes]
    return Starlette(
        routes=[
            Route("/healthz", healthz),
            *hot,
            *Strays(hot).routes,
            *address_search.routes(),
            *roof.waiting.routes,
            *static(),
            Mount("/media", StaticFiles(directory=settings.MEDIA_ROOT)),
            Mount("/", Pages(get_wsgi_application(), PAGE_THREADS)),
        ],
        middleware=[Middleware(NoSniffing)],
        lifespan=roof.lifespan,
    )


roof = Roof()
_houses = build(roof)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The till before everything else, without the framework's way through the others."""
    if scope["type"] == "http" and payments.serves(scope["path"]):
        await roof.payments(scope, receive, send)
    elif scope["type"] == "http" and serves(scope["path"]):
        await roof.till(scope, receive, send)
    else:
        await _houses(scope, receive, send)
