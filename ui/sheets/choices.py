"""Lists to choose from, and the goods of a room as such a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from ui.clean import clean
from ui.i18n import t
from ui.seat.room import RoomView


class ChoiceBox(QComboBox):
    """A list of things from outside, shown as plain text. The wheel scrolls the page, not the choice."""

    def __init__(self, words: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # As wide as its place, however long the longest title is.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        for text, way in words:
            self.addItem(text, way)

    def showPopup(self) -> None:
        super().showPopup()
        QTimer.singleShot(0, self, self._show_last_row)  # when the list has been laid out

    def _show_last_row(self) -> None:
        """Qt forgets the edges that a style sheet gives the list: its last row would be cut by them."""
        view, count = self.view(), self.count()
        if not 0 < count <= self.maxVisibleItems():
            return
        rows = view.visualRect(view.model().index(count - 1, self.modelColumn())).bottom() + 1
        popup = view.window()
        place, room = popup.geometry(), popup.screen().availableGeometry()
        children = popup.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        arrows = [each for each in children if each is not view and not each.isHidden()]
        edges = popup.height() - view.viewport().height() - sum(each.height() for each in arrows)
        if rows <= view.viewport().height() or rows + edges > room.height():
            return
        for each in arrows:  # to what was cut
            each.hide()
        place.setHeight(rows + edges)
        place.moveBottom(min(place.bottom(), room.bottom()))
        popup.setGeometry(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def set_items(self, items: list[tuple[str, str]]) -> None:
        """(id, text) of each; what is chosen stays chosen while it is there."""
        if items == [(self.itemData(n), self.itemText(n)) for n in range(self.count())]:
            return
        chosen = self.currentData()
        self.blockSignals(True)
        self.clear()
        for some_id, text in items:
            self.addItem(clean(text, 80), some_id)
        self.setCurrentIndex(max(0, self.findData(chosen)) if items else -1)
        self.blockSignals(False)

    def choose(self, some_id: str | None) -> None:
        """Choose by id."""
        place = self.findData(some_id)
        if place >= 0:
            self.setCurrentIndex(place)

    @property
    def chosen(self) -> str | None:
        """The id that is chosen."""
        data = self.currentData()
        return data if isinstance(data, str) and data else None


def products_of(room: RoomView, *, none: str = "") -> list[tuple[str, str]]:
    """The products to choose from: what is pinned, the rest of the cart in its order, then all others."""
    numbers = room.numbers
    order = sorted(numbers, key=lambda p: p != room.pinned.wanted)
    carted = [(p, f"{t('{n} 号', n=numbers[p])} {room.title(p)}") for p in order if p in room.products]
    others = [(p, room.title(p)) for p in room.products if p not in numbers]
    return ([("", none)] if none else []) + carted + others
