"""How long, chosen or typed: 「5 分」「24 小时」, never 1440 分."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.i18n import t
from ui.kinds.phrases import span
from ui.widgets import Segments

LONGEST: Final = 30 * 86_400
_CLOCK: Final = re.compile(r"(\d{1,5})(?:[:：]([0-5]?\d))?")
_PARTS: Final = re.compile(
    r"(?:(\d{1,3})[天dD])?(?:(\d{1,4})(?:小?时|[hH]))?(?:(\d{1,5})(?:分钟?|[mM]))?(?:(\d{1,6})[秒sS])?"
)
_OWN: Final = "own"


def span_words(seconds: int) -> str:
    """A span as a key and a field have it: 60 秒, 1:30, 5 分, and from an hour on as everywhere."""
    if seconds >= 3600 and seconds % 3600 == 0:
        return span(seconds)
    if seconds > 60 and seconds % 60 == 0:
        return t("{n} 分", n=seconds // 60)
    return t("{n} 秒", n=seconds) if seconds <= 60 else f"{seconds // 60}:{seconds % 60:02}"


class LastsEntry(QLineEdit):
    """How long: ``10`` is ten minutes, ``1:30`` a minute and a half; with a unit what it says."""

    def __init__(self, seconds: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(16)
        self.setPlaceholderText(t("分 或 分:秒"))
        self.set_seconds(seconds)

    def set_seconds(self, seconds: int) -> None:
        """Stand in for typing."""
        self.setText(span_words(seconds))

    def seconds(self) -> int | None:
        """Seconds, None when what stands there is no span."""
        said = "".join(self.text().split())
        for word, unit in ((t("{n} 天", n=""), "d"), (t("{n} 小时", n=""), "h"), (t("{n} 分", n=""), "m"),
                           (t("{n} 秒", n=""), "s")):  # fmt: skip
            if word.strip() and said.endswith(word.strip()) and said[: -len(word.strip())].isdigit():
                said = said[: -len(word.strip())] + unit
                break
        if (found := _CLOCK.fullmatch(said)) is not None:
            seconds = int(found[1]) * 60 + int(found[2] or 0)
        elif said and (found := _PARTS.fullmatch(said)) is not None:
            days, hours, minutes, rest = (int(part or 0) for part in found.groups())
            seconds = days * 86_400 + hours * 3600 + minutes * 60 + rest
        else:
            return None
        return seconds if 0 < seconds <= LONGEST else None


class LastsChoice(QWidget):
    """A few spans as keys, and 自己填. ``changed`` when another one stands there."""

    changed = Signal()

    def __init__(self, spans: Sequence[int], seconds: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = [(str(span), span_words(span)) for span in spans]
        self.segments = Segments([*words, (_OWN, t("自己填"))])
        self.entry = LastsEntry(seconds)
        self.entry.setMaximumWidth(90)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.segments)
        row.addWidget(self.entry)
        row.addStretch(1)
        self._spans = tuple(spans)
        self.segments.chosen_by_hand.connect(self._chosen)
        self.entry.textChanged.connect(self.changed)
        self.set_seconds(seconds)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.segments.setAccessibleName(name)
        self.entry.setAccessibleName(name)

    def set_seconds(self, seconds: int) -> None:
        """Stand in for choosing."""
        self.segments.choose(str(seconds) if seconds in self._spans else _OWN)
        self.entry.set_seconds(seconds)
        self._fit()

    def seconds(self) -> int | None:
        """Seconds, None when what was typed is no span."""
        return self.entry.seconds()

    def _chosen(self, name: str) -> None:
        if name != _OWN:
            self.entry.set_seconds(int(name))
        self._fit()
        if name == _OWN:
            self.entry.setFocus()
            self.entry.selectAll()
        self.changed.emit()

    def _fit(self) -> None:
        self.entry.setVisible(self.segments.chosen == _OWN)
