"""A receipt as one page that any viewer opens in a browser: it checks the draw there, offline.

The page is the same for every receipt but for the receipt in it (``resources/verifier``). Its policy names
its own script and style by hash and nothing else, so that it can neither ask nor tell anybody anything.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

import msgspec

from liveconsole.respath import resources

_SCRIPTS: Final = (("bls.js",), ("check.js", "series.js", "page.js"))
"""The library, and the page's own."""


def receipt_page(receipt: dict[str, Any]) -> bytes:
    style = _read("page.css")
    scripts = [b"\n".join(_read(name) for name in names) for names in _SCRIPTS]
    page = _read("page.html")
    policy = (
        f"default-src 'none'; script-src {' '.join(_hash(script) for script in scripts)}; "
        f"style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    page = _put(page, b'Policy" content=""', b'Policy" content="%b"' % policy.encode())
    page = _put(page, b"<style></style>", b"<style>%b</style>" % style)
    for script in scripts:
        page = _put(page, b"<script></script>", b"<script>%b</script>" % script)
    # "<" of a text from outside would end the element that the receipt stands in.
    told = msgspec.json.encode(receipt).replace(b"<", b"\\u003c")
    return _put(page, b'id="receipt"></script>', b'id="receipt">%b</script>' % told)


def _put(page: bytes, there: bytes, this: bytes) -> bytes:
    before, found, after = page.partition(there)
    if not found:
        raise ValueError(f"the verifier's page has no {there!r}")
    return before + this + after


def _read(name: str) -> bytes:
    """With plain line ends, as a browser sees a document before it hashes."""
    return (resources() / "verifier" / name).read_text("utf-8").encode()


def _hash(text: bytes) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode() + "'"
