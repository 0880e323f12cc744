"""What a kind says where it has nothing of its own to say. It takes each by name: what it lacks is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.messages.state import CueState
from ui.i18n import t
from ui.kinds.kind import ClaimTerms, Shop
from ui.kinds.phrases import number


def untold(cue: CueState) -> bool:
    return False


def names_typed(terms: Any) -> bool:
    return False


def goods(terms: Any, owner: Mapping[str, str]) -> list[str]:
    return []


def several(terms: Any) -> bool:
    return False


def unit_prices(terms: Any) -> list[int]:
    return []


def detail(terms: Any) -> str:
    return ""


def counts(cue: CueState, terms: Any) -> list[str]:
    return []


def outcome(cue: CueState) -> list[str]:
    return []


def left(cue: CueState) -> tuple[str, str]:
    if cue.left == 0:
        return t("没了"), "live"
    return t("剩 {n}", n=number(cue.left)), "fg0"


def heed(cue: CueState) -> str:
    return ""


def prize_of(terms: object) -> str:
    return ""


def claim_of(terms: object) -> ClaimTerms | None:
    return None


def feed_about(about: str) -> str:
    return about


def at_most(money: str) -> str:
    return t("最多让利 {money}", money=money)


def given(money: str, most: str) -> str:
    return t("已让利 {money} / {most}", money=money, most=most)


def unpriced() -> tuple[str, str]:
    return "", ""


def unit_price() -> str:
    return t("促销价")


def unit_left(*, told: bool) -> str:
    return t("促销余量") if told else t("促销余量 · 平台没有报")


def untitled(terms: Any, room: Shop) -> str:
    """Of a kind without words of its own for this: the caller says its name."""
    return ""
