"""Another theme or size of type on what is open.

A style sheet does not reach fonts that widgets were given, icons that were drawn, or measures that were taken
when they were made: this goes through all widgets once and renews the first two; the third a widget renews
itself when its font changes.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication

from ui import theme
from ui.theme import fonts


def redress(app: QApplication, name: str, text_scale: float) -> None:
    """Apply the theme and renew every open widget; once, some tens of milliseconds."""
    before = fonts.text_scale()
    drawn: dict[tuple[str, str], QIcon] = {}
    theme.apply(app, name, text_scale=text_scale)
    after = fonts.text_scale()
    for widget in app.allWidgets():
        if before != after and widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):
            widget.setFont(_rescaled(widget.font(), before, after))
        if isinstance(widget, QAbstractButton) and widget.property("drawing"):
            icon, tone = str(widget.property("drawing")), str(widget.property("tone"))
            if (icon, tone) not in drawn:
                drawn[icon, tone] = theme.icon(icon, theme.hexa(tone))
            widget.setIcon(drawn[icon, tone])
        widget.updateGeometry()
        widget.update()


def _rescaled(font: QFont, before: float, after: float) -> QFont:
    """The same role at another scale, reckoned from the role's own size so that rounding never adds up."""
    size = font.pixelSize()
    exact = {round(pixels * before): pixels for pixels, _ in fonts.ROLES.values()}
    made = QFont(font)
    made.setPixelSize(max(1, round(exact.get(size, size / before) * after)))
    return made
