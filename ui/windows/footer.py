"""The line at the bottom: who sits here, how far the log is, what kind of room this is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.i18n import t
from ui.seat.session import ROLE_NAMES, StartChoice
from ui.widgets import END_SECONDS, HoldButton, PlainLabel, button, set_tip

NARROW = 1300
"""Pixels."""


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
        self._kind = PlainLabel("", role="small_strong", tone="warn")
        self._what, self._drill = "", ""
        self._lock = button(t("锁定"), "quiet")
        self._lock.clicked.connect(self.lock_wanted)
        set_tip(self._lock, "Ctrl+L")
        self._over = HoldButton(
            t("下播"), seconds=END_SECONDS, own_keys=True, compact=True, role="small_strong"
        )
        self._over.held.connect(self.close_wanted)
        self._over.holding.connect(self.close_held)
        self._over.hide()
        big = button(t("主播大屏"), "quiet")
        big.clicked.connect(self.big_screen_wanted)
        set_tip(big, "F9")
        past = button(t("历史场次"), "quiet")
        past.clicked.connect(self.history_wanted)
        set_tip(past, "Ctrl+H")
        self._drills = button(t("演练"), "quiet")
        self._drills.clicked.connect(self.drills_wanted)
        set_tip(self._drills, "Ctrl+B")
        self._drills.hide()
        note = button(t("写一句话"), "quiet")
        note.clicked.connect(self.note_wanted)
        set_tip(note, "Ctrl+M")
        self._pledges = button(t("口头承诺"), "quiet")
        self._pledges.clicked.connect(self.pledge_wanted)
        set_tip(self._pledges, "Ctrl+J")
        look = button(t("设置"), "quiet")
        look.clicked.connect(self.look_wanted)
        set_tip(look, "Ctrl+,")
        keys = button(t("? 看快捷键"), "quiet")
        keys.clicked.connect(self.keys_wanted)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 10, 0)
        row.setSpacing(12)
        row.addWidget(self._seat)
        row.addWidget(self._log)
        row.addWidget(self._link, 1)
        for each in (
            self._kind,
            self._drills,
            self._lock,
            note,
            self._pledges,
            past,
            big,
            look,
            keys,
            self._over,
        ):
            row.addWidget(each)

    def make_room(self, wanted: bool) -> None:
        """A note stands first: in a narrow window what is quieter makes room for it."""
        narrow = wanted and self.width() < NARROW
        for each in (self._seat, self._log):
            each.setVisible(not narrow)

    def add_first(self, widget: QWidget) -> None:
        """Something that stands before all else."""
        self._row.insertWidget(0, widget)

    def show_online(self, words: str) -> None:
        """Who follows the room now; this window's role alone until the engine has said."""
        self._seat.setText(words or t(ROLE_NAMES[self._role]))

    def show_seq(self, seq: int) -> None:
        """How far the log is."""
        self._log.setText(t("日志 #{seq} 已保存", seq=f"{seq:,}"))

    def show_state(self, *, simulated: bool, taped: bool, may_close: bool) -> None:
        """What kind of room, and whether its broadcast can be closed here."""
        self._over.setVisible(may_close)
        self._drills.setVisible(simulated and not taped)
        self._what = t("排练 · 模拟数据") if simulated else t("看录像") if taped else ""
        self.show_drill(self._drill)

    def show_drill(self, words: str) -> None:
        """The drill that runs, where its own line has no room; the strip says what kind of room it is."""
        self._drill = words
        self._kind.setText(words or self._what)

    def show_ends(self, words: str) -> None:
        """What 下播 would end, said before it is pressed."""
        self._over.describe(words)

    def show_pledges(self, pledges: Sequence[object], *, may_write: bool) -> None:
        """How many promises were written down tonight."""
        self._pledges.setText(t("口头承诺 {n}", n=len(pledges)) if pledges else t("口头承诺"))
        self._pledges.setVisible(may_write)

    def show_link(self, words: str) -> None:
        """What is wrong with the engine; ``""`` when nothing is."""
        self._link.setText(words)
        if words:
            self._log.setText(t("引擎没有回应"))

    def show_locked(self, locked: bool) -> None:
        """The lock key says what it would do."""
        self._lock.setText(t("解锁") if locked else t("锁定"))
