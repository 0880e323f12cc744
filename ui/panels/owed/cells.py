"""One cell for each field of the platform's form: pressed, its value is in the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from liveconsole.views.instructions import PhoneField
from ui import clipboard, theme
from ui.i18n import t
from ui.kinds.phrases import said
from ui.widgets import Mark, PlainLabel, set_tip

_GAP: Final = 6


class CopyCell(QPushButton):
    """A field's name, what to write there, and whether it was copied already."""

    def __init__(self, field: PhoneField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.copied = field, False
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.label = PlainLabel(said(field.label), role="small", tone="fg2")
        self.value = PlainLabel(f"{field.value} {said(field.unit)}".strip(), role="strong", elide=True)
        self._mark = Mark("copy", "fg1", role="small")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 4, 6, 4)
        self._row.setSpacing(4)
        for each, stretch in ((self.label, 0), (self.value, 1), (self._mark, 0)):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(each, stretch)
        self.setAccessibleName(t("复制 {field}：{value}", field=self.label.text(), value=self.value.text()))
        set_tip(self, self.accessibleName())
        self.clicked.connect(self.copy)

    def copy(self) -> None:
        """The value alone: the unit stands on the platform's form already."""
        clipboard.copy(self.field.value)
        self.copied = True
        self._mark.show_as("check", "ok", t("已复制"))
        self.label.set_tone("soft:ok")
        self.setAccessibleDescription(t("已复制"))
        self.update()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._row.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        edge = tokens.ok if self.copied else theme.mix(tokens.line, tokens.fg2, 0.8)
        if self.hasFocus():
            edge = tokens.accent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(edge), 2 if self.hasFocus() else 1))
        ground = tokens.bg3 if self.isDown() else tokens.bg2 if self.underMouse() else tokens.bg0
        painter.setBrush(theme.colour(ground))
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(room, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.end()


class CopyCells(QWidget):
    """Two in a line, in the form's order; a cell that needs more than half the width has a line alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: list[CopyCell] = []
        self._fields: tuple[PhoneField, ...] = ()
        self._places: list[tuple[int, int, int]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        self.hide()

    def show_fields(self, fields: Sequence[PhoneField]) -> None:
        """The fields of another form; what was copied of the same one stays ticked."""
        if tuple(fields) == self._fields:
            return
        self._fields = tuple(fields)
        for old in self.cells:
            old.hide()
            old.deleteLater()
        self.cells = [CopyCell(field, self) for field in fields]
        self._places = []
        self._place()
        self.setVisible(bool(self.cells))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        half = (self.width() - _GAP) // 2
        places: list[tuple[int, int, int]] = []
        row = column = 0
        for cell in self.cells:
            wide = cell.sizeHint().width() > half
            if wide and column:
                row, column = row + 1, 0
            places.append((row, column, 2 if wide else 1))
            row, column = (row, 1) if not wide and column == 0 else (row + 1, 0)
        if places == self._places:
            return
        self._places = places
        for cell, (at, side, span) in zip(self.cells, places, strict=True):
            self._grid.removeWidget(cell)
            self._grid.addWidget(cell, at, side, 1, span)
            cell.show()
        self.updateGeometry()
