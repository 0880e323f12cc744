"""One answer to 「今天要做什么」: its picture, one sentence, two facts."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.seat.session import Mode
from ui.widgets import Chip, Mark, PlainLabel, Separator
from ui.windows.welcome.art import ModePicture


class ModeFact(NamedTuple):
    """Something that is there, or that is still missing."""

    words: str
    missing: bool = False


class ModeCard(QAbstractButton):
    """Chosen, its border, its ground and its tick change, and never its size."""

    def __init__(
        self, mode: Mode, title: str, words: str, *, chip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._words = words
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = PlainLabel(title, role="product", elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addWidget(self._title)
        self._chip = Chip(chip, tone="ok")
        if not chip:
            self._chip.hide()
        head.addWidget(self._chip)
        head.addStretch(1)
        inner = self._inner = QVBoxLayout()
        inner.setSpacing(4)
        inner.addLayout(head)
        self._sentence = PlainLabel(words, tone="fg1", lines=2)
        inner.addWidget(self._sentence)
        inner.addWidget(Separator())
        self._facts = [_FactRow() for _ in range(2)]
        for fact in self._facts:
            inner.addWidget(fact)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(ModePicture(mode), 1)
        column.addLayout(inner)
        self.set_close(close=False)
        self._tick = _Tick(self)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_close(self, *, close: bool) -> None:
        """In a small window what stands around the words is less."""
        side, above = (13, 6) if close else (17, 14)
        self._inner.setContentsMargins(side, above, side, above)
        self._inner.setSpacing(3 if close else 6)

    def lines(self, width: int) -> tuple[int, int]:
        """How many lines its sentence, and each of its facts, takes in a card of this width."""
        room = width - 2 * self._inner.contentsMargins().left() - 6
        facts = max(row.lines(room) for row in self._facts)
        return 1 if _wide(self._sentence) <= room else 2, facts

    def set_lines(self, sentence: int, facts: int) -> None:
        """The same for all cards, so that their pictures are of one height."""
        self._sentence.set_lines(sentence)
        for row in self._facts:
            row.label.set_lines(facts)

    def show_facts(self, *facts: ModeFact) -> None:
        """The two."""
        for row, fact in zip(self._facts, facts, strict=True):
            row.show_fact(fact)
        self.setAccessibleDescription(" · ".join((self._words, *(fact.words for fact in facts))))

    @property
    def facts(self) -> list[str]:
        """What the two say."""
        return [row.label.text() for row in self._facts]

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._column.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tick.place()
        title, chip = self._title.sizeHint().width(), self._chip.sizeHint().width()
        room = self.width() - self._inner.contentsMargins().left() * 2 - 12
        self._chip.setVisible(bool(self._chip.text()) and title + chip + 8 <= room)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, chosen = theme.tokens(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = tokens.accent if chosen else tokens.fg1 if self.hasFocus() else tokens.line
        painter.setPen(QPen(theme.colour(edge), 2))
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.accent, 0.12) if chosen else tokens.bg1))
        painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
        if chosen and self.hasFocus():
            painter.setPen(QPen(theme.colour("fg0"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room.adjusted(3, 3, -3, -3), theme.RADIUS - 3, theme.RADIUS - 3)
        painter.end()


class _Tick(QWidget):
    """Over the picture's corner: whether its card is chosen, not only by colour."""

    SIDE = 24

    def __init__(self, card: ModeCard) -> None:
        super().__init__(card)
        self._card = card
        self.setFixedSize(self.SIDE, self.SIDE)
        card.toggled.connect(self.update)

    def place(self) -> None:
        """In the upper right corner."""
        self.move(self._card.width() - self.SIDE - 16, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self._card.isChecked()
        painter.setPen(QPen(theme.colour(tokens.on_fill if tokens.dark else tokens.fg0), 2))
        painter.setBrush(theme.colour(tokens.accent_fill if chosen else tokens.bg0))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        if chosen:
            theme.paint_icon(painter, "check", QRectF(self.rect()).adjusted(5, 5, -5, -5), tokens.on_fill)
        painter.end()


class _FactRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._there, self._lacks = Mark("check", "ok", name=t("有")), Mark("clock", "warn", name=t("还缺"))
        self.label = PlainLabel("", role="small", tone="fg0", lines=2)
        for mark in (self._there, self._lacks):
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)

    def lines(self, width: int) -> int:
        return 1 if _wide(self.label) + self._there.sizeHint().width() + 8 <= width else 2

    def show_fact(self, fact: ModeFact) -> None:
        self.label.setText(fact.words)
        self._there.setVisible(not fact.missing)
        self._lacks.setVisible(fact.missing)


def _wide(label: PlainLabel) -> int:
    return QFontMetrics(label.font()).horizontalAdvance(label.text())
