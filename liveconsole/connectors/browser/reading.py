"""What the console's page shows, as it was read, and the one word for it. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final, Literal

from msgspec import Struct

from liveconsole.connectors.browser.maps import PageMap, belongs

Word = Literal["ready", "loading", "logged_out", "not_live", "captcha", "changed", "empty"]

_AS_SHOWN: Final = ("…", "...")
"""How a title that is cut ends."""
_CUT_LEAST: Final = 8


class Row(Struct, frozen=True):
    """``button``: the text of its 讲解 button, None where it has none of that kind. ``parts``: each text that
    stands in the row by itself."""

    number: int | None
    title: str
    text: str
    button: str | None
    parts: list[str] = []
    off: bool = False
    """The button cannot be pressed."""


class PageLook(Struct, frozen=True):
    """One look at the page. A look is taken all at once: nothing in it is older than the rest."""

    url: str
    rows: list[Row] = []
    whole: bool = True
    """All rows are in ``rows``; a list that draws what one sees has them after a sweep only."""
    area: bool = False
    """The list is there."""
    strays: int = 0
    """Texts of a 讲解 button that stand outside of every row."""
    logged_out: bool = False
    not_live: bool = False
    captcha: bool = False
    dialogs: int = 0
    asks: int = 0
    """Questions that a press is answered with."""
    toasts: list[str] = []
    loaded: bool = True


def word(shown: PageLook, page_map: PageMap, *, settled: bool = True) -> Word:
    """Tell how the page is. ``settled``: it has had its time to load; before that nothing is missing.

    What stands in the way goes before what is there: a captcha over a good list is a captcha.
    """
    if shown.captcha:
        return "captcha"
    if shown.logged_out:
        return "logged_out"
    if shown.not_live:
        return "not_live"
    if not belongs(page_map, shown.url):
        return "changed" if settled else "loading"
    if shown.rows and not _as_mapped(shown):
        return "changed" if settled else "loading"
    if shown.rows:
        return "ready"
    if not shown.loaded or not settled:
        return "loading"
    if shown.strays or not shown.area:
        return "changed"
    return "empty"


def _as_mapped(shown: PageLook) -> bool:
    """RowPlaces without any number, or without any button, are rows of another page."""
    return any(row.number is not None for row in shown.rows) and any(
        row.button is not None for row in shown.rows
    )


def is_on(row: Row, page_map: PageMap) -> bool | None:
    """Whether the row says that its product is explained now; None: it says neither."""
    if row.button is None:
        return None
    if row.button in page_map.rows.button.unpin:
        return True
    return False if row.button in page_map.rows.button.pin else None


def same_title(row: Row, title: str) -> bool:
    """Whether the row is that product's. Where the map does not say which text is the title, one of them
    has to be it, whole: 好物1 is not 好物12."""
    wanted = plain(title)
    return bool(wanted) and any(
        _is_title(plain(text), wanted) for text in ([row.title] if row.title else row.parts)
    )


def _is_title(shown: str, wanted: str) -> bool:
    """As people read it; one that is cut by its beginning, if enough of it is there."""
    for cut in _AS_SHOWN:
        if shown.endswith(cut):
            start = shown.removesuffix(cut)
            return len(start) >= _CUT_LEAST and wanted.startswith(start)
    return shown == wanted


def plain(text: str) -> str:
    """Without what a person does not see the difference of: width, case, spaces."""
    kept = unicodedata.normalize("NFKC", text.replace("…", "\0")).replace("\0", "…")
    return "".join(kept.split()).casefold()
