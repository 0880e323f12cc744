"""Two to four broadcasts side by side: a figure in doubt gives no rise and no fall."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.broadcasts import PastBroadcast
from liveconsole.views.past import FIGURES, change, doubt, figure
from ui.i18n import t
from ui.widgets import PlainLabel, button, set_tip
from ui.windows.history.facts import duration, moment, shown, why_words

LEAST, MOST = 2, 4
_NAMES: Final = {
    "gmv_fen": "成交额", "refund_fen": "退款", "paid": "支付订单", "units": "售出件数",
    "online_peak": "最高在线", "given_fen": "让利",
}  # fmt: skip


class ComparePage(QWidget):
    """The oldest stands first, and what follows is measured against it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = button(t("回到列表"), "quiet")
        self.back.clicked.connect(self.left)
        set_tip(self.back, "Esc")
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(PlainLabel(t("对比"), role="heading"))
        head.addWidget(PlainLabel(t("存疑的数不进涨跌，只写「—」"), role="small", tone="fg1"))
        head.addStretch(1)
        self._held: QWidget = _box()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 10, 16, 16)
        self._column.addLayout(head)
        self._column.addWidget(self._held)
        self._column.addStretch(1)

    def show_rows(self, rows: list[PastBroadcast]) -> None:
        """Other broadcasts."""
        rows = sorted(rows, key=lambda row: row.summary.number)
        old, self._held = self._held, _box()
        grid = QGridLayout(self._held)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        for place, row in enumerate(rows, 1):
            title = row.summary.title or t("没有名字的直播")
            grid.addWidget(PlainLabel(title, role="heading", elide=True), 0, place)
            when = f"{moment(row.summary.opened_at)} · {duration(row)}"
            grid.addWidget(PlainLabel(when, role="small", tone="fg2"), 1, place)
            grid.setColumnStretch(place, 1)
        for line, name in enumerate(FIGURES, 2):
            grid.addWidget(PlainLabel(t(_NAMES[name]), tone="fg1"), line, 0)
            for place, row in enumerate(rows, 1):
                grid.addWidget(self._cell(rows[0], row, name), line, place)
        self._column.replaceWidget(old, self._held)
        old.deleteLater()
        self.back.setFocus()

    def _cell(self, first: PastBroadcast, row: PastBroadcast, name: str) -> QWidget:
        value, why = figure(row, name), doubt(row, name)
        words = "—" if value is None else shown(name, value)
        if why and value is not None:
            words = f"≥ {words}"
        held = QWidget()
        line = QHBoxLayout(held)
        line.setContentsMargins(0, 0, 0, 0)
        tone = "warn" if why and value is not None else "fg2" if value is None else "fg0"
        line.addWidget(PlainLabel(words, role="kpi", tone=tone))
        if row is not first:
            differs = change([first, row], name)
            said = "—" if differs is None else f"{differs:+.1%}"
            line.addWidget(PlainLabel(said, role="small", tone="fg1"))
        if why:
            line.addWidget(PlainLabel(why_words(why), role="small", tone="fg2", elide=True), 1)
        line.addStretch(1)
        line.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return held


def _box() -> QFrame:
    made = QFrame()
    made.setObjectName("section")
    return made
