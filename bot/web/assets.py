"""Our few static files, read and compressed once at start-up and served from memory."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Stands in widget.js for the version, so that a host page's fixed address always loads files that fit together.
_VERSION_MARK = "%VERSION%"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes plain and compressed, its content type and its entity tag."""

    plain: bytes
    packed: bytes
    content_type: str
    tag: str


class Assets:
    """All files of `static/` by name. `version` changes whenever one of them does and is part of their address."""

    def __init__(self, version: str, files: dict[str, Asset]) -> None:
        """`files`: by file name."""
        self.version = version
        self._files = files

    @classmethod
    def load(cls) -> Assets:
        """Read the folder."""
        raw = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
        version = hashlib.sha256(b"".join(name.encode() + data for name, data in raw.items())).hexdigest()[:12]
        files = {}
        for name, data in raw.items():
            filled = data.replace(_VERSION_MARK.encode(), version.encode())
            tag = hashlib.sha256(filled).hexdigest()[:16]
            files[name] = Asset(filled, gzip.compress(filled, mtime=0), _TYPES[Path(name).suffix], f'"{tag}"')
        return cls(version, files)

    def respond(self, request: web.Request, name: str, *, lasting: bool) -> web.Response:
        """The file as a response; HTTPNotFound if there is none.

        `lasting`: its address carries the version, so what it holds never changes.
        """
        asset = self._files.get(name)
        if asset is None:
            raise web.HTTPNotFound
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "ETag": asset.tag,
            "Vary": "Accept-Encoding",
        }
        if asset.tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        body = asset.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return web.Response(body=body, headers=headers, content_type=asset.content_type, charset="utf-8")
