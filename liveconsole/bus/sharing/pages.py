"""The page for phones: one document, its script and style in it and named by their hashes."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Final

from liveconsole.respath import resources

_NOTHING: Final = b"<!doctype html><title>LiveConsole</title><style></style><script></script>"


@functools.lru_cache(maxsize=8)
def page(own: str, word_address: str) -> tuple[bytes, str]:
    """Return the page and its Content-Security-Policy for a door at ``own`` (address:port). ``word_address``
    is the one other place that its script may ask."""
    folder = resources() / "phone"
    body, style, script = (_read(folder, name) for name in ("index.html", "phone.css", "phone.js"))
    body = body or _NOTHING
    body = body.replace(b"<style></style>", b"<style>%b</style>" % style)
    body = body.replace(b"<script></script>", b"<script>%b</script>" % script)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"img-src 'self' blob: data:; connect-src 'self' wss://{own} {word_address}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return body, policy


def _read(folder: Path, name: str) -> bytes:
    """With plain line ends, as a browser sees a document before it hashes."""
    path = folder / name
    return path.read_text("utf-8").encode() if path.is_file() else b""


def _hash(text: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode()
