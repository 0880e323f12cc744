"""The page of a phone: one document for joining and for the live room, no resource but the engine's own
pictures, text only ever put in as text."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path
from typing import Final

from liveconsole.respath import resources

_SCRIPTS: Final = ("parts.js", "words.js", "link.js", "door.js", "cards.js", "page.js")
_ICONS: Final = ("check", "copy", "left", "right", "warn", "undo")
_ICON: Final = re.compile(r"<svg [^>]*?viewBox=\"([^\"]+)\"([^>]*)>(.*)</svg>", re.DOTALL)
_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'


@functools.lru_cache(maxsize=8)
def page(own: str, word_address: str) -> tuple[bytes, str]:
    """Return the page and its Content-Security-Policy for a door at ``own`` (address:port).
    ``word_address`` is the one other place that its script may ask.

    The policy names the one script and the one style by their hash.
    """
    folder = resources() / "phone"
    style = _read(folder / "page.css")
    script = "\n".join(_read(folder / name) for name in _SCRIPTS)
    body = _read(folder / "page.html")
    body = body.replace("<style></style>", f"<style>{style}</style>")
    body = body.replace("<script></script>", f"<script>{script}</script>")
    body = body.replace('aria-hidden="true"></svg>', f'aria-hidden="true">{_symbols()}</svg>', 1)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src blob:; "
        f"connect-src 'self' wss://{own} {word_address}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return body.encode(), policy


def _symbols() -> str:
    """Return the house's own icons, those of every kind of promotion among them."""
    icons = resources() / "icons"
    names = [*_ICONS, *sorted(path.stem for path in icons.glob("kind-*.svg"))]
    return "".join(_symbol(name, _read(icons / f"{name}.svg")) for name in names)


def _symbol(name: str, text: str) -> str:
    found = _ICON.search(text.replace(_NAMESPACE, ""))
    assert found is not None, name
    box, paint, inside = found.groups()
    return f'<symbol id="i-{name}" viewBox="{box}"><g{paint}>{inside}</g></symbol>'


def _read(path: Path) -> str:
    """With plain line ends, as a browser sees a document before it hashes: git may have changed them."""
    return path.read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
