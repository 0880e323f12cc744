"""现在要做: what a person has to do at the platform, and what came of it."""

from __future__ import annotations

from ui.panels.owed.card import ConfirmCard
from ui.panels.owed.panel import OwedPanel

__all__ = ["ConfirmCard", "OwedPanel"]
