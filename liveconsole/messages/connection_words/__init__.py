"""What connections say of themselves, in both languages: one module a connection, code → (zh, en)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.messages.connection_words import browser, obs, shop
from liveconsole.messages.connections import ConnectionState

WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "shop": shop.WORDS,
    "obs": obs.WORDS,
    "browser": browser.WORDS,
}

WELL: Final = "connected"
"""The state of a connection that does all it is there for."""
REMARKS: Final[dict[str, frozenset[str]]] = {
    "shop": shop.REMARKS,
    "obs": obs.REMARKS,
    "browser": browser.REMARKS,
}
"""Codes that ask nothing of anybody: they are said while all is well."""

NAMES: Final[dict[str, tuple[str, str]]] = {
    "shop": ("微信小店", "WeChat shop"),
    "obs": ("OBS", "OBS"),
    "browser": ("控制台页面", "Console page"),
}
STATES: Final[dict[str, tuple[str, str]]] = {
    "connected": ("连上了", "Connected"),
    "connecting": ("正在连接", "Connecting"),
    "waiting": ("等着连接", "Waiting to connect"),
    "away": ("连不上", "Cannot be reached"),
    "failed": ("出错停下了，马上再试", "Stopped by a fault, trying again soon"),
    "off": ("没有打开", "Turned off"),
}
"""What a connection does where it says no code; the list is open."""


def connection_name(name: str, *, english: bool = False) -> str:
    """Return what people call a connection."""
    return NAMES[name][english] if name in NAMES else name


def is_well(name: str, one: ConnectionState) -> bool:
    """Tell whether nobody has to look after a connection."""
    remark = not one.code or one.code in REMARKS.get(name, ())
    return one.state == WELL and remark and not one.cannot


def said(name: str, one: ConnectionState, *, english: bool = False) -> str:
    """Return how a connection does, in one sentence."""
    if one.code:
        return connection_words(name, one.code, one.params, english=english)
    return STATES.get(one.state, (one.state, one.state))[english]


def connection_words(name: str, code: str, params: Mapping[str, Any], *, english: bool = False) -> str:
    """Return the sentence of a code; of one that is not known the code itself."""
    found = WORDS.get(name, {}).get(code)
    return found[english].format_map(_Said(params)) if found is not None else code


class _Said(dict[str, Any]):
    """What was not said stands as a dash, never as a hole."""

    def __missing__(self, key: str) -> str:
        return "—"
