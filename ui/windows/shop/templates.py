"""What can be sent to the buyer: texts with their facts filled in, copied by a digit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CaseTemplate
from ui import clipboard
from ui.i18n import t
from ui.widgets import CappedButton, PlainLabel, Section, Separator
from ui.windows.shop.slots import SlotText
from ui.windows.shop.words import both

MOST = 9
"""As many as there are digits."""


class TemplateRow(QWidget):
    """One text: its name, the text, and its key, or why it cannot be copied yet."""

    copied = Signal(str)

    def __init__(self, number: int, template: CaseTemplate, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template, self.why = template, why
        self.name = PlainLabel(both(template.title), role="small", tone="fg2", elide=True)
        self.words = SlotText()
        self.words.show_text(template.text, template.slots)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.name)
        said.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(said, 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        self.key: CappedButton | None = None
        if why:
            row.addWidget(PlainLabel(why, role="small", tone="fg1"), 0, middle)
        else:
            self.key = CappedButton(t("复制"), str(number))
            self.key.setAccessibleName(t("复制 {title}", title=both(template.title)))
            self.key.clicked.connect(self.copy)
            row.addWidget(self.key, 0, middle)

    def copy(self) -> None:
        """Into the clipboard."""
        if not self.why:
            clipboard.copy(self.template.text)
            self.copied.emit(both(self.template.title))


class TemplateList(Section):
    """``copied(title)``: one of them is in the clipboard."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("可以这样回"), parent=parent)
        self.note.setText(t("蓝字已替你填好"))
        self.rows: list[TemplateRow] = []
        self._shown: tuple[object, ...] = ()
        self._inside: QWidget | None = None

    def show_card(self, card: CaseCard) -> None:
        """The texts of a case; the same ones again stay as they are."""
        shown = (card.row.case_id, tuple(card.templates), tuple(step.step for step in card.steps))
        self.setVisible(bool(card.templates))
        if shown == self._shown:
            return
        self._shown = shown
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.rows = []
        for number, template in enumerate(card.templates[:MOST], 1):
            if number > 1:
                column.addWidget(Separator())
            row = TemplateRow(number, template, why_not(template, card))
            row.copied.connect(self.copied)
            self.rows.append(row)
            column.addWidget(row)
        self.body.addWidget(self._inside)

    def forget(self) -> None:
        """Another case is chosen, and its card is not there yet: nothing is copied."""
        self._shown, self.rows = (), []
        self.hide()

    def copy(self, number: int) -> str:
        """Copy the n-th; why not, or ``""``."""
        if number > len(self.rows):
            return t("没有第 {n} 条话术", n=number)
        row = self.rows[number - 1]
        row.copy()
        return row.why


def why_not(template: CaseTemplate, card: CaseCard) -> str:
    """Why a text cannot be copied yet; empty where it can."""
    if template.words:
        return t("要改的词：{words}", words=t("、").join(template.words[:3]))
    if template.ready:
        return ""
    for place, step in enumerate(card.steps, 1):
        if step.step == template.waits_for:
            return t("先做第 {n} 步", n=place)
    return t("还缺内容")
