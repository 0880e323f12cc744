"""Comments and orders as they come."""

from __future__ import annotations

from ui.panels.feed.panel import FeedPanel
from ui.panels.feed.view import FeedView

__all__ = ["FeedPanel", "FeedView"]
