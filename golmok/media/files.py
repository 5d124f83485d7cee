"""Files that are whole whenever they are found: after a kill, and where it is asked for after a power cut."""

import os
from pathlib import Path
from secrets import token_hex

FOLDERS_ABOVE = 3
"""A show's files lie that deep below the folder that is always there: <show>/<kind>/<file>."""


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Readers see the old file or all of `data`. A `durable` one is on disk on return, and so is its name."""
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with beside.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fdatasync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        sync(path.parent)


def sync(path: Path) -> None:
    """Returns when a file's bytes, or a folder's names, are on disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_with_way(path: Path) -> None:
    """As `sync`, for a file in folders that are new themselves."""
    for place in (path, *path.parents[:FOLDERS_ABOVE]):
        sync(place)


def size(path: Path) -> int:
    """Bytes of a file, 0 when there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
