"""The page that OBS shows: one document, no resource but the engine's own pictures, text only ever put in as
text."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent


@functools.cache
def page(host: str) -> tuple[bytes, str]:
    """The page and its Content-Security-Policy for an engine that answers at ``host`` (name:port).

    The policy names the one script and the one style by their hash, and the one address to connect to.
    """
    body, style, script = _read("page.html"), _read("page.css"), _read("page.js")
    body = body.replace(b"<style></style>", b"<style>%b</style>" % style)
    body = body.replace(b"<script></script>", b"<script>%b</script>" % script)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"img-src blob:; connect-src 'self' ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return body, policy


def _read(name: str) -> bytes:
    """With plain line ends, as a browser sees a document before it hashes: git may have changed them."""
    return (_FOLDER / name).read_text("utf-8").encode()


def _hash(text: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode()
