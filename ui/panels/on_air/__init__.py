"""The strip on top of every seat."""

from __future__ import annotations

from ui.panels.on_air.strip import OnAirStrip

__all__ = ["OnAirStrip"]
