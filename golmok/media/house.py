"""The media house: every show's picture, from the merchant's chunks to the viewers' playlists."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from golmok.answers import Endpoint, answering
from golmok.media import delivery, ingest
from golmok.media.ingest import Gate
from golmok.media.ports import IngestKeys, OnPicture, Picture, Shows
from golmok.media.show import SAVER, SOURCE, Show
from golmok.problems import Problem
from golmok.show_id import SHOW_ID

WATCH_EVERY = 0.5
"""Seconds between looks at whose picture flows."""
STUCK_AFTER = 10.0
"""Seconds after which an ffmpeg without output is started again."""

Answer = Callable[[Request, Show], Awaitable[Response]]

log = logging.getLogger(__name__)


class MediaHouse:
    """Ingest and delivery of all shows in one process."""

    def __init__(
        self,
        folder: Path,
        ingest: Path,
        keys: IngestKeys,
        shows: Shows,
        on_picture: OnPicture,
        *,
        data_saver: bool = False,
        stuck_after: float = STUCK_AFTER,
    ) -> None:
        self._folder = folder
        self._ingest = ingest
        self._keys = keys
        self._known = shows
        self._on_picture = on_picture
        self._data_saver = data_saver
        self._stuck_after = stuck_after
        self._shows: dict[str, Show] = {}
        self._pictures: dict[str, Picture] = {}
        self._gate = Gate()
        self._watcher: asyncio.Task[None] | None = None
        self._released = False

    @property
    def routes(self) -> list[Route]:
        return [
            self._writing("/live/{show}/ingest", ingest.open_epoch),
            self._writing("/live/{show}/ingest/{epoch}/end", ingest.end_epoch),
            self._writing("/live/{show}/ingest/{epoch}/{seq}", ingest.chunk),
            self._writing("/live/{show}/ingest/{epoch}", ingest.where, "GET"),
            self._reading("/shows/{show}/index.m3u8", self._index),
            *(
                self._reading(f"/shows/{{show}}/{name}/{{name}}", self._media(name))
                for name in (SOURCE, SAVER)
            ),
        ]

    async def start(self) -> None:
        """Goes on with every epoch that an earlier process left unfinished."""
        for path in sorted(self._ingest.iterdir()) if self._ingest.is_dir() else []:
            if SHOW_ID.fullmatch(path.name):
                await self._revive(path)
        self._watcher = asyncio.create_task(self._watch(), name="watch pictures")

    def release(self) -> None:
        """Answers all who wait for picture, at once: the server is about to stop."""
        self._released = True
        for show in self._shows.values():
            show.release()

    async def stop(self) -> None:
        """Lets go of everything; nothing acknowledged is lost, a later start goes on."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])
        for show in self._shows.values():
            await show.stop()
        self._shows.clear()

    async def end_show(self, show_id: str) -> None:
        """No more picture: packages the rest, and the folder becomes the replay. Again is harmless."""
        show = self._running(show_id) if SHOW_ID.fullmatch(show_id) else None
        if show is None:
            return
        await show.end()
        self._shows.pop(show_id, None)
        self._tell(show_id, "none")

    # --- shows -------------------------------------------------------------------------------------

    def _running(self, show_id: str) -> Show | None:
        """The show, if anything of it was sent and it is not at rest."""
        show = self._shows.get(show_id)
        if show is None and self._unfinished(show_id):
            show = self._take_up(show_id)
        return show

    def _unfinished(self, show_id: str) -> bool:
        folder = self._folder / show_id
        begun = (folder / SOURCE / "timeline.jsonl").exists() or (self._ingest / show_id).is_dir()
        return begun and not (folder / "index.m3u8").exists()

    def _take_up(self, show_id: str) -> Show:
        folder, chunks = self._folder / show_id, self._ingest / show_id
        show = Show(folder, chunks, data_saver=self._data_saver, stuck_after=self._stuck_after)
        self._shows[show_id] = show
        if self._released:
            show.release()
        show.start()
        return show

    async def _revive(self, ingest_folder: Path) -> None:
        try:
            show = self._take_up(ingest_folder.name)
            if show.over:
                await self.end_show(ingest_folder.name)
        except (OSError, ValueError):
            log.exception("show %s cannot be taken up", ingest_folder.name)

    async def _watch(self) -> None:
        while True:
            for show_id, show in list(self._shows.items()):
                self._tell(show_id, show.picture())
            await asyncio.sleep(WATCH_EVERY)

    def _tell(self, show_id: str, picture: Picture) -> None:
        if self._pictures.get(show_id, "none") != picture:
            self._pictures[show_id] = picture
            self._on_picture(show_id, picture)

    # --- addresses ---------------------------------------------------------------------------------

    def _writing(self, path: str, answer: Answer, method: str = "POST") -> Route:
        async def endpoint(request: Request) -> Response:
            show_id = await self._known_show(request)
            await ingest.admit(request, self._keys)
            self._gate.enter(show_id)
            try:
                return await answer(request, self._broadcast_to(show_id))
            finally:
                self._gate.leave(show_id)

        return Route(path, answering(endpoint), methods=[method])

    def _broadcast_to(self, show_id: str) -> Show:
        if (self._folder / show_id / "index.m3u8").exists():
            raise Problem(409, "show-over")
        return self._running(show_id) or self._take_up(show_id)

    def _reading(self, path: str, endpoint: Endpoint) -> Route:
        return Route(path, answering(endpoint), methods=["GET"])

    async def _index(self, request: Request) -> Response:
        show, folder = await self._show_of(request)
        return await delivery.index(request, show, folder)

    def _media(self, rendition_name: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            show, folder = await self._show_of(request)
            rendition = show.renditions.get(rendition_name) if show else None
            name = request.path_params["name"]
            if name == "media.m3u8":
                return await delivery.playlist(request, rendition, folder / rendition_name)
            return await delivery.media(request, rendition, folder / rendition_name, name)

        return endpoint

    async def _show_of(self, request: Request) -> tuple[Show | None, Path]:
        """The running show, if it is one, and its folder."""
        show_id: str = request.path_params["show"]
        show = self._shows.get(show_id)
        if show is None:
            await self._refuse_unbegun(await self._known_show(request))
            show = self._running(show_id)
        return show, self._folder / show_id

    async def _refuse_unbegun(self, show_id: str) -> None:
        if not (self._folder / show_id / SOURCE).is_dir():
            raise Problem(404, "picture-not-begun", headers={"Cache-Control": "no-store"})

    async def _known_show(self, request: Request) -> str:
        show_id: str = request.path_params["show"]
        known = SHOW_ID.fullmatch(show_id) and (show_id in self._shows or await self._known.exists(show_id))
        if not known:
            raise Problem(404, "show-not-found", headers={"Cache-Control": "no-store"})
        return show_id
