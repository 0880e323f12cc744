"""How things are: sources, what is owed, what was left out."""

from __future__ import annotations

from ui.panels.health.panel import HealthPanel
from ui.words.sources import source_age, source_look, source_name

__all__ = ["HealthPanel", "source_age", "source_look", "source_name"]
