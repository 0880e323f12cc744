"""The rundown: its list, the sheet of a segment, and segments that are pasted."""

from __future__ import annotations

from ui.panels.rundown.panel import RundownPanel

__all__ = ["RundownPanel"]
