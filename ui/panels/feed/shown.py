"""Which rows stand in the feed: those of a filter, what was searched for, unpaid orders, or the engine's list
of orders."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from liveconsole.views.feed import Feed, Unpaid
from liveconsole.views.money import yuan
from ui.i18n import t
from ui.panels.feed.bars import SearchBar
from ui.panels.feed.orders import ORDER_FILTERS, AskOrders, OrderRows
from ui.panels.feed.search import Ask, Search
from ui.panels.feed.view import FeedView
from ui.panels.feed.words import minutes, moment


class ShownRows(QObject):
    """Gives `view` its rows. ``moved``: more of them came, or what became of some.

    ``ask`` and ``ask_orders`` are how the whole log is searched and the engine asked for orders; without them
    there is what this desk has seen.
    """

    moved = Signal()

    def __init__(self, view: FeedView, bar: SearchBar, parent: QObject) -> None:
        super().__init__(parent)
        self.ask: Ask | None = None
        self.ask_orders: AskOrders | None = None
        self.search: Search | None = None
        self.orders: OrderRows | None = None
        self._unpaid: Unpaid | None = None
        self._view, self._bar = view, bar

    def show_filter(self, feed: Feed, name: str) -> None:
        """The rows of a tab or a group, and of what stands in the search box."""
        self._drop()
        words, asked = self._bar.words(), self.ask_orders
        listed = asked is not None and name in ORDER_FILTERS
        self._bar.look_among_orders(listed, whole=self.ask is not None)
        if asked is not None and listed:
            self.orders = OrderRows(asked, name, words, self.moved.emit, self)
            self._view.set_source(self.orders)
        elif name == "unpaid" and not words:
            self._unpaid = Unpaid(feed)
            self._view.set_source(self._unpaid)
        else:
            self._view.set_filter(name, words)

    def search_all(self, feed: Feed, words: str) -> bool:
        """Look through the whole broadcast; False where nobody can be asked, or for nothing."""
        if self.ask is None or not words:
            return False
        self._drop()
        self.search = Search(feed, self.ask, words, self.moved.emit, self)
        self._view.set_source(self.search.found)
        return True

    def _drop(self) -> None:
        self._unpaid = None
        if self.orders is not None:
            self.orders.stop()
            self.orders = None
        if self.search is not None:
            self.search.stop()
            self.search = None
            self._bar.show_busy(False)

    def tick(self, now: float) -> bool:
        """Once a second, in seconds; whether rows count down."""
        if self.orders is not None:
            self.orders.tick(now)
        return self._unpaid is not None or self.orders is not None

    @property
    def is_asked(self) -> bool:
        """Whether somebody else was asked for them."""
        return self.search is not None or self.orders is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the first answer has not come yet."""
        return self.orders is not None and not self.orders.is_read

    def says(self, now: float) -> str:
        """How many they are, and how far that is; empty for a filter of the live feed."""
        if self.search is not None:
            return self.search.says()
        if self.orders is not None:
            return self.orders.says()
        if self._unpaid is not None:
            return _held(self._unpaid, now)
        return ""


def _held(unpaid: Unpaid, now: float) -> str:
    words = t("未付 {n} 单 · {money}", n=len(unpaid), money=yuan(unpaid.total_fen()))
    if ends := unpaid.first_ends():
        return t("{words} · 最早 {time} 后释放", words=words, time=minutes(moment(ends) - now))
    return words
