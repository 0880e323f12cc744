"""Every text that a window paints: a painter's engine that writes down what it is asked to draw.

Labels, buttons, rows that a delegate paints: all of them end here, so that no widget has to be believed.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QTextItem,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QWidget

_METRICS: Final = {
    QPaintDevice.PaintDeviceMetric.PdmNumColors: 1 << 30,
    QPaintDevice.PaintDeviceMetric.PdmDepth: 32,
    QPaintDevice.PaintDeviceMetric.PdmDpiX: 96,
    QPaintDevice.PaintDeviceMetric.PdmDpiY: 96,
    QPaintDevice.PaintDeviceMetric.PdmPhysicalDpiX: 96,
    QPaintDevice.PaintDeviceMetric.PdmPhysicalDpiY: 96,
    QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatio: 1,
    QPaintDevice.PaintDeviceMetric.PdmDevicePixelRatioScaled: 1 << 16,
}


class Run(NamedTuple):
    """Letters of one script, drawn at once."""

    text: str
    box: QRectF
    """In the window: as wide as its letters go on, as high as they are."""
    ink: QColor
    owner: QWidget


class _Engine(QPaintEngine):
    def __init__(self, owners: _Owners) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.runs: list[Run] = []
        self._owners = owners
        self._where, self._ink, self._shown = QTransform(), QColor(), 1.0

    def begin(self, device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        changed = state.state()
        if changed & QPaintEngine.DirtyFlag.DirtyTransform:
            self._where = state.transform()
        if changed & QPaintEngine.DirtyFlag.DirtyPen:
            self._ink = QColor(state.pen().color())
        if changed & QPaintEngine.DirtyFlag.DirtyOpacity:
            self._shown = state.opacity()

    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:  # type: ignore[override]
        text, owner = item.text(), self._owners.now
        if not text.strip() or owner is None:
            return
        ink_box = QFontMetricsF(item.font()).tightBoundingRect(text)
        box = QRectF(at.x(), at.y() + ink_box.top(), item.width(), ink_box.height())
        ink = QColor(self._ink)
        ink.setAlphaF(ink.alphaF() * self._shown)
        self.runs.append(Run(text, self._where.mapRect(box), ink, owner))

    def _nothing(self, *_what: Any) -> None:
        """Only letters are of interest."""

    drawPixmap = drawPath = drawPolygon = drawRects = drawLines = _nothing
    drawImage = _nothing  # type: ignore[assignment]
    drawEllipse = drawPoints = drawTiledPixmap = _nothing


class _Device(QPaintDevice):
    def __init__(self, size: QSize, engine: _Engine) -> None:
        super().__init__()
        self._size, self._engine = size, engine

    def paintEngine(self) -> QPaintEngine:
        return self._engine

    def metric(self, asked: QPaintDevice.PaintDeviceMetric) -> int:
        if asked in (QPaintDevice.PaintDeviceMetric.PdmWidth, QPaintDevice.PaintDeviceMetric.PdmWidthMM):
            return self._size.width()
        if asked in (QPaintDevice.PaintDeviceMetric.PdmHeight, QPaintDevice.PaintDeviceMetric.PdmHeightMM):
            return self._size.height()
        return _METRICS.get(asked, 0)


class _Owners(QObject):
    """Whose turn it is: Qt asks one widget after the other to paint."""

    now: QWidget | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.now = watched
        return False


def painted(window: QWidget) -> list[Run]:
    """What a window writes when it is painted as it stands."""
    app = QApplication.instance()
    assert app is not None
    owners = _Owners()
    engine = _Engine(owners)
    app.installEventFilter(owners)
    try:
        window.render(_Device(window.size(), engine))
    finally:
        app.removeEventFilter(owners)
    # What is selected is written over itself in the other colours.
    last = {(id(run.owner), run.text, round(run.box.x()), round(run.box.y())): run for run in engine.runs}
    return list(last.values())
