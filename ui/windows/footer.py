"""The line at the bottom: who sits here, how far the log is, what kind of room this is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from ui import theme
from ui.i18n import t
from ui.parts.row_menu import show_entry
from ui.seat.session import ROLE_NAMES, StartChoice
from ui.widgets import END_SECONDS, HoldButton, PlainLabel, button, set_tip

_GAP: Final = 12
_WORDS: Final = 150
"""Pixels at text scale 1 that words which may be shortened keep."""
_FIRST: Final = 420
"""The same of what somebody wrote: it is to be read now, and the keys are behind 「…」 meanwhile."""


class Footer(QFrame):
    """Quiet, but never wrong: 已保存 is said of the last event that the engine has on disk."""

    keys_wanted = Signal()
    lock_wanted = Signal()
    close_wanted = Signal()
    """下播 was held for two seconds."""
    close_held = Signal(bool)
    """It is being held; it was let go."""
    big_screen_wanted = Signal()
    history_wanted = Signal()
    """历史场次."""
    beside_wanted = Signal(str)
    """A window beside the desk, by its key (`beside.OPENERS`)."""
    sharing_wanted = Signal()
    """让另一台电脑或手机加入."""
    drills_wanted = Signal()
    """演练; a rehearsal has some."""
    note_wanted = Signal()
    pledge_wanted = Signal()
    """记口头承诺."""
    look_wanted = Signal()
    """设置."""

    def __init__(self, choice: StartChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._role = choice.role
        self._seat = PlainLabel(t(ROLE_NAMES[choice.role]), role="small", tone="fg1", elide=True)
        self._log = PlainLabel("", role="small", tone="fg1")
        self._link = PlainLabel("", role="small", tone="warn", elide=True)
        self._kind = PlainLabel("", role="small_strong", tone="warn", elide=True)
        self._what, self._drill, self._digits = "", "", 0
        self._lock = button(t("锁定"), "quiet")
        self._lock.clicked.connect(self.lock_wanted)
        set_tip(self._lock, "Ctrl+L")
        self._over = HoldButton(
            t("下播"), seconds=END_SECONDS, own_keys=True, compact=True, role="small_strong"
        )
        self._over.held.connect(self.close_wanted)
        self._over.holding.connect(self.close_held)
        big = button(t("主播大屏"), "quiet")
        big.clicked.connect(self.big_screen_wanted)
        set_tip(big, "F9")
        past = button(t("历史场次"), "quiet")
        past.clicked.connect(self.history_wanted)
        set_tip(past, "Ctrl+H")
        customers, before, boards, shop = (
            self._beside("客户", "F4"),
            self._beside("开播前", "F5"),
            self._beside("数据", "F7"),
            self._beside("店铺", "F8"),
        )
        share = button(t("共享"), "quiet")
        share.clicked.connect(self.sharing_wanted)
        set_tip(share, "F3")
        self._drills = button(t("演练"), "quiet")
        self._drills.clicked.connect(self.drills_wanted)
        set_tip(self._drills, "Ctrl+B")
        note = button(t("写一句话"), "quiet")
        note.clicked.connect(self.note_wanted)
        set_tip(note, "Ctrl+M")
        self._pledges = button(t("口头承诺"), "quiet")
        self._pledges.clicked.connect(self.pledge_wanted)
        set_tip(self._pledges, "Ctrl+J")
        look = button(t("设置"), "quiet")
        look.clicked.connect(self.look_wanted)
        set_tip(look, "Ctrl+,")
        keys = button(t("? 快捷键"), "quiet")
        keys.clicked.connect(self.keys_wanted)
        self._more = button("…", "quiet")
        self._more.setAccessibleName(t("更多"))
        set_tip(self._more, t("更多"))
        self._menu = QMenu(self)
        self._more.clicked.connect(self._pop_up)
        self._keys: dict[QPushButton, str] = {
            share: "F3", self._drills: "Ctrl+B", self._lock: "Ctrl+L", note: "Ctrl+M",
            self._pledges: "Ctrl+J", past: "Ctrl+H", customers: "F4", before: "F5", boards: "F7", shop: "F8",
            big: "F9", look: "Ctrl+,", keys: "?",
        }  # fmt: skip
        """Keys of the line, as they stand, and what does the same without the mouse."""
        self._gives: tuple[QWidget, ...] = (
            share, self._kind, self._log, before, self._lock, past, keys, self._drills, big, customers,
            boards, shop, note, self._seat, self._pledges, look,
        )  # fmt: skip
        """What gives way in a narrow window, the first one first: words go, keys go behind 「…」."""
        self._absent: set[QWidget] = {self._drills, self._over}
        if choice.role not in ("host", "operator"):
            self._absent.add(share)
        """What this room or this seat has no use for."""
        self._firsts: list[QWidget] = []
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 10, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._seat)
        row.addWidget(self._log)
        row.addWidget(self._link, 1)
        for each in (self._kind, *self._keys, self._more, self._over):
            row.addWidget(each)

    def _beside(self, name: str, key: str) -> QPushButton:
        """A key of the line that opens a window beside the desk; ``name`` is a Chinese source text."""
        made = button(t(name), "quiet")
        made.clicked.connect(lambda: self.beside_wanted.emit(key))
        set_tip(made, key)
        return made

    # What has room ---------------------------------------------------------------------------------

    def make_room(self) -> None:
        """Something first came or went: in a narrow window what is quieter makes room for it."""
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        # A layout takes keys for a little lower than they are drawn.
        whole = max(key.sizeHint().height() for key in self._keys) + 1
        return super().sizeHint().expandedTo(QSize(0, whole))

    def minimumSizeHint(self) -> QSize:
        """As narrow as anybody likes, as high as its keys."""
        return QSize(0, self.sizeHint().height())

    def remeasure(self) -> None:
        """Type has another size."""
        self._fit()

    def _fit(self) -> None:
        parts = [self._seat, self._log, self._kind, *self._keys, self._over]
        shown = [each for each in parts if each not in self._absent]
        if not self._kind.text():
            shown.remove(self._kind)
        gives = [each for each in self._gives if each in shown and not (each is self._kind and self._drill)]
        room = self.width() - 16 - 10
        while gives and self._needs(shown) > room:
            shown.remove(gives.pop(0))
        for each in parts:
            each.setVisible(each in shown)
        self._more.setVisible(any(key not in shown and key not in self._absent for key in self._keys))

    def _needs(self, shown: list[QWidget]) -> int:
        """Pixels of what is shown, with 「…」 where a key is behind it."""
        firsts = [each for each in self._firsts if not each.isHidden()]
        wide = [self._least(each) for each in (*firsts, *shown)]
        if any(key not in shown and key not in self._absent for key in self._keys):
            wide.append(self._more.sizeHint().width())
        if self._link.text():
            wide.append(self._least(self._link))
        return sum(wide) + _GAP * len(wide)

    def _least(self, each: QWidget) -> int:
        each.ensurePolished()  # what was never shown has sizes of another style
        first = each in self._firsts
        words = each in (self._seat, self._link) or first
        most = (_FIRST if first else _WORDS) * theme.text_scale() if words else each.sizeHint().width()
        return max(each.minimumSizeHint().width(), min(each.sizeHint().width(), round(most)))

    def _pop_up(self) -> None:
        self._menu.clear()
        for key, name in self._keys.items():
            if key.isHidden() and key not in self._absent:
                words = key.text().replace("&&", "&")
                made = self._menu.addAction(words.replace("&", "&&"))
                made.setData((words, name))
                made.triggered.connect(lambda _on=False, key=key: key.click())
                show_entry(made, words)
        self._menu.popup(self._more.mapToGlobal(QPoint(0, -self._menu.sizeHint().height())))

    def _have(self, part: QWidget, here: bool) -> None:
        self._absent.discard(part) if here else self._absent.add(part)

    def add_first(self, widget: QWidget) -> None:
        """Something that stands before all else."""
        self._row.insertWidget(0, widget)
        self._firsts.append(widget)

    def show_online(self, words: str) -> None:
        """Who follows the room now; this window's role alone until the engine has said."""
        self._seat.setText(words or t(ROLE_NAMES[self._role]))
        self._fit()

    def show_seq(self, seq: int) -> None:
        """How far the log is."""
        said, self._digits = self._digits, len(f"{seq:,}")
        self._log.setText(t("日志 #{seq} 已保存", seq=f"{seq:,}"))
        if said != self._digits:
            self._fit()

    def show_state(self, *, simulated: bool, taped: bool, may_close: bool) -> None:
        """What kind of room, and whether its broadcast can be closed here."""
        self._have(self._over, may_close)
        self._have(self._drills, simulated and not taped)
        self._what = t("排练 · 模拟数据") if simulated else t("看录像") if taped else ""
        self.show_drill(self._drill)

    def show_drill(self, words: str) -> None:
        """The drill that runs, where its own line has no room; the strip says what kind of room it is."""
        self._drill = words
        self._kind.setText(words or self._what)
        self._fit()

    def show_ends(self, words: str) -> None:
        """What 下播 would end, said before it is pressed."""
        self._over.describe(words)

    def show_pledges(self, pledges: Sequence[object], *, may_write: bool) -> None:
        """How many promises were written down tonight."""
        self._pledges.setText(t("口头承诺 {n}", n=len(pledges)) if pledges else t("口头承诺"))
        self._have(self._pledges, may_write)
        self._fit()

    def show_link(self, words: str) -> None:
        """What is wrong with the engine; ``""`` when nothing is."""
        self._link.setText(words)
        if words:
            self._log.setText(t("引擎没有回应"))
        self._fit()

    def show_locked(self, locked: bool) -> None:
        """The lock key says what it would do."""
        self._lock.setText(t("解锁") if locked else t("锁定"))
        self._fit()
