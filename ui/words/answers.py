"""The engine's noes, in the language of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.messages.refusals import TEXTS, word
from liveconsole.messages.state import May
from ui.i18n import language, t
from ui.seat.seat import Answer

_OURS: Final = {
    "no_link": "引擎没有回应，没有发出去",
    "engine_gone": "引擎在回答前断开了，结果等它回来后看",
    "locked": "本席位已锁定，Ctrl+L 解锁",
    "unreadable_file": "这个文件读不了",
    "expired": "引擎回来得太晚，这一下没有执行，请再看一眼",
}


def sentence(answer: Answer) -> str:
    """Why not, as one sentence."""
    return refusal(answer.code, answer.params, answer.text)


def refusal(code: str, params: Mapping[str, Any] | None = None, text: str = "") -> str:
    """The sentence of a code; a code that this desk does not know is said in the engine's own words."""
    if code in _OURS:
        return t(_OURS[code])
    if code in TEXTS:
        return word(code, dict(params or {}), english=language() == "en")
    return text or code


def why_not(may: May) -> str:
    """Why the engine would not take a command now, as the state says it; empty where it would."""
    return "" if may is True else refusal(may.code, may.params, may.text)
