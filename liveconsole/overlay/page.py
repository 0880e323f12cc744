"""The page that OBS shows: one file, no resource from anywhere, text only ever put in as text."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).resolve().parent / "page.html"


@functools.cache
def page() -> tuple[bytes, str]:
    """The page and its Content-Security-Policy, which names its one script and one style by their hash."""
    body = _FILE.read_bytes()
    script, style = (_hash_of(body, tag) for tag in (b"script", b"style"))
    policy = (
        f"default-src 'none'; script-src '{script}'; style-src '{style}'; "
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return body, policy


def _hash_of(body: bytes, tag: bytes) -> str:
    found = re.search(b"<%b>(.*?)</%b>" % (tag, tag), body, re.DOTALL)
    assert found is not None
    return "sha256-" + base64.b64encode(hashlib.sha256(found[1]).digest()).decode()
