"""The web server around the application."""

import gc
import resource
import socket

import uvicorn

from golmok.asgi import application, roof
from golmok.configuration import CONFIGURATION
from golmok.web.till.door import TillDoor

KEEP_ALIVE_SECONDS = 15
"""Longer than who waits in the line lets pass between two looks."""
GRACE_SECONDS = 3
"""How long open requests may hold up a shutdown."""


class Server(uvicorn.Server):
    """Ends what viewers wait for first: uvicorn would wait with them, then cut them with a traceback each."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        roof.media.release()
        await roof.live.stop()
        await super().shutdown(sockets)


class Door(TillDoor):
    """To the till of this process."""

    counter = roof.till.counter


def open_many_files() -> None:
    """Takes the number of open files the system allows at the most: a viewer holds three connections.

    The usual 1024 would be full with some 330 viewers.
    """
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def collect_rarely() -> None:
    """Looks for lost circles of objects once in 100,000 new ones instead of 700, and never among what stays.

    At drop speed looking took a sixth of the processor; nearly everything is freed by counting references.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def serve() -> None:
    """Serves until SIGINT or SIGTERM."""
    open_many_files()
    collect_rarely()
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=CONFIGURATION.port,
        loop="uvloop",
        http=Door,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config).run()
