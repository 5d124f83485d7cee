"""The web server around the application."""

import socket

import uvicorn

from golmok.asgi import application, roof
from golmok.configuration import CONFIGURATION

GRACE_SECONDS = 3
"""How long open requests may hold up a shutdown."""


class Server(uvicorn.Server):
    """Ends what viewers wait for first: uvicorn would wait with them, then cut them with a traceback each."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        roof.media.release()
        await roof.live.stop()
        await super().shutdown(sockets)


def serve() -> None:
    """Serves until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=CONFIGURATION.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config).run()
