"""人工协助: what to press on the phone, and what came of it."""

from __future__ import annotations

from ui.panels.queue.manual.card import ConfirmCard
from ui.panels.queue.manual.panel import ManualPanel

__all__ = ["ConfirmCard", "ManualPanel"]
