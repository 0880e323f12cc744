"""Ctrl+Z: the last edit of cart, rundown or queue is taken back by a command of its own."""

from __future__ import annotations

from ui.windows.undo.key import UndoKey

__all__ = ["UndoKey"]
