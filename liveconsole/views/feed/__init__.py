"""The feed: committed events folded into a bounded ring of rows, lists beside it, and what is counted."""

from __future__ import annotations

from liveconsole.views.feed.fold import CAPACITY, STRANGE_MAX, WINDOW, Feed
from liveconsole.views.feed.lists import Filtered, FoundComments, KeptBack, Unpaid
from liveconsole.views.feed.orders import PlacedOrder
from liveconsole.views.feed.rows import (
    BIG_FEN,
    COMMENT,
    ENTER,
    FILTERS,
    GIFT,
    ORDER,
    SYSTEM,
    FeedRow,
    ListedRow,
    is_fraud,
    is_lure,
    is_question,
    matching,
    reason_of,
)
from liveconsole.views.feed.signs import CommentSigns, MarkReason, NoSigns

__all__ = [
    "BIG_FEN",
    "CAPACITY",
    "COMMENT",
    "ENTER",
    "FILTERS",
    "GIFT",
    "ORDER",
    "STRANGE_MAX",
    "SYSTEM",
    "WINDOW",
    "CommentSigns",
    "Feed",
    "FeedRow",
    "Filtered",
    "FoundComments",
    "KeptBack",
    "ListedRow",
    "MarkReason",
    "NoSigns",
    "PlacedOrder",
    "Unpaid",
    "is_fraud",
    "is_lure",
    "is_question",
    "matching",
    "reason_of",
]
