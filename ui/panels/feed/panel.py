"""Comments and orders: groups of questions, the 扣1 meter, filters, search, the painted feed, its pauses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from liveconsole.views.feed import Feed, KeptBack
from liveconsole.views.highlights import CommentMarks
from liveconsole.views.room_questions import AnswerableQuestion
from ui import i18n, preferences
from ui.i18n import t
from ui.key_places import letter
from ui.panels.feed.answering import AnswerKey
from ui.panels.feed.asked import AskedNow
from ui.panels.feed.bars import AnswerBar, SearchBar
from ui.panels.feed.earlier import Earlier, Page
from ui.panels.feed.foot import Foot
from ui.panels.feed.meter import OnesMeter
from ui.panels.feed.orders import AskOrders
from ui.panels.feed.own_lists import OwnLists
from ui.panels.feed.search import Ask
from ui.panels.feed.shown import ShownRows
from ui.panels.feed.sounds import FeedSounds
from ui.panels.feed.tabs import FILTERS, FilterTabs
from ui.panels.feed.topics import Topics
from ui.panels.feed.view import FeedView
from ui.panels.feed.words import clock_time
from ui.parts.room_asks import RoomAsks
from ui.seat.room import RoomView
from ui.seat.seat import ANEW
from ui.widgets import EmptyState, Notice, Section

_ROWS_FROM: Final = 24
"""Rows of the feed that the panel is high, from which on what is asked has bars and the groups are there;
the same for its caption and second line of chips, and for 扣 1."""
_CAPTION_FROM: Final = 19
_ONES_FROM: Final = 14
_HEAD_SIDE: Final = 14


class FeedPanel(Section):
    """``take`` events once a frame, ``tick`` it once a second, ``show_state`` when the state changed.

    ``search_with`` gives it a way to search the whole log. What is picked for the host leaves by
    ``view.picked(text, count)``.
    """

    answered = Signal(dict)
    """已回答: the data of a ``question.answer``."""
    SECTIONS: Final = ("catalogue", "cart", "cues", "audience", "notes")

    def __init__(self, feed: Feed | None = None, parent: QWidget | None = None) -> None:
        super().__init__(t("评论与订单"), flush=True, parent=parent)
        own = preferences.current()
        self._own = OwnLists(own.base, self)
        look, problems = self._own.load()
        self._low = False
        self.feed = feed if feed is not None else Feed(look=look)
        self.view = FeedView(self.feed)
        self.group_names = self._group_names()
        self.topics = Topics(self.group_names)
        self._topics = self.topics.chips
        self.asked = AskedNow()
        self.meter = OnesMeter()
        self.foot = Foot()
        self._sounds = FeedSounds(own)
        self.answer, self.search = AnswerBar(), SearchBar()
        self.tabs = FilterTabs(self.search.opener)
        self._notice = Notice()
        self.shown = ShownRows(self.view, self.search, self)
        self._titles: tuple[str, ...] = ()
        """Of the room's products, by which the groups of questions are chosen."""
        self._of_room: int | None = None
        """Comments of the whole broadcast: a desk that came later has seen fewer."""
        self._asks = RoomAsks(self)
        self._answering = AnswerKey(self.asked, self.view)
        self._page: Page | None = None
        self._earlier: Earlier | None = None
        self._now = 0.0
        self._kept_back = KeptBack(self.feed)
        self._build()
        self._connect()
        if problems:
            self._notice.tell("\n".join(problems), "warn")
        self._show_pause()

    def _build(self) -> None:
        self.body.setSpacing(0)
        self.add_chip(self._sounds.refunds)
        self.body.addWidget(self._notice)
        self.body.addWidget(self.asked)
        self.body.addWidget(self.topics)
        self.body.addWidget(self.meter)

        self.body.addWidget(self.tabs)
        edge = QFrame()
        edge.setObjectName("rule")
        edge.setFixedHeight(1)
        self.body.addWidget(edge)
        self.body.addWidget(self.search)
        self.body.addWidget(self.answer)

        self._empty = EmptyState("comment", t("还没有评论"), t("开播后，评论和订单会出现在这里"))
        self._nothing = EmptyState("search", t("这里还没有"), t("换一个筛选，或按 Esc 回到全部"))
        held = QWidget()
        self._stack = QStackedLayout(held)
        for page in (self._empty, self.view, self._nothing):
            self._stack.addWidget(page)
        self.body.addWidget(held, 1)

        self.body.addWidget(self.foot)

    def _connect(self) -> None:
        self.view.paused.connect(self._show_pause)
        self.foot.resumed.connect(self.view.follow)
        self._own.changed.connect(self.read_by)
        self.view.let_be_asked.connect(self._own.teach)
        self._asks.told.connect(self._show_asked)
        self._asks.waits.connect(self.asked.show_waiting)
        self._answering.given.connect(self.answer.leave)
        self._answering.given.connect(self._asks.again)
        self._answering.given.connect(self.answered)
        self._answering.told.connect(self._notice.tell)
        self.tabs.chosen.connect(self._tab_chosen)
        self.topics.chosen.connect(self._topic_chosen)
        self.answer.answered.connect(self._answered)
        self.asked.picked.connect(self._to_host)
        self.asked.answered.connect(self._question_answered)
        self.search.opener.clicked.connect(self.look_for)
        self.search.changed.connect(self._sought)
        self.search.whole_asked.connect(self._search_all)
        self.search.closed.connect(self._end_search)
        self.shown.moved.connect(self._moved)

    # The lists it reads by ----------------------------------------------------------------------------

    def _group_names(self) -> dict[str, str]:
        return {group.id: group.name(i18n.language()) for group in self.feed.look.questions.groups}

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back to the desk may have edited a list."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._own.look()

    def read_by(self, look: CommentMarks, problems: list[str]) -> None:
        """Other lists from now on; ``problems``: what cannot be used of the user's own."""
        self._read_by(look.of_goods(self._titles))
        self._notice.tell(
            "\n".join(problems) or t("词表改过了，从现在起照新的"), "warn" if problems else "ok"
        )

    def _read_by(self, look: CommentMarks) -> None:
        self.feed.read_by(look)
        if self._earlier is not None:
            self._earlier.stop()
            self._earlier = None
        self.group_names = self._group_names()
        old, self.topics = self.topics, Topics(self.group_names, self)
        self._topics = self.topics.chips
        self.topics.chosen.connect(self._topic_chosen)
        self.body.replaceWidget(old, self.topics)
        self._fit_height()
        old.hide()
        old.deleteLater()
        self.topics.show_counts(self.feed.counts.topics(), self._answered_at())
        self._tab_chosen(self.tabs.index)

    def set_low(self, low: bool) -> None:
        """In a low window the rows come first: groups have one line, the meter a flat one."""
        self._low = low
        self.meter.set_low(low)
        self._fit_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """What is asked gives way to the rows: bars, then groups, caption and second line, then 扣 1."""
        lines = self.height() / self.view.row_height
        self.asked.set_chip_lines(0 if lines >= _ROWS_FROM else 2 if lines >= _CAPTION_FROM else 1)
        whole = lines >= _ROWS_FROM or not self.asked.question_count
        self.topics.setVisible(bool(self.group_names) and whole)
        # Under what is really asked the groups are one small line.
        self.topics.set_low(self._low or self.asked.question_count > 0)
        self.meter.setVisible(lines >= _ONES_FROM)

    # What comes in ------------------------------------------------------------------------------------

    def take(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Fold a batch of committed events and show it. Once a frame, and not at all when nothing came."""
        events = list(events)
        if any(event["type"] == ANEW for event in events):
            self._begin_anew()
            events = [event for event in events if event["type"] != ANEW]
        self.feed.fold(events)
        if self._earlier is None and self._page is not None and self.feed.begun:
            self._earlier = Earlier(self.feed, self._page, self._show_counts, self)
        self._kept_back.look()
        self.tabs.show_kept_back(self._kept_back.count, at_least=self._kept_back.at_least)
        self.view.refresh()
        self._show_rows()
        if self.view.is_paused:
            self._show_unseen()

    def go_on_with(self, feed: Feed) -> None:
        """What another panel of this seat has folded goes on here: its rows, in the words of now."""
        self.feed = feed
        self._sounds.go_on_with(feed)
        self._kept_back = KeptBack(feed)
        self.view.go_on_with(feed)
        self._read_by(feed.look)

    def _begin_anew(self) -> None:
        """Somebody was forgotten: no row, no search and no count names him any more."""
        self.feed.clear()
        self._kept_back = KeptBack(self.feed)
        if self._earlier is not None:
            self._earlier.stop()
            self._earlier = None
        self._show_filter()

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Learn numbers and cues from the room."""
        self.feed.learn(room.catalogue, room.cart, room.cues.values())
        self._of_room = room.audience.comments
        if self.feed.mute(one.viewer_id for one in room.muted if one.hidden):
            self._read_by(self.feed.look)  # groups are counted without them
        titles = tuple(product.title for product in room.products.values())
        if titles != self._titles:
            self._titles = titles
            look = self.feed.look.of_goods(titles)
            if look is not self.feed.look:
                self._read_by(look)

    def count_with(self, page: Page) -> None:
        """How the log is read for what was asked before this desk joined: `ui.seat.seat.Seat.log_page`."""
        self._page = page

    def ask_with(self, asking: Callable[[], Awaitable[dict[str, Any] | None]]) -> None:
        """How the engine is asked what the room asks: `ui.seat.seat.Seat.questions`."""
        self._asks.ask_with(asking)

    def show_questions(self, told: Mapping[str, Any]) -> None:
        """What the room asks, as the engine counts it for every seat."""
        self._asks.take(told)

    def _show_asked(self, asked: list[AnswerableQuestion], left_out: int) -> None:
        self.asked.show_questions(asked, left_out)
        self._fit_height()

    def _to_host(self, text: str, people: int) -> None:
        self.view.picked.emit(text, people)
        self.answer.offer_question(text)

    def _question_answered(self, text: str) -> None:
        self.answer.leave()
        self._asks.again()
        self.answered.emit({"text": text})

    def orders_with(self, ask: AskOrders) -> None:
        """How the engine is asked for the orders of this broadcast: `ui.seat.seat.Seat.orders`. Without it
        the orders are those that this desk saw."""
        self.shown.ask_orders = ask

    def search_with(self, ask: Ask) -> None:
        """How the whole log is searched: `ui.seat.seat.Seat.search`. Without one the ring alone is."""
        self.shown.ask = ask
        self.search.offer_whole(True)

    def tick(self, now: datetime) -> None:
        """Once a second: rate, groups, the meter, what counts down, what must be heard."""
        self._now = now.timestamp()
        self._asks.tick(self._now)
        self.asked.tick(self._now)
        rates = self.feed.counts.rates(now, 5)
        rate = sum(rates) / len(rates)
        shown = f"{rate:,.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}"
        note = t("{n} 条/秒 · 重复已合并", n=shown)
        if self.feed.skipped:
            note = t("{n} 条/秒 · 略过 {skipped}", n=shown, skipped=f"{self.feed.skipped:,}")
        self.note.setText(note if self._has_room_for(note) else t("{n} 条/秒", n=shown))
        self.meter.show_people(*self.feed.counts.people(now))
        self._show_counts()
        self._sounds.tick(self.feed, self._now)
        self.view.set_now(self._now)
        if self.shown.tick(self._now) and not self.view.is_paused:
            self.view.refresh()
            self._show_rows()
        self._show_status()
        self.view.read_out()

    def _has_room_for(self, note: str) -> bool:
        """Beside the panel's name, which stays whole."""
        refunds = self._sounds.refunds
        chip = refunds.sizeHint().width() if refunds.isVisibleTo(self) else 0
        wide = self.note.fontMetrics().horizontalAdvance(note) + self.title.sizeHint().width() + chip
        return wide + 2 * _HEAD_SIDE + 3 * self.head.spacing() <= self.width()

    def _show_counts(self) -> None:
        counts = self.feed.counts.topics()
        self.topics.show_counts(counts, self._answered_at())
        told = self.feed.counts
        since = _minute(told.since) if self._page is not None and told.since > told.reaches else ""
        self.answer.show_count(counts.get(self.answer.group, 0), since)

    def _show_rows(self) -> None:
        """The rows, or what stands in place of none."""
        if not self.feed.added and not self.shown.is_asked:
            page = 0
        elif self.shown.is_waiting:
            page = 1
        else:
            page = 1 if self.view.rows_there or self.view.is_paused else 2
        if self._stack.currentIndex() != page:
            self._stack.setCurrentIndex(page)

    def _show_status(self) -> None:
        if self.view.is_paused:
            return
        if said := self.shown.says(self._now):
            self.foot.say(said)
        else:
            comments = self.feed.comments if self._of_room is None else self._of_room
            self.foot.say(t("实时 · 本场评论 {n} 条", n=f"{comments:,}"))

    # What the person does -----------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Show a filter by its name: ``all``, ``question``, ``order``, ``big``, ``unpaid``, ``kept_back``,
        ``marked``."""
        self.tabs.choose(FILTERS.index(name))

    def look_for(self) -> bool:
        """Ctrl+F: type what to look for."""
        self.search.begin()
        return True

    def _tab_chosen(self, index: int) -> None:
        self.topics.check("")
        self.answer.leave()
        self._show_filter()

    def _topic_chosen(self, name: str, checked: bool) -> None:
        if checked:
            self.answer.offer(name, self.group_names[name])
            self._show_counts()
        else:
            self.answer.leave()
        self._show_filter()

    def _show_filter(self) -> None:
        """What tab, group and search box say together."""
        name = f"topic:{self.answer.group}" if self.answer.group else FILTERS[self.tabs.index]
        self.shown.show_filter(self.feed, name)
        self._show_rows()
        self._show_status()

    def _answered(self, group: str) -> None:
        if self.answer.question:
            self._question_answered(self.answer.question)
            return
        self.answered.emit({"group": group})
        self.feed.counts.answer(group)
        self.topics.show_counts({group: 0}, self._answered_at())
        self.topics.check("")
        self.answer.leave()
        self._show_filter()
        when = self._answered_at()[group]
        self.foot.say(t("「{group}」已回答 {time}，从现在起重新数", group=self.group_names[group], time=when))

    def _answered_at(self) -> dict[str, str]:
        """Group → the minute in which it was answered last."""
        return {group: _minute(second) for group, second in self.feed.counts.answered.items()}

    def _sought(self) -> None:
        if not self.feed.added and self.shown.ask is None and self.shown.ask_orders is None:
            return
        self._show_filter()

    def _search_all(self, words: str) -> None:
        if self.shown.search_all(self.feed, words):
            self._moved()

    def _moved(self) -> None:
        """Another page came, or the last, or what became of orders."""
        self.view.refresh()
        if self.shown.search is not None:
            self.search.show_busy(self.shown.search.running)
        self._show_rows()
        self._show_status()

    def _end_search(self) -> None:
        self._show_filter()
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if letter(event) == Qt.Key.Key_A and self.answer.is_offered and not event.isAutoRepeat():
            self.answer.give()
        elif letter(event) == Qt.Key.Key_C and not event.modifiers() and not event.isAutoRepeat():
            self._answering.press()
        else:
            super().keyPressEvent(event)

    def _show_pause(self) -> None:
        self._show_unseen()
        self.view.read_out()

    def _show_unseen(self) -> None:
        self.foot.show_paused(self.view.is_paused, self.view.unseen)


def _minute(second: float) -> str:
    return clock_time(datetime.fromtimestamp(second).astimezone().isoformat())
