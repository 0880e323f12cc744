"""Another theme or size of type on what is open.

A style sheet does not reach fonts that widgets were given, icons that were drawn, or measures that were taken
from type when they were made: this goes through all widgets once and renews all three.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui import theme
from ui.theme import fonts
from ui.widgets.buttons import ICON_SIDE

_HAIR: Final = 4
"""Lines and bars up to this many pixels are no measure of type."""
_NO_LIMIT: Final = 16_777_215  # QWIDGETSIZE_MAX


def repaint(app: QApplication, name: str, text_scale: float) -> None:
    """Apply the theme and renew every open widget; once, some tens of milliseconds."""
    before = fonts.text_scale()
    widgets = app.allWidgets()
    # A new style sheet gives widgets back the font that they had when the first one came: kept from before.
    own = [(each, each.font()) for each in widgets if each.testAttribute(Qt.WidgetAttribute.WA_SetFont)]
    theme.apply(app, name, text_scale=text_scale)
    after = fonts.text_scale()
    for widget, font in own:
        widget.setFont(_rescaled(font, before, after))
    side = round(ICON_SIDE * after)
    drawn: dict[tuple[str, str], QIcon] = {}
    for widget in widgets:
        if before != after and not widget.isWindow():
            _scale(widget, after / before)
        if isinstance(widget, QAbstractButton) and widget.property("drawing"):
            icon, tone = str(widget.property("drawing")), str(widget.property("tone"))
            if (icon, tone) not in drawn:
                drawn[icon, tone] = theme.icon(icon, theme.hexa(tone), side)
            widget.setIcon(drawn[icon, tone])
            widget.setIconSize(QSize(side, side))
    for widget in widgets:
        # What a widget reckoned for things that it will make later, it reckons again.
        remeasure = getattr(widget, "remeasure", None)
        if callable(remeasure):
            remeasure()
        widget.updateGeometry()
        widget.update()


def _scale(widget: QWidget, ratio: float) -> None:
    """Least and largest sizes. What was set here last goes on from its exact value: nothing drifts."""
    least, most = widget.minimumSize(), widget.maximumSize()
    now = [least.width(), least.height(), most.width(), most.height()]
    told, exact = widget.property("scaled") or ([], [])
    true = [e if n < len(told) and told[n] == now[n] else now[n] for n, e in enumerate(exact or now)]
    new = [size if size <= _HAIR or size >= _NO_LIMIT else size * ratio for size in true]
    whole = [round(size) for size in new]
    if whole != now or told:
        widget.setProperty("scaled", (whole, new))
        widget.setMinimumSize(whole[0], whole[1])
        widget.setMaximumSize(whole[2], whole[3])


def _rescaled(font: QFont, before: float, after: float) -> QFont:
    """The same role at another scale, reckoned from the role's own size so that rounding never adds up."""
    size = font.pixelSize()
    exact = {round(pixels * before): pixels for pixels, _ in fonts.ROLES.values()}
    made = QFont(font)
    made.setPixelSize(max(1, round(exact.get(size, size / before) * after)))
    return made
