"""What the tour shows: which key, beside what, and how it is seen that it truly happened. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from liveconsole.messages.rights import may
from liveconsole.messages.state import CueState
from liveconsole.views.keys import SLOTS
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.words.next import plan

_FIRE: Final = frozenset(f"Ctrl+{n}" for n in range(1, SLOTS + 1))
_STOP: Final = frozenset(f"Ctrl+Shift+{n}" for n in range(1, SLOTS + 1))


@dataclass(frozen=True, slots=True)
class TourView:
    """What the tour looks at: the room, and what is open on this desk."""

    room: RoomView
    sheet: str = ""
    """The kind of sheet that is open, ``""`` for none."""
    searching: bool = False

    def cues(self, *statuses: str) -> list[CueState]:
        """Cues other than pins in some statuses, in the order of the room."""
        return [cue for cue in self.room.cues.values() if kind_of(cue.kind).LISTED and cue.status in statuses]

    def key_of(self, cues: Iterable[CueState]) -> str:
        """The number of the first of them that has a key, ``""`` when none has."""
        return next((str(cue.slot) for cue in cues if cue.slot is not None and cue.slot <= SLOTS), "")


@dataclass(frozen=True, slots=True)
class TourStep:
    """One thing to try. It is done when one of `keys` was pressed and `seen` has grown since."""

    title: str
    keys: frozenset[str]
    seen: Callable[[TourView], frozenset[str]]
    words: Callable[[TourView], str]
    key: Callable[[TourView], str]
    """The key to press now, as its cap shows it."""
    place: Callable[[TourView], str]
    """``next``, ``queue``, ``stage``, ``feed`` or ``foot``: beside what it is said."""
    possible: Callable[[TourView], bool] = lambda _glance: True
    """Whether it can be tried now; else it is passed over."""
    at_once: bool = False
    """The next one is urgent: no pause to enjoy this one."""


def steps_for(role: str) -> list[TourStep]:
    """The walk of a role, Chinese source texts already in the chosen language."""
    return [_next(), _agree(), _fire(), _recall(), _stop(), _help()] if may(role, "cue.fire") else _beside()


def _ids(cues: Iterable[CueState]) -> frozenset[str]:
    return frozenset(cue.cue_id for cue in cues)


def _fire_key(glance: TourView) -> str:
    number = glance.key_of(glance.cues("approved", "standby", "recalled"))
    return f"Ctrl+{number}" if number else "Ctrl+Enter"


def _seconds(glance: TourView) -> int:
    return glance.room.settings.recall_seconds


def _next() -> TourStep:
    def pinned(glance: TourView) -> frozenset[str]:
        confirmed = glance.room.pinned.confirmed
        return frozenset({confirmed} if confirmed else ())

    return TourStep(
        title=t("下一品"),
        keys=frozenset({"PgDn"}),
        seen=pinned,
        words=lambda _: t("按一下，下一个商品就开始讲解。它从不发出促销；翻页笔发的也是这个键。"),
        key=lambda _: "PgDn",
        place=lambda _: "next",
        possible=lambda glance: not plan(glance.room).blocked,
    )


def _agree() -> TourStep:
    return TourStep(
        title=t("通过一条提议"),
        keys=frozenset({"Ctrl+Enter"}),
        seen=lambda glance: _ids(glance.cues("approved", "standby")),
        words=lambda _: t("助理排好的促销在这里等你点头。通过以后它仍等自己的键，不会自己发出。"),
        key=lambda _: "Ctrl+Enter",
        place=lambda _: "queue",
        possible=lambda glance: bool(glance.cues("queued")),
    )


def _fire() -> TourStep:
    return TourStep(
        title=t("发出"),
        keys=_FIRE,
        seen=lambda glance: _ids(glance.cues("recallable", "firing", "on_air")),
        words=lambda glance: t(
            "按它的号。按钮旁边就是最低到手价；接下来 {n} 秒还没有发出，可以撤回。", n=_seconds(glance)
        ),
        key=_fire_key,
        place=lambda _: "queue",
        possible=lambda glance: bool(glance.cues("approved", "standby", "queued")),
        at_once=True,
    )


def _recall() -> TourStep:
    def words(glance: TourView) -> str:
        if glance.cues("recallable"):
            return t("正在倒数：按 Esc，它就没有发出过。不管光标在哪里都灵。")
        return t("再按一次它的号，然后在 {n} 秒内按 Esc。", n=_seconds(glance))

    return TourStep(
        title=t("撤回"),
        keys=frozenset({"Esc"}),
        seen=lambda glance: _ids(glance.cues("recalled")),
        words=words,
        key=lambda glance: "Esc" if glance.cues("recallable") else _fire_key(glance),
        place=lambda _: "queue",
        possible=lambda glance: bool(glance.cues("recallable", "approved", "standby", "queued", "recalled")),
    )


def _stop() -> TourStep:
    def stopped(glance: TourView) -> frozenset[str]:
        return _ids(cue for cue in glance.cues("ended") if cue.ended_because == "stopped")

    def words(glance: TourView) -> str:
        if glance.cues("on_air"):
            return t("它在进行了：圈里是剩下的时间。加上 Shift 按同一个号，就停掉它。")
        return t("再发一次，这回不撤回；{n} 秒后它就开始。", n=_seconds(glance))

    def key(glance: TourView) -> str:
        number = glance.key_of(glance.cues("on_air"))
        return f"Ctrl+Shift+{number}" if number else _fire_key(glance)

    return TourStep(
        title=t("停掉"),
        keys=_STOP,
        seen=stopped,
        words=words,
        key=key,
        place=lambda glance: "stage" if glance.cues("on_air") else "queue",
        possible=lambda glance: bool(glance.cues("on_air", "approved", "standby", "queued", "recalled")),
    )


def _help() -> TourStep:
    return TourStep(
        title=t("所有的键"),
        keys=frozenset({"?"}),
        seen=lambda glance: frozenset({glance.sheet} if glance.sheet else ()),
        words=lambda _: t("忘了哪个键，随时按 ?。出了大事：按住 F12 一秒，全停。"),
        key=lambda _: "?",
        place=lambda _: "foot",
    )


def _beside() -> list[TourStep]:
    """For who prepares: an assistant's keys, none of which fires."""
    line = TourStep(
        title=t("一行写促销"),
        keys=frozenset({"Ctrl+K"}),
        seen=lambda glance: _ids(glance.cues("queued")),
        words=lambda _: t(
            "按 Ctrl+K，写一行，例如「3号 秒99 x50 限2 5分」，回车。它只加入待上，等主播通过。"
        ),
        key=lambda _: "Ctrl+K",
        place=lambda _: "queue",
    )
    note = TourStep(
        title=t("给主播写一句话"),
        keys=frozenset({"Ctrl+M"}),
        seen=lambda glance: frozenset(note.note_id for note in glance.room.notes),
        words=lambda _: t("按 Ctrl+M，写一句，发出。它马上出现在主播的大屏上。"),
        key=lambda _: "Ctrl+M",
        place=lambda _: "foot",
    )
    look = TourStep(
        title=t("找一条评论"),
        keys=frozenset({"Ctrl+F"}),
        seen=lambda glance: frozenset({"searching"} if glance.searching else ()),
        words=lambda _: t("按 Ctrl+F，打一两个字，评论和用户名里都找；Esc 关掉。"),
        key=lambda _: "Ctrl+F",
        place=lambda _: "feed",
        possible=lambda glance: not glance.searching,
    )
    return [line, note, look, _help()]
