"""The rundown: its list, 下一品, the sheet of a segment, and segments that are pasted."""

from __future__ import annotations

from ui.panels.rundown.next import NextBox
from ui.panels.rundown.panel import RundownPanel

__all__ = ["NextBox", "RundownPanel"]
