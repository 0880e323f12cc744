"""What somebody has to see to, in words: the same on the strip and in health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liveconsole.messages.alarms import ACTS, ALARMS, act_words, alarm_words
from liveconsole.messages.state import ActState, AlarmState
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
    if trouble == "clock_ahead":
        return t("时间不对"), t("房间的时间比电脑快：电脑先对好时间，再在健康里点「改回电脑的时间」")
    return "", ""


def sentence(alarm: AlarmState) -> str:
    """One alarm, whole: the engine's own Chinese sentence, in other languages its code in words."""
    own = alarm.text
    if language() != "zh" and alarm.code in ALARMS:
        own = alarm_words(alarm.code, alarm.params, english=True)
    return clean(own or refusal(alarm.code, alarm.params, alarm.text), _LONGEST)


def _in_short(alarm: AlarmState) -> str:
    short = {
        "floor_broken": t("低于底价"),
        "below_promise": t("比承诺便宜"),
        "above_promise": t("比承诺贵"),
    }
    return short.get(alarm.code) or clean(sentence(alarm), _SIGN)


def key_words(alarm: AlarmState, act: ActState) -> str:
    """What a key of an alarm says: the engine's own Chinese word, in other languages the same key's."""
    own = act.text
    if language() != "zh":
        words = (word for word in ACTS if act_words(word, alarm.params) == act.text)
        own = next((act_words(word, alarm.params, english=True) for word in words), own)
    return clean(own, 24)


def tone(alarm: AlarmState) -> str:
    return "warn" if alarm.code in _QUIETER else "live"


def sign(trouble: str, alarms: Sequence[AlarmState]) -> tuple[str, str, str]:
    """How many there are, or what the only one is, the worst one's tone, and all of them; empty without any.

    ``trouble`` is the engine's own account, which is named before whatever else there is.
    """
    first, advice = trouble_words(trouble)
    rest = [alarm for alarm in alarms if not first or alarm.code != "trouble"]
    if not first and not rest:
        return "", "warn", ""
    if first:
        words = f"{first} +{len(rest)}" if rest else first
    else:
        # Kinds never hide one another: of several none is named, and the list has them all, the worst first.
        words = _in_short(rest[0]) if len(rest) == 1 else t("{n} 件要看", n=len(rest))
    whole = [advice] if advice else []
    return (
        words,
        "live" if first else tone(rest[0]),
        "\n".join([*whole, *(sentence(alarm) for alarm in rest)]),
    )
