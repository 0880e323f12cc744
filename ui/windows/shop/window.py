"""The window itself: groups, the list, the chosen case, and one line at the foot."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.cases import CaseCard, CasePage
from liveconsole.messages.rights import may
from liveconsole.messages.state import State
from ui import theme
from ui.i18n import t
from ui.parts.own_window import OwnWindow
from ui.seat.seat import Frame, LinkState, Seat
from ui.seat.session import ROLE_NAMES
from ui.widgets import PlainLabel
from ui.widgets.when import age
from ui.windows.shop.asking import CaseCommands
from ui.windows.shop.card import CaseColumn
from ui.windows.shop.groups import GroupList
from ui.windows.shop.head import ShopHead
from ui.windows.shop.help import ShopHelp
from ui.windows.shop.keys import name_of
from ui.windows.shop.list import CaseList
from ui.windows.shop.orders import ALL, placed_words
from ui.windows.shop.reading import CaseReading
from ui.windows.shop.review import SHOWN
from ui.windows.shop.steps import KEYS as KEYS_OF_A_STEP
from ui.windows.shop.stories import OF_STORY, STORIES, StoryWords, review_of
from ui.windows.shop.words import GROUPS

_SIDES: Final = (224, 404)
_SIDES_NARROW: Final = (168, 330)
"""Pixels of the groups, and of the card."""
_NARROW: Final = 1200
"""Pixels of the window under which both sides are slimmer."""
SETTLE_SECONDS: Final = 1.0
"""A case that came by itself into the place of another is looked at before its keys act."""
_NAMES: Final = {look.group: look for look in GROUPS}


class ShopWindow(OwnWindow):
    """What waits after the order. It shows what the engine says, and asks; it works nothing out.

    ``locked`` says whether this seat is locked now.
    """

    def __init__(
        self,
        seat: Seat,
        role: str,
        *,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__((1440, 900), parent=parent)
        self.setWindowTitle(t("店铺"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._seat, self._role, self._locked = seat, role, locked
        self._second = -1
        self._said_until = 0.0
        self._showing = False
        self._replaced = float("-inf")
        """When the chosen case went by itself and another took its place."""
        self._now: datetime = seat.now()
        self.reading = CaseReading(seat, self)
        self.head = ShopHead(t(ROLE_NAMES.get(role, role)))
        self.groups = GroupList()
        self.list = CaseList(seat.now)
        self.card = CaseColumn()
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.today = PlainLabel("", role="small", tone="fg1", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self.help = ShopHelp(self)
        self.commands = CaseCommands(seat, self.reading, self.list, self.why_read_only, self)
        self.commands.told.connect(self.say)
        self.commands.answered.connect(self.card.steps.answer)
        self.commands.judged.connect(self.card.steps.judged)
        self._story_words = StoryWords(
            seat, self, lambda story: self.card.show_story(story, self.why_read_only())
        )
        self._build()
        self._connect()
        self.setFocus()
        self.groups.choose("urgent")
        seat.on_frame(self, self._frame)
        seat.on_tick(self, self.tick)
        seat.on_link(self, self._linked)
        if seat.state is not None:
            self._show_state(seat.state)
        self.tick(self._now)

    def _build(self) -> None:
        body = QHBoxLayout()
        body.setContentsMargins(10, 10, 10, 10)
        body.setSpacing(10)
        body.addWidget(self.groups)
        body.addWidget(self.list, 1)
        body.addWidget(self.card)
        foot = QFrame()
        foot.setObjectName("footer")
        row = QHBoxLayout(foot)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(16)
        row.addWidget(self.said, 3)
        row.addWidget(self.today, 2)
        row.addWidget(PlainLabel(t("? 快捷键"), role="small", tone="fg1"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)
        column.addWidget(foot)

    def _connect(self) -> None:
        self.reading.page_told.connect(self._show_page)
        self.reading.card_told.connect(self._show_card)
        self.reading.silent.connect(self._silent)
        self.groups.wanted.connect(lambda _group: self._list())
        self.list.sought.connect(lambda _text: self._list())
        self.list.states.wanted.connect(lambda _state: self._list())
        self.list.states.copied.connect(lambda: self.say(t("催付的话复制好了"), "ok"))
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self.card.take_keyboard)
        self.list.more.connect(self.reading.more)
        self.list.stories.asked.connect(self.commands.of_review)
        card = self.card
        card.steps.done.connect(self.commands.step)
        card.steps.asked.connect(self.commands.ask_shop)
        card.steps.drafted.connect(self.commands.judge)
        card.steps.answered.connect(self.commands.confirm)
        card.templates.copied.connect(lambda title: self.say(t("复制好了：{title}", title=title), "ok"))
        card.review.asked.connect(self.commands.of_review)
        card.order.copied.connect(lambda: self.say(t("订单号复制好了"), "ok"))
        card.note.written.connect(self.commands.write_note)

    # What arrives ----------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self._show_state(frame.state)

    def _show_state(self, state: State) -> None:
        self.head.show_state(state)
        self.card.review.show_picture(state.room.picture, self._seat.now())
        self.list.stories.show_stories(state.stories)
        self.groups.show_own(STORIES, len(state.stories.rows))
        self._show_story()

    def _linked(self, state: LinkState, _why: str) -> None:
        if state == "live":
            self.reading.again()

    def tick(self, now: datetime) -> None:
        """Clocks go on once a second; the engine is asked again when it is time."""
        self._now = now
        self.reading.tick()
        if int(now.timestamp()) == self._second:
            return
        self._second = int(now.timestamp())
        self.head.tick(now)
        self.groups.tick(now)
        self.list.paint_clocks()
        self.card.steps.block(self.why_read_only())
        self.card.review.block(self.why_read_only())
        self.card.review.tick(now)
        if now.timestamp() > self._said_until:
            self._say_usual()

    def _list(self) -> None:
        self.list.untick()
        self._replaced = float("-inf")
        group = self.groups.group
        self.list.show_order(all_orders=group == ALL, stories=group == STORIES)
        state = self.list.states.state if group == ALL else ""
        if self.reading.read(group, self.list.search.text().strip(), state):
            self.list.show_empty(t("正在读…"))
            self._show_cases("")

    def _show_page(self, page: CasePage) -> None:
        now = self._seat.now()
        self.head.show_page(page)
        self.groups.show_counts(page.groups, now)
        if self.reading.counts:
            self.groups.show_own(ALL, sum(count.orders for count in self.reading.counts))
            self.list.states.show_counts(self.reading.counts, self.reading.urge)
        self.head.tick(now)
        look = _NAMES[self.reading.group]
        nothing = t("没有找到") if self.reading.text else t(look.empty)
        self.list.show_empty(nothing if self.reading.is_whole else t("还在找…"))
        self._show_cases(self._count_words())
        self._say_today(page)

    def _show_cases(self, words: str) -> None:
        """A list without rows is hidden, and must not leave its keyboard to the search beside it."""
        rows, focus = self.reading.rows, self.focusWidget()
        if not rows and focus is self.list.rows:
            self.setFocus()
        count = self.groups.count(self.reading.group)
        name = t(_NAMES[self.reading.group].name)
        self.list.show_title(f"{name} {count.count:,}" if count is not None else name)
        now = self._seat.now()
        placed = {case_id: placed_words(order, now) for case_id, order in self.reading.orders.items()}
        self._showing = True
        self.list.show_cases(rows, words, placed)
        self._showing = False
        if rows and focus in (None, self):
            self.list.rows.setFocus()

    def _count_words(self) -> str:
        shown = len(self.reading.rows)
        count = self.groups.count(self.reading.group)
        if self.list.ticked:
            return self.commands.ticked_words()
        if self.reading.text:
            return (
                t("找到 {n} 单", n=f"{shown:,}")
                if self.reading.is_whole
                else t("先找到 {n} 单", n=f"{shown:,}")
            )
        if self.reading.group in (ALL, SHOWN, STORIES):
            found = t("{n} 单", n=f"{shown:,}")
            return found if self.reading.is_whole else t("先列 {n} 单", n=f"{shown:,}")
        whole = count.count if count is not None else shown
        said = t("{n} 单 · 按还剩多久排", n=f"{whole:,}")
        return said if self.reading.is_whole else f"{said} · {t('先列 {n} 单', n=f'{shown:,}')}"

    def _silent(self) -> None:
        self.list.show_empty(t("引擎没有回应，读不到订单"))
        self.say(t("引擎没有回应，看到的可能旧了"), "warn")

    def _show_card(self, card: CaseCard | None) -> None:
        order = self.reading.orders.get(self.reading.case)
        if card is not None:
            self.card.show_card(card, self._seat.now(), self.why_read_only())
        elif order is not None:
            self.card.show_order(order, self._seat.now())

    def _choose(self, case_id: str) -> None:
        if not self._showing:  # by a person, who looks at it
            self._replaced = float("-inf")
        elif self.reading.case and case_id:
            self._replaced = time.monotonic()
        row = self.list.case(case_id) if case_id else None
        self.card.show_row(row)
        self.reading.choose(case_id)
        self._show_story()

    def _show_story(self) -> None:
        """What is chosen, where it is one, as it stands now."""
        if self.reading.case.startswith(OF_STORY) and self._seat.state is not None:
            story = self._story_words.look(review_of(self._seat.state.stories, self.reading.case))
            self.card.show_story(story, self.why_read_only())

    # What is said ----------------------------------------------------------------------------------

    def why_read_only(self) -> str:
        """Why nothing can be done from this seat now; empty where it can."""
        if self._locked():
            return t("本席位锁着：只看；Ctrl+L 解锁")
        return "" if may(self._role, "case.step") else t("这个席位只看")

    def say(self, words: str, tone: str = "fg1") -> None:
        """In the line at the foot, for six seconds."""
        self._said_until = self._seat.now().timestamp() + 6
        self.said.set_tone(tone)
        self.said.setText(words)

    def _say_usual(self) -> None:
        self.said.set_tone("fg1")
        self.said.setText(
            self.why_read_only() or t("小店接得到的由程序去办，其余的在手机或小店后台做，这里记账")
        )

    def _say_today(self, page: CasePage) -> None:
        said = t("今天已处理 {n} 件", n=f"{page.handled_today:,}")
        if page.first_answer_seconds is not None:
            said = f"{said} · {t('平均首次回复 {age}', age=age(page.first_answer_seconds))}"
        self.today.setText(said)

    # Keys ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are keys while nothing is typed; Esc goes out of a text, out of the card, then away."""
        name = name_of(event)
        if isinstance(self.focusWidget(), QLineEdit) and name != "Esc":
            super().keyPressEvent(event)
        elif name.isdigit():
            if not self._settles() and (why := self.card.templates.copy(int(name))):
                self.say(why, "warn")
        elif not self._key(name):
            super().keyPressEvent(event)

    def _key(self, name: str) -> bool:
        does: dict[str, Callable[[], object]] = {
            "J": lambda: self.list.go(1),
            "K": lambda: self.list.go(-1),
            "Enter": self.card.take_keyboard,
            "X": self._tick,
            "B": self.commands.do_ticked,
            "O": self._copy_numbers,
            "R": self.card.note.begin,
            "[": lambda: self.groups.step(-1),
            "]": lambda: self.groups.step(1),
            "/": self.list.begin_search,
            "S": self._next_state,
            "U": self.list.states.copy,
            "C": self._write_word,
            "P": lambda: self._of_review(self.card.review.press_picture),
            "G": lambda: self._of_review(self.card.review.press_consent),
            "Esc": self._escape,
        }
        if name in KEYS_OF_A_STEP:
            self._press(KEYS_OF_A_STEP.index(name))
            return True
        if name in does:
            does[name]()
            return True
        return False

    def _settles(self) -> bool:
        settles = time.monotonic() - self._replaced < SETTLE_SECONDS
        if settles:
            self.say(t("刚换了一单，看一眼再按"), "warn")
        return settles

    def _press(self, place: int) -> None:
        if not self._settles() and not self.card.steps.press(place):
            self.say(self.why_read_only() or t("这一步没有这个键"), "warn")

    def _of_review(self, press: Callable[[], bool]) -> None:
        if not self._settles() and not press():
            self.say(self.why_read_only() or t("这一单不是评价"), "warn")

    def _copy_numbers(self) -> None:
        if not self.commands.copy_numbers():
            self.card.order.copy_number()

    def _next_state(self) -> None:
        if self.groups.group == ALL:
            self.list.states.step()
        else:
            self.say(t("S 在全部订单里换状态"), "warn")

    def _write_word(self) -> None:
        if self.groups.group == STORIES:
            self.list.stories.begin()
        else:
            self.say(t("C 在故事里写口令"), "warn")

    def _tick(self) -> None:
        self.list.tick_chosen()
        self.list.show_count(self._count_words())

    def _escape(self) -> None:
        if self.help.isVisible():
            self.help.hide()
        elif self.focusWidget() not in (None, self, self.list.rows):
            (self.list.rows if self.reading.rows else self).setFocus()
        elif self.list.untick():
            self.list.show_count(self._count_words())
        elif not self.list.clear_search():
            self.close()

    def show_keys(self) -> bool:
        """?: the keys of this window, and away with them."""
        self.help.setVisible(not self.help.isVisible())
        self.help.raise_()
        return True

    # The window ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left, right = _SIDES_NARROW if self.width() < _NARROW else _SIDES
        scale = theme.text_scale()
        self.groups.setFixedWidth(round(min(left * scale, max(left, 0.2 * self.width()))))
        self.card.setFixedWidth(round(min(right * scale, max(right, 0.38 * self.width()))))
        self.head.make_room(self.width())
        self.help.place()
