"""The feed: committed events folded into a bounded ring of rows, lists beside it, and what is counted."""

from __future__ import annotations

from liveconsole.views.feed.fold import CAPACITY, STRANGE_MAX, WINDOW, Feed
from liveconsole.views.feed.lists import Filtered, Found, Unpaid
from liveconsole.views.feed.orders import Placed
from liveconsole.views.feed.rows import (
    COMMENT,
    ENTER,
    FILTERS,
    GIFT,
    ORDER,
    SYSTEM,
    Row,
    is_lure,
    is_question,
    matching,
)

__all__ = [
    "CAPACITY",
    "COMMENT",
    "ENTER",
    "FILTERS",
    "GIFT",
    "ORDER",
    "STRANGE_MAX",
    "SYSTEM",
    "WINDOW",
    "Feed",
    "Filtered",
    "Found",
    "Placed",
    "Row",
    "Unpaid",
    "is_lure",
    "is_question",
    "matching",
]
