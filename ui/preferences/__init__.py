"""What a person sets for the desk: the theme, the size of type, sounds, motion, and how each role left its
window."""

from __future__ import annotations

from ui.preferences.preferences import Preferences, current, use
from ui.preferences.settings import SCALES, THEME_NAMES, DeskSettings, ThemeName, WindowLayout

__all__ = [
    "SCALES",
    "THEME_NAMES",
    "DeskSettings",
    "Preferences",
    "ThemeName",
    "WindowLayout",
    "current",
    "use",
]
