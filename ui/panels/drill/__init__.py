"""Drills of a rehearsal: the line of the one that runs, and the sheet with all of them and the mark."""

from ui.panels.drill.line import DrillLine
from ui.panels.drill.sheet import DrillSheet

__all__ = ["DrillLine", "DrillSheet"]
