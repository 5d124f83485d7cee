"""A show whose log says that it has ended: its folder is at rest, and nothing is added to it."""

from golmok.live.room import LEASE_SECONDS, Ports, ends
from golmok.problems import Problem


class ShowOver(Problem):
    """No room is opened for this show any more."""

    def __init__(self) -> None:
        super().__init__(409, "show-over")


def stream_gone() -> Problem:
    """A browser does not come back by itself after it, and no cache keeps it."""
    return Problem(410, "show-over", headers={"Cache-Control": "no-store"})


async def settle(show_id: str, ports: Ports) -> None:
    """Marks told what waits in the outbox, without telling it; what the end asks for is done first.

    Nothing is touched while another process has the room.
    """
    if not await ports.lease.acquire(show_id, ports.owner, LEASE_SECONDS):
        return
    try:
        untold = await ports.outbox.untold(show_id)
        if any(map(ends, untold)):
            await ports.on_phase(show_id, "ended")
        await ports.outbox.mark_told([fact.id for fact in untold])
    finally:
        await ports.lease.release(show_id, ports.owner)
