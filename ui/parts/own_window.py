"""What every window beside the desk's own has: its sizes, and that it says when it goes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.parts import place


class OwnWindow(QWidget):
    """A window of its own over the desk. ``size`` and ``least``: logical pixels; on a screen that has not so
    many it is smaller the first time that it is shown."""

    closed = Signal()

    def __init__(
        self,
        size: tuple[int, int],
        *,
        least: tuple[int, int] = (960, 520),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("window")
        self.setMinimumSize(QSize(*least))
        self.resize(*size)
        self._placed = False

    def showEvent(self, event: QShowEvent) -> None:
        whole = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen
        if not self._placed and not self.windowState() & whole:
            place.fit(self)
        self._placed = True
        super().showEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
