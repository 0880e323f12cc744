"""One line of the feed, and which lines a filter keeps.

Rows carry codes and numbers, not sentences: the words are the desk's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from liveconsole.messages.order_list import ListedOrder
from liveconsole.views.feed.frauds import defrauds
from liveconsole.views.feed.lures import lures
from liveconsole.views.feed.signs import CommentSigns, MarkReason
from liveconsole.views.questions import TOPICS, asks

COMMENT, ORDER, GIFT, ENTER, SYSTEM = range(5)
"""Kinds of rows."""


BIG_FEN: Final = 100_000
"""An order of this much stands alone and is called 大额."""
_NO_ORDER: Final = ListedOrder("", 0, None, "unpaid", [], 0, None)


class FeedRow(Struct, gc=False):
    """One line of the feed. ``what`` is a code: ``placed``, ``entered``, an event's type."""

    seq: int
    at: str
    kind: int
    name: str = ""
    text: str = ""
    pid: str = ""
    what: str = ""
    count: int = 1
    """How many it stands for."""
    fen: int = 0
    open: int = 0
    """Orders of a ``placed`` row that are neither paid nor closed."""
    big: bool = False
    topic: str = ""
    second: int = 0
    """When its window began, seconds since the epoch."""
    asked: int = -1
    """Whether it asks: not yet looked at, no, yes (see ``is_question``)."""
    lured: int = -1
    """The same for luring elsewhere (see ``is_lure``)."""
    fraud: int = -1
    """The same for cheating people of money (see ``is_fraud``)."""
    let_be: bool = False
    """Somebody said that it needs no mark."""
    signed: int = -1
    """Whether a list names it, as late as the others (see ``reason_of``)."""
    reason: MarkReason | None = None
    mark: str = ""
    """The highlight rule that it falls under."""
    hidden: bool = False
    """Said by somebody who is muted: his words are shown nowhere."""
    new: bool = False
    """The viewer's first comment of this broadcast."""


class ListedRow(FeedRow, gc=False):
    """An order out of the engine's list of them, as it stands now."""

    order: ListedOrder = _NO_ORDER

    @classmethod
    def of(cls, order: ListedOrder) -> ListedRow:
        """Return its row."""
        row = cls(order.place, "", ORDER, what="listed", order=order)
        row.show(order)
        return row

    def show(self, order: ListedOrder) -> None:
        """Take what became of it."""
        self.order = order
        self.at = order.at.isoformat() if order.at is not None else ""
        self.fen, self.count = order.total_fen or 0, 1
        self.big = self.fen >= BIG_FEN


def is_question(row: FeedRow) -> bool:
    """Tell whether a row is a comment that asks; looked at once a row, and only when somebody wants to
    know."""
    if row.asked < 0:
        row.asked = int(row.kind == COMMENT and asks(row.text))
    return row.asked == 1


def is_lure(row: FeedRow) -> bool:
    """Tell whether a row is a comment that invites people off the platform; looked at as late as a
    question."""
    if row.lured < 0:
        row.lured = int(row.kind == COMMENT and not row.let_be and lures(row.text))
    return row.lured == 1


def is_fraud(row: FeedRow) -> bool:
    """Tell whether a row is a comment that is after people's money; looked at as late as a question."""
    if row.fraud < 0:
        row.fraud = int(row.kind == COMMENT and not row.let_be and defrauds(row.text))
    return row.fraud == 1


def reason_of(row: FeedRow, signs: CommentSigns) -> MarkReason | None:
    """Return why a list names a comment; looked at once a row, as late as a question."""
    if row.signed < 0:
        if row.kind == COMMENT and not row.let_be and not row.hidden:
            row.reason = signs.sign(row.text, row.name)
        row.signed = int(row.reason is not None)
    return row.reason


FILTERS: Final[dict[str, Callable[[FeedRow], bool]]] = {
    "question": is_question,
    "order": lambda row: row.kind == ORDER,
    "big": lambda row: row.big,
    "unpaid": lambda row: row.open > 0,
    "kept_back": lambda row: is_lure(row) or is_fraud(row),
    "marked": lambda row: row.mark != "" or is_lure(row) or is_fraud(row),
    **{f"topic:{name}": lambda row, name=name: row.topic == name for name in TOPICS},  # type: ignore[misc]
}
"""Name → which rows. Filters leave rows out and never reorder them."""


def matching(name: str, words: str = "") -> Callable[[FeedRow], bool]:
    """Tell which rows a filter keeps: a name of ``FILTERS``, ``topic:`` with any group's id, or ``all``; with
    ``words``, only those in whose text or name they stand, in any case of letters."""
    if name.startswith("topic:"):
        wanted = name.removeprefix("topic:")
        by_name: Callable[[FeedRow], bool] = lambda row: row.topic == wanted  # noqa: E731
    else:
        by_name = FILTERS.get(name, lambda row: True)
    if not (sought := words.strip().casefold()):
        return by_name if name == "all" else lambda row: not row.hidden and by_name(row)
    return lambda row: (
        not row.hidden and (sought in row.text.casefold() or sought in row.name.casefold()) and by_name(row)
    )
