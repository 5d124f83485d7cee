"""The built files under /static: sent by the event loop, compressed beforehand, kept as long as they hold."""

import re
from mimetypes import guess_type
from os import PathLike, fspath, stat_result
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
SAFE = {"Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin"}
"""What Django says beside every page of its own."""


class BuiltFiles(StaticFiles):
    """A folder as `collectstatic` lays it out, with a ``.gz`` beside what gets smaller by it."""

    def __init__(self, folder: Path, unchanging: re.Pattern[str]) -> None:
        """`unchanging` are the addresses whose last part changes with the content."""
        super().__init__(directory=folder, check_dir=False)
        self._unchanging = unchanging

    async def check_config(self) -> None:
        """A folder that is not there (yet) answers 404."""

    def file_response(
        self, full_path: PathLike[str] | str, stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        asked, twin = Headers(scope=scope), Path(f"{fspath(full_path)}.gz")
        kept = FOR_EVER if self._unchanging.fullmatch(scope["path"]) else A_MINUTE
        headers = {"Cache-Control": kept, "Vary": "Accept-Encoding", **SAFE}
        kind = guess_type(full_path)[0] or "application/octet-stream"
        if "gzip" in asked.get("accept-encoding", "") and twin.is_file():
            full_path, stat_result = twin, twin.stat()
            headers["Content-Encoding"] = "gzip"
        response = FileResponse(full_path, status_code, headers, kind, stat_result=stat_result)
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, asked)
            else response
        )
