"""What somebody has to see to, in words: the same on the strip and in health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liveconsole.messages.alarms import ALARMS, alarm_words
from liveconsole.messages.state import AlarmState
from ui.clean import clean
from ui.i18n import language, t
from ui.words.answers import refusal

_QUIETER: Final = frozenset({"owed_end", "stale_source", "audience"})
"""Codes of what waits for somebody and costs nothing yet."""
_LONGEST: Final = 400
_SIGN: Final = 14
"""Letters on the strip: the pointer and health say the whole."""


def trouble_words(trouble: str) -> tuple[str, str]:
    """The engine's own trouble in a word, and what to do about it; both empty without one."""
    if trouble == "cannot_write":
        return t("写不进硬盘"), t("新的评论、订单和命令都没有收下，已收下的都在。腾出硬盘空间，之后自动继续")
    if trouble == "log_damaged":
        return t("日志有损坏"), t("直播可以继续，旧的记录有一页读不出来。下播后用备份恢复，原文件留着")
    return "", ""


def sentence(alarm: AlarmState) -> str:
    """One alarm, whole: the engine's own Chinese sentence, in other languages its code in words."""
    own = alarm.text
    if language() != "zh" and alarm.code in ALARMS:
        own = alarm_words(alarm.code, alarm.params, english=True)
    return clean(own or refusal(alarm.code, alarm.params, alarm.text), _LONGEST)


def tone(alarm: AlarmState) -> str:
    return "warn" if alarm.code in _QUIETER else "live"


def sign(trouble: str, alarms: Sequence[AlarmState]) -> tuple[str, str, str]:
    """The worst in few words with how many more there are, its tone, and all of them; empty without any.

    ``trouble`` is the engine's own account, which comes before whatever else there is.
    """
    first, advice = trouble_words(trouble)
    rest = [alarm for alarm in alarms if not first or alarm.code != "trouble"]
    if not first and not rest:
        return "", "warn", ""
    words = first or clean(sentence(rest[0]), _SIGN)
    more = len(rest) - (0 if first else 1)
    whole = [advice] if advice else []
    return (
        f"{words} +{more}" if more else words,
        "live" if first else tone(rest[0]),
        "\n".join([*whole, *(sentence(alarm) for alarm in rest)]),
    )
