"""What somebody has to see to, in words, and the way out of each: the same on the strip and in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from liveconsole.messages.alarms import ACTS, ALARMS, act_words, alarm_words, todo_words
from liveconsole.messages.state import ActState, AlarmState, CueState
from ui.clean import clean
from ui.i18n import language, t
from ui.seat.room import RoomView
from ui.widgets.when import clock, wall_clock
from ui.words.answers import refusal
from ui.words.goods import cue_title

_QUIETER: Final = frozenset(
    {
        "unknown_cue",
        "owed_end",
        "owed_start",
        "ask_unknown",
        "cases_overdue",
        "budget_near",
        "backup",
        "connection",
        "stale_source",
        "mute_owed",
        "asks_owed",
        "question_waits",
        "cases_soon",
    }
)
"""Codes of what waits for somebody and costs nothing yet: the last of the engine's order."""
_AFTER_THE_ORDER: Final = frozenset({"cases_overdue", "cases_soon"})
SHOP_KEY: Final = "F8"
"""Opens 店铺 (`windows.beside`)."""
_WAITING: Final = frozenset({"unknown", "asks_more", "owed_end", "owed_start"})
"""Codes whose answer is a person's: how long they have waited says more than since when."""
_LONGEST: Final = 400
_TROUBLE: Final = {"clock_ahead": "clock"}
"""The engine's own trouble → the code of the alarm that tells of it, where they differ."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A key of an alarm. ``kind``: a command, or where to go: to the card in 现在要做, to an order, to
    where a connection is set, or to a window beside the desk."""

    kind: Literal["act", "phone", "order", "connection", "window"]
    words: str
    to: str
    """The command, the promotion, the order, the connection, or the window's key."""
    data: dict[str, Any] | None = None


def standing(trouble: str, alarms: Sequence[AlarmState]) -> list[AlarmState]:
    """All that somebody has to see to, the worst first. The engine's own trouble is among its alarms; where
    it is not, it stands before them."""
    code = _TROUBLE.get(trouble, trouble)
    if not code or any(alarm.code in (code, "trouble") for alarm in alarms):
        return list(alarms)
    own = AlarmState(
        code if code in ALARMS and code != "clock" else "trouble", None, "", {"trouble": trouble}
    )
    return [own, *alarms]


def sentence(alarm: AlarmState) -> str:
    """One alarm, whole: the engine's own Chinese sentence, in other languages its code in words."""
    own = alarm.text
    if alarm.code in ALARMS and (language() != "zh" or not own):
        own = alarm_words(alarm.code, alarm.params, english=language() != "zh")
    return clean(own or refusal(alarm.code, alarm.params, alarm.text), _LONGEST)


def headline(alarm: AlarmState, room: RoomView) -> str:
    """What is the matter, and with what."""
    cue = room.cues.get(alarm.cue_id or "")
    subject = cue_title(cue, room) if cue is not None else clean(str(alarm.params.get("title") or ""), 60)
    said = sentence(alarm)
    return said if not subject or subject in said else f"{said} · {subject}"


def about(alarm: AlarmState, room: RoomView, now: datetime) -> str:
    """The second line: since when, and what helps where no key does."""
    since = ""
    if alarm.since is not None:
        waited = alarm.code in _WAITING
        since = (
            t("已等 {time}", time=clock((now - alarm.since).total_seconds()))
            if waited
            else t("{time} 起", time=wall_clock(alarm.since))
        )
    todo = "" if ways_out(alarm, room) else todo_words(alarm.code, english=language() != "zh")
    return " · ".join(part for part in (since, todo) if part)


def ways_out(alarm: AlarmState, room: RoomView) -> list[WayOut]:
    """Its keys: to its card where a person is asked, else the engine's commands, else to its order."""
    cue = room.cues.get(alarm.cue_id or "")
    if cue is not None and alarm.code in _WAITING and _asked(cue):
        return [WayOut("phone", t("去做"), cue.cue_id)]
    if alarm.acts:
        return [WayOut("act", key_words(alarm, act), act.type, act.data) for act in alarm.acts]
    if alarm.code == "connection":
        return [WayOut("connection", t("去接入"), str(alarm.params.get("connection", "")))]
    if alarm.code in _AFTER_THE_ORDER:
        return [WayOut("window", t("去店铺"), SHOP_KEY)]
    return [WayOut("order", t("看订单"), alarm.order_id)] if alarm.order_id else []


def _asked(cue: CueState) -> bool:
    """Whether its card stands in 现在要做."""
    owed = cue.owed
    if owed is not None and (owed.by == "person" or (cue.status == "unknown" and owed.step == "on_air")):
        return True
    return cue.asks_more and cue.status == "on_air"


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
    """How many there are, red where any is red, and all of them in words; empty without any.

    Kinds never hide one another: none is named, and the list has them all.
    """
    found = standing(trouble, alarms)
    if not found:
        return "", "warn", ""
    worst = "live" if any(tone(alarm) == "live" for alarm in found) else "warn"
    return t("{n} 件要看", n=len(found)), worst, "\n".join(sentence(alarm) for alarm in found)
