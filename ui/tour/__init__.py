"""The first walk round the desk, on a rehearsal: a few keys, each pressed for real and seen to work."""

from __future__ import annotations

from ui.tour.steps import TourView
from ui.tour.tour import Tour

__all__ = ["Tour", "TourView"]
