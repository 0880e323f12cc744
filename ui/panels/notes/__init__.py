"""Notes between two seats: the line that shows the newest, and the sheet to write one."""

from __future__ import annotations

from ui.panels.notes.sheet import NoteSheet
from ui.panels.notes.strip import NoteStrip

__all__ = ["NoteSheet", "NoteStrip"]
