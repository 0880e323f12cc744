"""Notes between two seats and spoken promises: the lines that show the newest, the sheets to write one."""

from __future__ import annotations

from ui.panels.notes.pledges import PledgeSheet, PledgeStrip
from ui.panels.notes.sheet import NoteSheet
from ui.panels.notes.strip import NoteStrip

__all__ = ["NoteSheet", "NoteStrip", "PledgeSheet", "PledgeStrip"]
