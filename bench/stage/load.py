"""Processor time of processes and of the whole machine, from /proc."""

import os
import platform
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Load:
    """Between two looks. Percent of one core, except `machine`."""

    server: float
    ffmpeg: float
    machine: float
    """Percent of all cores that were busy, whoever kept them so."""


class Watch:
    """Looks at a server and its ffmpegs; `load` is since the watch was made."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._since = time.monotonic()
        self._server_then = seconds(server)
        self._children_then = _children(server)
        self._machine_then = _machine()

    def load(self) -> Load:
        passed = time.monotonic() - self._since
        then = self._children_then
        children = sum(now - then.get(pid, 0.0) for pid, now in _children(self._server).items())
        busy, idle = (now - before for now, before in zip(_machine(), self._machine_then, strict=True))
        server = seconds(self._server) - self._server_then
        machine = 100 * busy / max(busy + idle, 1)
        return Load(round(100 * server / passed, 1), round(100 * children / passed, 1), round(machine, 1))


def seconds(pid: int) -> float:
    """Processor time a process has used so far, in user mode and in the kernel."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def children_commands(parent: int) -> list[list[str]]:
    """The command lines of a process's children."""
    lines = [(PROC / str(pid) / "cmdline").read_text() for pid in _children(parent)]
    return [line.split("\0") for line in lines]


def _children(parent: int) -> dict[int, float]:
    """Processor seconds of each child."""
    found: dict[int, float] = {}
    for pid in (int(path.name) for path in PROC.iterdir() if path.name.isdecimal()):
        # A process may end between being listed and being looked at.
        with suppress(OSError):
            if int(_fields(pid)[1]) == parent:
                found[pid] = seconds(pid)
    return found


def _fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; the name before them may hold spaces."""
    return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()


def _machine() -> tuple[int, int]:
    """Busy and idle ticks of all cores since the machine started."""
    ticks = [int(number) for number in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, idle
