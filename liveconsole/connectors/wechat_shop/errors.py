"""What 微信小店 refuses with, and what is to be done about each. Pure."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from msgspec import Struct

Action = Literal["again", "renew", "tomorrow", "slow", "add_ip", "part_off", "stop", "bug", "refused"]
"""``again``: after a pause · ``renew``: with another token, once · ``tomorrow``: the day's calls of this path
are used up · ``slow``: not within `SLOW_SECONDS` · ``add_ip``: a person lets this address in · ``part_off``:
this call is not to be had, the others are · ``stop``: nothing is, until a person changed something · ``bug``:
asked wrongly, asking again mends nothing · ``refused``: what this one path says of this one thing."""

SLOW_SECONDS: Final = 60.0


class _Remedy(Struct, frozen=True):
    action: Action
    word: str
    """Its sentence in `messages.connection_words.shop`."""


_REMEDIES: Final[dict[int, _Remedy]] = {
    -1: _Remedy("again", "busy"),
    **{code: _Remedy("renew", "token_refused") for code in (40001, 42001, 41001, 40014)},
    **{code: _Remedy("bug", "asked_wrongly") for code in (40002, 40066, 41002, 43002, 43003, 44002, 47001)},
    40013: _Remedy("stop", "bad_appid"),
    40125: _Remedy("stop", "bad_secret"),
    40243: _Remedy("stop", "secret_frozen"),
    45009: _Remedy("tomorrow", "day_used_up"),
    45011: _Remedy("slow", "too_fast"),
    **{code: _Remedy("add_ip", "address_not_let_in") for code in (40164, 45035, 61004)},
    48001: _Remedy("part_off", "no_permission"),
    48004: _Remedy("part_off", "banned"),
    **{code: _Remedy("part_off", "limited") for code in (50001, 50002, 61007)},
    10080000: _Remedy("stop", "shop_closing"),
    10080001: _Remedy("stop", "shop_closed"),
    10080002: _Remedy("stop", "not_a_shop"),
}
_OTHER: Final = _Remedy("refused", "refused")
_RID: Final = re.compile(r"\brid:\s*([0-9A-Za-z-]+)")
_IPV4: Final = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")
_IPV6: Final = re.compile(r"(?<![0-9A-Fa-f:])((?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![0-9A-Fa-f:.])")
_SAID: Final = 300
"""Characters of ``errmsg`` that are kept."""


class ShopError(Exception):
    """A call that came to nothing. ``code``: its ``errcode``, 0 where none was said. ``params``: what the
    sentence of `word` names (``ip``, ``rid``, ``code``, ``path``).

    ``unsure``: it may have been carried out all the same.
    """

    def __init__(
        self,
        code: int,
        action: Action,
        errmsg: str = "",
        params: dict[str, Any] | None = None,
        *,
        word: str = "refused",
        unsure: bool = False,
    ) -> None:
        super().__init__(f"{word} {code}")
        self.code = code
        self.action: Action = action
        self.errmsg = errmsg
        self.params = params or {}
        self.word = word
        self.unsure = unsure


def error_of(code: int, errmsg: str, path: str) -> ShopError:
    """Return what an ``errcode`` comes to; one that is not in the table is the path's own."""
    remedy = _REMEDIES.get(code, _OTHER)
    params: dict[str, Any] = {"code": code, "path": path}
    if (rid := _RID.search(errmsg)) is not None:
        params["rid"] = rid[1]
    if remedy.action == "add_ip" and (ip := _address(errmsg)):
        params["ip"] = ip
    if remedy is _OTHER:
        params["errmsg"] = errmsg[:_SAID]
    return ShopError(code, remedy.action, errmsg[:_SAID], params, word=remedy.word, unsure=code == -1)


def not_heard(word: str, path: str, *, unsure: bool) -> ShopError:
    """Return the error of a call that nobody answered, or not so that it can be read."""
    return ShopError(0, "again", params={"path": path}, word=word, unsure=unsure)


def _address(errmsg: str) -> str:
    """The address that the platform saw. Where it says one in both forms, the plain one."""
    said = _RID.sub("", errmsg)
    for found in (_IPV4.search(said), _IPV6.search(said)):
        if found is not None:
            return found[1]
    return ""
