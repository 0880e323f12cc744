"""What connections say of themselves, in both languages: one module a connection, code → (zh, en)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.messages.connection_words import browser, obs, shop

WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "shop": shop.WORDS,
    "obs": obs.WORDS,
    "browser": browser.WORDS,
}


def connection_words(name: str, code: str, params: Mapping[str, Any], *, english: bool = False) -> str:
    """Return the sentence of a code; of one that is not known the code itself."""
    found = WORDS.get(name, {}).get(code)
    return found[english].format_map(_Said(params)) if found is not None else code


class _Said(dict[str, Any]):
    """What was not said stands as a dash, never as a hole."""

    def __missing__(self, key: str) -> str:
        return "—"
