"""The first window: what is done today, and who sits here."""

from ui.windows.welcome.page import Welcome

__all__ = ["Welcome"]
