"""The bar that says the broadcast is not open, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.verdicts import WarnedWord
from ui.i18n import t
from ui.seat.seat import Seat
from ui.sheets.advice import AdviceList
from ui.sheets.draft_check import DraftCheck, word_advice
from ui.widgets import Mark, PlainLabel, button, set_tip
from ui.windows.update_hint import UpdateHint
from ui.windows.versions import VersionsHint


class OpeningBar(QFrame):
    """Shown while the broadcast is not open. Its name is read by viewers, so its words are looked at."""

    opened = Signal(str, list)
    """The name, and the words in it that were warned of and are used all the same."""

    def __init__(self, seat: Seat, *, may_open: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self._may = may_open
        self._words = PlainLabel("", tone="fg1", elide=True)
        self.title = QLineEdit()
        self.title.setMaxLength(100)
        self.title.setPlaceholderText(t("这一场的名字，可不填"))
        set_tip(self.title, self.title.placeholderText())
        self.title.setAccessibleName(t("这一场的名字"))
        self.open = button(t("开播"), "primary")
        self.open.clicked.connect(self.submit)
        self.counsel = AdviceList()
        self.wording = DraftCheck(seat, self, self._show_words)
        self.title.textChanged.connect(self._look)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Mark("info", "accent"))
        row.addWidget(self._words, 1)
        row.addWidget(self.title, 1)
        row.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.counsel)
        self.versions, self.update_hint = VersionsHint(), UpdateHint()
        self._quiet = QWidget()
        quiet = QVBoxLayout(self._quiet)
        quiet.setContentsMargins(0, 0, 0, 0)
        quiet.setSpacing(6)
        quiet.addWidget(self.versions)
        quiet.addWidget(self.update_hint)
        column.addWidget(self._quiet)
        self.title.setVisible(may_open)
        self.open.setVisible(may_open)
        self.hide()

    def set_lowest(self, lowest: bool) -> None:
        """In a window too low for more than opening it, what else it says stands in the settings alone."""
        if self._quiet.isHidden() != lowest:
            self._quiet.setVisible(not lowest)

    def _look(self) -> None:
        title = self.title.text().strip()
        if title:
            self.wording.look("broadcast.open", {"title": title})
        else:
            self.wording.forget()

    def _show_words(self, words: list[WarnedWord]) -> None:
        self.counsel.show_advice(word_advice(words))

    def submit(self) -> None:
        """Open it; a name with a word that nobody has seen the warning of waits for another press."""
        self.wording.settle(self._open, lambda: None)

    def _open(self) -> None:
        self.opened.emit(self.title.text().strip(), self.wording.terms)

    def show_state(self, *, is_open: bool, over: bool) -> None:
        """Whether it is needed; `over`: one broadcast has been closed already."""
        self.setVisible(not is_open)
        if not self._may:
            self._words.setText(t("还没有开播，等主播或中控开播"))
        elif over:
            self._words.setText(t("已下播，可以再开一场"))
        else:
            self._words.setText(t("还没有开播：先排好商品和促销"))
