"""人工协助: what to press on the phone, and what came of it."""

from __future__ import annotations

from ui.panels.manual.card import ConfirmCard
from ui.panels.manual.panel import ManualPanel

__all__ = ["ConfirmCard", "ManualPanel"]
