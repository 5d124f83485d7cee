"""One epoch in one file: its initialisation and every fragment, playable by itself."""

import os
from pathlib import Path

from golmok.media.files import sync_with_way


class Recording:
    """A file that only grows by whole fragments."""

    def __init__(self, path: Path, whole: int) -> None:
        """Continues at byte `whole`; what a crash left behind it is cut off."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        self._file.truncate(whole)
        self.size = self._file.seek(0, os.SEEK_END)

    def append(self, data: bytes) -> int:
        """The size after `data`."""
        self._file.write(data)
        self._file.flush()
        self.size += len(data)
        return self.size

    def settle(self) -> None:
        """Returns when all of it is on disk, and its name."""
        sync_with_way(self._path)

    def close(self) -> None:
        self._file.close()
