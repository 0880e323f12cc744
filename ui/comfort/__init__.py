"""Eyes and ears: the theme, the size of type, sounds, motion, and how each role left its window."""

from __future__ import annotations

from ui.comfort.comfort import Comfort, current, use
from ui.comfort.settings import SCALES, THEME_NAMES, Layout, Settings, ThemeName

__all__ = ["SCALES", "THEME_NAMES", "Comfort", "Layout", "Settings", "ThemeName", "current", "use"]
