"""Which of the desk's keys would act now, and of the others why not: for their caps and for who presses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from liveconsole.messages.rights import may
from liveconsole.views.keys import SLOTS
from ui.i18n import t
from ui.key_owner import SHARED, kept
from ui.kinds import name_of
from ui.panels.queue.places import listed
from ui.widgets import KeyCap, MoneyButton
from ui.windows.guide import GUIDE_KEY
from ui.windows.help import KeysSheet
from ui.words.next import plan

if TYPE_CHECKING:
    from ui.windows.desk import Desk

NEEDS: Final = {
    "PgDn": "go.next", "F12": "room.halt", "Ctrl+K": "cue.add", "Ctrl+M": "note.put", "Ctrl+J": "pledge.put",
    "Ctrl+Enter": "cue.approve", "Ctrl+Backspace": "cue.approve", "Ctrl+P": "cue.add",
    "Ctrl+I": "catalogue.put", "Ctrl+R": "rundown.put", "Ctrl+O": "viewer.mute",
    "Ctrl+U": "review.note", "Ctrl+S": "place.free",
}  # fmt: skip
"""Key → the command that a seat must be allowed."""
_WHILE_LOCKED: Final = frozenset(
    {
        "Esc", "End", "F12", "Ctrl+L", "F4", "F5", "F6", "Shift+F6", "F7", "F8", "F9", "Ctrl+G", "Ctrl+E",
        "Ctrl+H", "Ctrl+F", "Ctrl+,", "Ctrl+T", "?",
    }
)  # fmt: skip


class KeyTable:
    """Asks what the keys themselves ask, and answers in words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def why_not(self, name: str) -> str:
        """Why nothing would come of the key, empty where something would. ``Ctrl+1…9`` is any of the nine."""
        commands = self._desk.commands
        if name == GUIDE_KEY:
            return ""  # it asks nobody
        if said := kept(name, QApplication.focusWidget()):
            return said
        if commands.room is None:
            return t("还没有连上引擎")
        if commands.locked and name not in _WHILE_LOCKED:
            return t("本席位锁着；Ctrl+L 解锁")
        if name in NEEDS and not may(commands.role, NEEDS[name]):
            return t("这个席位不做这件事")
        return self._nothing_there(name)

    def _nothing_there(self, name: str) -> str:
        desk = self._desk
        room = desk.commands.room
        assert room is not None
        if name == "PgDn":
            return plan(room).blocked
        if name == "End":
            return "" if desk.feed.view.is_paused else t("评论已经在最新的一条")
        if name == "Esc":
            return "" if self._escapes() else t("没有可撤回的，也没有开着的")
        if name in ("Ctrl+Enter", "Ctrl+Backspace"):
            return "" if desk.queue.has_proposals() else t("没有等着点头的提议")
        if name == "Ctrl+B":
            return "" if room.simulated else t("演练只在排练里")
        if name == "F3":
            return desk.sharing.why_not()
        if name == "Ctrl+S":
            return "" if listed(room.cues.values()) is not None else t("没有接龙")
        if name == "Ctrl+Z":
            return t("没有可以撤销的改动") if desk.undo.is_empty else ""
        if name in ("Ctrl+Y", "Ctrl+N"):
            claims = desk.stage.winners.waits
            return "" if desk.left.owed.cards() or claims else t("没有等着确认的卡片")
        if name.startswith("Ctrl+") and name[-1].isdigit():
            return self._numbers(name)
        return ""

    def _escapes(self) -> bool:
        desk, focus = self._desk, QApplication.focusWidget()
        inside = focus is not None and focus is not desk  # out of a line or list, or another window goes
        return bool(desk.queue.to_recall()) or desk.side.sheet is not None or inside

    def _numbers(self, name: str) -> str:
        stops = "Shift" in name
        if not name.endswith("1…9"):
            number = int(name[-1])
            return self.why_no_stop(number) if stops else self.why_no_fire(number)
        if stops:
            room = self._desk.commands.room
            may_stop = room is not None and any(
                cue.slot and cue.can.stop is True for cue in room.cues.values()
            )
            return "" if may_stop else t("没有能停的促销")
        fires = any(not self.why_no_fire(n) for n in range(1, SLOTS + 1))
        return "" if fires else t("待上里没有能发的促销")

    def why_no_fire(self, number: int) -> str:
        """Why nothing goes out by this number; the key of a row that must be made to fit first acts too."""
        room = self._desk.commands.room
        cue = room.in_slot(number) if room is not None else None
        if cue is None:
            return t("{number} 号没有促销", number=number)
        if not may(self._desk.commands.role, "cue.fire"):
            return t("这个席位不做这件事")
        row = self._desk.queue.row(cue.cue_id)
        if row is None or not row.face.fire:
            return t("{number} 号不在待上里", number=number)
        return "" if cue.can.key == "fix" else row.fire.reason

    def why_no_stop(self, number: int) -> str:
        """Why nothing is asked for by this number; whether anything still runs is the engine's to say."""
        room = self._desk.commands.room
        cue = room.in_slot(number) if room is not None else None
        if cue is None:
            return t("{number} 号没有促销", number=number)
        if not may(self._desk.commands.role, "cue.stop", cue.kind):
            return t("{kind}由主播或中控停", kind=name_of(cue.kind))
        return ""


class KeyCaps(QObject):
    """A key that the focus keeps for itself has a grey cap wherever it is drawn, with the reason there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._kept: dict[str, str] = {}
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self.look)

    def look(self) -> None:
        """Who has the keyboard now, and what it keeps."""
        focus = QApplication.focusWidget()
        now = {name: why for name in SHARED if (why := kept(name, focus))}
        if not now and not self._kept:
            return
        told, self._kept = self._kept, now
        sheet = self._desk.side.sheet
        listing = sheet if isinstance(sheet, KeysSheet) else None
        caps: list[MoneyButton | KeyCap] = [
            *self._desk.findChildren(MoneyButton),
            *self._desk.findChildren(KeyCap),
        ]
        for cap in caps:
            if listing is None or not listing.isAncestorOf(cap):
                cap.keep_key(now.get(cap.key_name, ""))
        for box in (self._desk.rundown.box, self._desk.cart.box):
            box.show_kept(now.get("PgDn", ""))
        if listing is not None and told != now:
            listing.show_keys()
