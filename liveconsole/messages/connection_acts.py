"""What a person may press of a connection, and what it says to that: one list for both sides of the door."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from msgspec import UNSET, Struct, UnsetType

ShopAct = Literal["check", "sync", "goods"]
ObsAct = Literal["check", "overlay", "connect"]
BrowserAct = Literal["check", "show", "picture", "add_part"]
ConnectionAct = ShopAct | ObsAct | BrowserAct

ACTS: Final[dict[str, tuple[str, ...]]] = {
    "shop": get_args(ShopAct),
    "obs": get_args(ObsAct),
    "browser": get_args(BrowserAct),
}
"""Connection → what can be pressed of it; the door knows no other, and neither does the desk."""


class CheckedPart(Struct, frozen=True, omit_defaults=True):
    """One of several things that a check asked for; ``name`` is worded in `connection_words`."""

    name: str
    ok: bool
    code: str = ""
    params: dict[str, Any] = {}


class ConnectionSaid(Struct, frozen=True):
    """What a connection said to what a person pressed. ``code`` is of an open list, worded in
    `connection_words`; what it does not speak of is not there."""

    ok: bool
    code: str = ""
    params: dict[str, Any] = {}
    answers: list[CheckedPart] | UnsetType = UNSET
    """Of a check of the shop: each thing that was asked, by itself."""
    facts: int | UnsetType = UNSET
    """How many came of it."""
    rows: int | UnsetType | None = UNSET
    """Products on the console page; None where it does not draw all of them."""
    picture: str | UnsetType | None = UNSET
    """The hash of a picture of the console page, None where it did not let itself be seen."""
    version: str | UnsetType = UNSET
    """This and what follows: of a check of OBS."""
    program: str | UnsetType = UNSET
    scenes: list[str] | UnsetType = UNSET
    texts: list[str] | UnsetType = UNSET
    chapters: bool | UnsetType = UNSET
    browser_source: bool | UnsetType = UNSET
