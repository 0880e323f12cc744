"""A word about an order for who comes after: written here, kept by the engine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from liveconsole.messages.cases import CaseRow
from liveconsole.messages.order_books import ADDRESS_TAG
from ui.clean import clean
from ui.i18n import t
from ui.parts.written_line import WrittenLine
from ui.widgets import PlainLabel, Section


class OrderNote(Section):
    """``written(text)``: Enter was pressed; an empty line takes the note away."""

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("备注"), parent=parent)
        self.note.setText(t("R 写备注 · Enter 记下"))
        self._order = ""
        self.now = PlainLabel("", tone="fg0", lines=0)
        self.line = WrittenLine(
            t("备注"), t("给同事留一句，买家看不到；#老客 加标签，再写一次去掉"), self._done
        )
        self.tags = PlainLabel("", role="small", tone="accent", lines=0)
        self.body.addWidget(self.now)
        self.body.addWidget(self.tags)
        self.body.addWidget(self.line)

    def show_row(self, row: CaseRow) -> None:
        """What a row knows of it until its card comes; what is being typed stays while it is the same one."""
        if row.order_id != self._order:
            self._order = row.order_id
            self.line.clear()
            self.show_written(row.note, [])

    def show_written(self, note: str, tags: Sequence[str]) -> None:
        """What is written of this order."""
        self.now.setText(clean(note, 600))
        self.now.setVisible(bool(note))
        words = [t("要改地址") if tag == ADDRESS_TAG else f"#{clean(tag, 60)}" for tag in tags]
        self.tags.setText(" ".join(words))
        self.tags.setVisible(bool(words))

    def begin(self) -> None:
        """The keyboard goes there."""
        if self.isVisible():
            self.line.setFocus()

    def _done(self) -> None:
        self.written.emit(self.line.text().strip())
        self.line.clear()


def tags_in(text: str) -> list[str]:
    """The words after a ``#``, each once: ``#老客 #急`` are two."""
    return list(dict.fromkeys(word.strip() for word in text.split("#") if word.strip()))
