"""A line that somebody writes to somebody, and what is said often, to be put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QLineEdit, QWidget

from liveconsole.messages.text import TEXT_LIMIT
from ui.i18n import t
from ui.widgets import FilterChip, FlowRow, set_tip


class WrittenLine(QLineEdit):
    """A line of at most what the engine takes; Enter is `done`."""

    def __init__(self, name: str, hint: str, done: Callable[[], None]) -> None:
        super().__init__()
        self.setMaxLength(TEXT_LIMIT)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        set_tip(self, hint)
        self.returnPressed.connect(done)

    def write(self, words: str) -> None:
        """Put `words` in, to be changed or sent."""
        self.setText(words)
        self.setFocus()

    def ready(self, texts: Iterable[str]) -> QWidget:
        """A key for each of `texts` (Chinese source texts) that writes it."""
        held = QWidget()
        flow = FlowRow(held)
        for text in texts:
            words = t(text)
            chip = FilterChip(words, checkable=False)
            chip.clicked.connect(lambda _=False, words=words: self.write(words))
            flow.addWidget(chip)
        return held
