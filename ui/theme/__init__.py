"""The look: tokens → palette and style sheet on Fusion, fonts, icons."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from liveconsole.views.shades import mix
from ui import look
from ui.theme import fonts, qss
from ui.theme.fonts import font, text_scale
from ui.theme.icons import icon, paint_icon
from ui.theme.tokens import DARK, GAP, RADIUS, RADIUS_SMALL, ROW, THEMES, Tokens, soft, solid

__all__ = [
    "GAP",
    "RADIUS",
    "RADIUS_SMALL",
    "ROW",
    "THEMES",
    "Tokens",
    "apply",
    "colour",
    "font",
    "hexa",
    "icon",
    "mix",
    "paint_icon",
    "soft",
    "solid",
    "text_scale",
    "tokens",
]

_FUSION: Final = "fusion"
"""The property of an application that has the style."""
_current = DARK
_colours: dict[str, QColor] = {}


def tokens() -> Tokens:
    """The theme in force."""
    return _current


def hexa(name: str) -> str:
    """``#RRGGBB`` of a token, or the colour itself when it already is one. ``soft:TOKEN`` is the text on a
    quiet ground of that tone: what is kept by its name follows another theme."""
    if name.startswith("soft:"):
        return soft(_current, name.removeprefix("soft:"))[1]
    return name if name.startswith("#") else str(getattr(_current, name))


def colour(name: str) -> QColor:
    """A token, or ``#RRGGBB``, as a QColor. Do not change the object that you get."""
    value = hexa(name)
    found = _colours.get(value)
    if found is None:
        found = _colours[value] = QColor(value)
    return found


def apply(app: QApplication, name: str = "dark", *, text_scale: float = 1.0) -> None:
    """Dress the application. Again with another name restyles everything that is open, each widget once."""
    global _current
    _current = THEMES[name]
    fonts.set_text_scale(text_scale)
    if not app.property(_FUSION):  # a style that is set again goes through every widget another time
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setProperty(_FUSION, True)
    app.setFont(font())
    app.setPalette(_palette(_current))
    app.setStyleSheet(qss.style_sheet(_current))
    look.renew()


def _palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for which, name in (
        (role.Window, t.bg0),
        (role.WindowText, t.fg0),
        (role.Base, t.bg1),
        (role.AlternateBase, t.bg2),
        (role.Text, t.fg0),
        (role.Button, t.bg2),
        (role.ButtonText, t.fg0),
        (role.BrightText, t.live),
        (role.ToolTipBase, t.bg2),
        (role.ToolTipText, t.fg0),
        (role.PlaceholderText, t.fg2),
        (role.Highlight, t.accent_fill),
        (role.HighlightedText, t.on_fill),
        (role.Link, t.accent),
        (role.Light, t.bg3),
        (role.Midlight, t.bg3),
        (role.Mid, t.line),
        (role.Dark, t.bg0),
        (role.Shadow, t.bg0),
        (role.Accent, t.accent),
    ):
        made.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.fg2))
    return made
