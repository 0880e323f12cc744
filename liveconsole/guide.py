"""The guide: one file a language that any browser opens without a network, and the way to a place in it.

The text lies built in ``resources/guide`` with its pictures beside it (``python dev.py guide`` makes both);
they become one file when somebody opens it. Nothing of the room or of its people is in it.
"""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from typing import Final, Literal

from liveconsole.paths import own_folder, write_own
from liveconsole.respath import resources

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
PICTURE: Final = re.compile(r'src="((?:zh|en)/[a-z0-9-]+\.webp)"')
"""A picture as the built text names it."""
_ANCHOR: Final = re.compile(r'\bid="([^"]+)"')


def built(language: Language) -> str:
    """Return the built text, its pictures named. Raises OSError where the program is not whole."""
    return (resources() / "guide" / f"{language}.html").read_text("utf-8")


def anchors(language: Language) -> frozenset[str]:
    """Return every place that can be gone to."""
    return frozenset(_ANCHOR.findall(built(language)))


def page(language: Language) -> str:
    """Return the whole guide in one text, its pictures in it. Raises OSError."""

    def inline(named: re.Match[str]) -> str:
        picture = (resources() / "guide" / named[1]).read_bytes()
        return f'src="data:image/webp;base64,{base64.b64encode(picture).decode()}"'

    return PICTURE.sub(inline, built(language))


def put(base: Path, language: Language, place: str = "") -> Path:
    """Write the guide into the data folder and return the file to open; blocking, for no loop's thread.

    ``place``: an anchor; one that there is not opens the guide at its beginning. The way to a place is a
    small file of its own: what hands files to a browser drops the part behind ``#``. Raises OSError.
    """
    folder = own_folder(base / "guide")
    whole = folder / f"liveconsole-{language}.html"
    _keep(whole, page(language))
    if not place or place not in anchors(language):
        return whole
    door = folder / f"{language}-{place}.html"
    to = html.escape(f"{whole.name}#{place}", quote=True)
    _keep(
        door,
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>LiveConsole</title>'
        f'<meta http-equiv="refresh" content="0; url={to}"><a href="{to}">LiveConsole</a></html>\n',
    )
    return door


def _keep(file: Path, text: str) -> None:
    """Write what is not there already: a browser that has it open is not disturbed."""
    raw = text.encode()
    try:
        if file.read_bytes() == raw:
            return
    except FileNotFoundError:
        pass
    write_own(file, raw)
