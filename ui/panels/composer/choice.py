"""Which kind of promotion: a list that is chosen from by one key, each with its shape and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme
from ui.kinds import kind_of, name_of
from ui.sheets.choices import ChoiceBox
from ui.widgets.rows import Index

LETTERS: Final = "1234567890QWERTASDFG"
"""The key of each kind, in the order in which they are offered: it stays the same in every room."""
_KIND: Final = Qt.ItemDataRole.UserRole
_WHY: Final = Qt.ItemDataRole.UserRole + 1
_SIDE: Final = 10


class KindRows(QStyledItemDelegate):
    """Paints a kind: its shape, its name, why the room cannot do it now, and its key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index | QPersistentModelIndex) -> QSize:
        base, small = QFontMetrics(theme.font("base")), QFontMetrics(theme.font("small"))
        words = base.horizontalAdvance(name_of(index.data(_KIND)))
        why = str(index.data(_WHY) or "")
        wide = words + (small.horizontalAdvance(why) + _SIDE if why else 0)
        return QSize(wide + base.height() * 3 + 4 * _SIDE, round(base.height() * 1.7))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index | QPersistentModelIndex
    ) -> None:
        kind, why = index.data(_KIND), str(index.data(_WHY) or "")
        look, room = kind_of(kind), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, theme.colour("bg3"))
        base = QFontMetrics(theme.font("base"))
        size = base.ascent()
        middle = room.center().y() - size / 2 + 1
        theme.paint_icon(
            painter, look.ICON, QRectF(room.left() + _SIDE, middle, size, size), theme.hexa(look.TONE)
        )
        room.adjust(size + 2 * _SIDE, 0, -_SIDE, 0)
        painter.setFont(theme.font("base"))
        painter.setPen(theme.colour("fg1" if why else "fg0"))
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, centred, name_of(kind))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("fg2"))
        key = key_of(index.row())
        painter.drawText(room, centred | Qt.AlignmentFlag.AlignRight, key)
        room.adjust(base.horizontalAdvance(name_of(kind)) + _SIDE, 0, -base.height() - _SIDE, 0)
        painter.drawText(room, centred, why)
        painter.restore()


class KindBox(ChoiceBox):
    """``picked`` when a kind's own key chose it: the keyboard goes on to its form."""

    picked = Signal()

    def __init__(self, kinds: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__([(name_of(kind), kind) for kind in kinds], parent)
        self.setItemDelegate(KindRows(self))
        self.setMaxVisibleItems(len(LETTERS))
        self.view().installEventFilter(self)
        self.show_lacks({})

    def show_lacks(self, lacks: Mapping[str, str]) -> None:
        """Why the room cannot do a kind now. It can still be prepared: its form then says the same."""
        for row in range(self.count()):
            why = lacks.get(self.itemData(row), "")
            if why != self.itemData(row, _WHY):
                said = " ".join(each for each in (self.itemText(row), why, key_of(row)) if each)
                self.setItemData(row, why, _WHY)
                self.setItemData(row, said, Qt.ItemDataRole.AccessibleTextRole)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * _SIDE)
        super().showPopup()

    def pick(self, key: str) -> bool:
        """Stand in for a kind's own key; False where no kind has it."""
        row = LETTERS.find(key.upper()) if len(key) == 1 else -1
        if not self.isEnabled() or not 0 <= row < self.count():
            return False
        self.hidePopup()
        self.setCurrentIndex(row)
        self.picked.emit()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._picks(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the list is open the keys are its view's."""
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if watched is self.view() and pressed and isinstance(event, QKeyEvent) and self._picks(event):
            return True
        return super().eventFilter(watched, event)

    def _picks(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        return 0x20 < event.key() < 0x7F and self.pick(chr(event.key()))


def key_of(row: int) -> str:
    """The key of the kind in a row; empty beyond the last."""
    return LETTERS[row] if row < len(LETTERS) else ""


def open_list(box: QComboBox) -> None:
    """The keyboard goes to the list, and it opens."""
    if box.isEnabled():
        box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        box.showPopup()
