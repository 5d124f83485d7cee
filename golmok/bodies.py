"""Reading what a stranger sends, within limits of size and time."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from golmok.problems import Problem

BODY_WITHIN = 5.0
"""Seconds."""


async def read_body(request: Request, most: int) -> bytes:
    """The body of at most `most` bytes. Raises Problem 413, 408, 400."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise Problem(413, "message-too-large")
    except TimeoutError as slow:
        raise Problem(408, "message-too-slow") from slow
    except ClientDisconnect as gone:
        raise Problem(400, "message-unreadable") from gone
    return bytes(body)
