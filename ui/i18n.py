"""Chinese is the source text; another language is a table of it in resources/i18n."""

from __future__ import annotations

import json
from typing import Final

from liveconsole.respath import resources
from ui import look

LANGUAGES: Final = ("zh", "en")

_table: dict[str, str] = {}
_language = "zh"


def language() -> str:
    """``zh`` or ``en``."""
    return _language


def use(name: str) -> None:
    """Switch the language of texts made from now on: before a widget is made, or where all are made anew."""
    global _language
    if name not in LANGUAGES:
        raise ValueError(f"no such language: {name}")
    _table.clear()
    _language = name
    if name != "zh":
        _table.update(load(name))
    look.renew()


def load(name: str) -> dict[str, str]:
    """The committed table of a language: Chinese source text → text."""
    path = resources() / "i18n" / f"{name}.json"
    table: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return table


def t(text: str, **params: object) -> str:
    """The text in the chosen language. ``{name}`` takes a parameter, never read as a pattern itself.

    ``{n}`` is what is counted: where it is 1 and the table has the text with ``|1`` behind it, that one.
    """
    found = _table.get(text, text)
    if not params:
        return found
    if params.get("n") in (1, "1"):
        found = _table.get(f"{text}|1", found)
    return found.format_map(params)
