"""What has just ended, as one short line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole.messages.state import CueState
from ui.i18n import t
from ui.kinds import kind_of
from ui.widgets import KindMark, PlainLabel, button, set_tip


class EndedLine(QWidget):
    """A result. A drawn bag has a key to its winners: ``opened(cue_id)``; ``again(cue_id)``: once more."""

    opened = Signal(str)
    again = Signal(str)

    def __init__(self, cue_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = KindMark("pin", role="small")
        self._title = PlainLabel("", role="small", tone="fg2", elide=True)
        self._result = PlainLabel("", role="small", tone="fg1", elide=True)
        self.winners = button(t("中奖名单"), "quiet")
        self.winners.clicked.connect(lambda: self.opened.emit(cue_id))
        self.once_more = button(t("再来一轮"), "quiet")
        set_tip(self.once_more, t("返场：照样排一条，数量按剩下的库存；审核后才能发"))
        self.once_more.clicked.connect(lambda: self.again.emit(cue_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._title, 1)
        row.addWidget(self._result, 2)
        row.addWidget(self.winners)
        row.addWidget(self.once_more)

    def show_cue(self, cue: CueState, title: str, result: str) -> None:
        """Show how it came out."""
        self._mark.set_kind(cue.kind)
        self._title.setText(title)
        self._result.setText(result)
        self.setAccessibleName(f"{title} {result}")
        self.once_more.setAccessibleName(t("再来一轮 {title}", title=title))
        self.winners.setVisible(bool(cue.winners) or kind_of(cue.kind).names_typed(cue.terms))

    @property
    def said(self) -> str:
        """Title and result."""
        return f"{self._title.text()} {self._result.text()}"
