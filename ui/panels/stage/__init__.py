"""What is pinned and what runs."""

from __future__ import annotations

from ui.panels.stage.panel import StagePanel

__all__ = ["StagePanel"]
