"""The prompter: what to say, at the pace of who says it."""

from __future__ import annotations

from ui.panels.prompter.script import Passage, passages
from ui.panels.prompter.scroll import Scroll
from ui.panels.prompter.view import Prompter

__all__ = ["Passage", "Prompter", "Scroll", "passages"]
