"""The window itself: groups, the list, the chosen case, and one line at the foot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.cases import CaseCard, CasePage
from liveconsole.messages.rights import may
from ui import clipboard, theme
from ui.i18n import t
from ui.seat.seat import Answer, Frame, LinkState, Seat
from ui.seat.session import ROLE_NAMES
from ui.widgets import PlainLabel
from ui.widgets.when import age
from ui.windows.shop.card import CaseColumn
from ui.windows.shop.groups import GroupList
from ui.windows.shop.head import ShopHead
from ui.windows.shop.help import ShopHelp
from ui.windows.shop.keys import name_of
from ui.windows.shop.list import CaseList
from ui.windows.shop.note import tags_in
from ui.windows.shop.orders import ALL, placed_words
from ui.windows.shop.reading import CaseReading
from ui.windows.shop.words import GROUPS, both
from ui.words.answers import refusal, sentence

_SIDES: Final = (224, 404)
_SIDES_NARROW: Final = (168, 330)
"""Pixels of the groups, and of the card."""
_NARROW: Final = 1200
"""Pixels of the window under which both sides are slimmer."""
_NAMES: Final = {look.group: look for look in GROUPS}


class ShopWindow(QWidget):
    """What waits after the order. It shows what the engine says, and asks; it works nothing out.

    ``locked`` says whether this seat is locked now.
    """

    closed = Signal()

    def __init__(
        self,
        seat: Seat,
        role: str,
        *,
        locked: Callable[[], bool] = lambda: False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("window")
        self.setWindowTitle(t("店铺"))
        self.setMinimumSize(QSize(960, 520))
        self.resize(1440, 900)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._seat, self._role, self._locked = seat, role, locked
        self._second = -1
        self._said_until = 0.0
        self._now: datetime = seat.now()
        self.reading = CaseReading(seat, self)
        self.head = ShopHead(t(ROLE_NAMES.get(role, role)))
        self.groups = GroupList()
        self.list = CaseList(seat.now)
        self.card = CaseColumn()
        self.said = PlainLabel("", role="small", tone="fg1", elide=True)
        self.today = PlainLabel("", role="small", tone="fg1", elide=True, align=Qt.AlignmentFlag.AlignRight)
        self.help = ShopHelp(self)
        self._build()
        self._connect()
        self.setFocus()
        self.groups.choose("urgent")
        seat.on_frame(self, self._frame)
        seat.on_tick(self, self.tick)
        seat.on_link(self, self._linked)
        if seat.state is not None:
            self.head.show_state(seat.state)
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
        card = self.card
        card.steps.done.connect(self._step)
        card.steps.asked.connect(self._ask_shop)
        card.steps.answered.connect(self._shop_answered)
        card.templates.copied.connect(lambda title: self.say(t("复制好了：{title}", title=title), "ok"))
        card.order.copied.connect(lambda: self.say(t("订单号复制好了"), "ok"))
        card.note.written.connect(self._write_note)

    # What arrives ----------------------------------------------------------------------------------

    def _frame(self, frame: Frame) -> None:
        if frame.state is not None:
            self.head.show_state(frame.state)

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
        if now.timestamp() > self._said_until:
            self._say_usual()

    def _list(self) -> None:
        self.list.untick()
        group = self.groups.group
        self.list.show_order(all_orders=group == ALL)
        state = self.list.states.state if group == ALL else ""
        if self.reading.read(group, self.list.search.text().strip(), state):
            self.list.show_empty(t("正在读…"))
            self._show_cases("")

    def _show_page(self, page: CasePage) -> None:
        now = self._seat.now()
        self.head.show_page(page)
        self.groups.show_counts(page.groups, now)
        if self.reading.counts:
            self.groups.show_all(sum(count.orders for count in self.reading.counts))
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
        self.list.show_cases(rows, words, placed)
        if rows and focus in (None, self):
            self.list.rows.setFocus()

    def _count_words(self) -> str:
        shown = len(self.reading.rows)
        count = self.groups.count(self.reading.group)
        if self.list.ticked:
            return self._ticked_words()
        if self.reading.text:
            return (
                t("找到 {n} 单", n=f"{shown:,}")
                if self.reading.is_whole
                else t("先找到 {n} 单", n=f"{shown:,}")
            )
        if self.reading.group == ALL:
            found = t("{n} 单", n=f"{shown:,}")
            return found if self.reading.is_whole else t("先列 {n} 单", n=f"{shown:,}")
        whole = count.count if count is not None else shown
        said = t("{n} 单 · 按还剩多久排", n=f"{whole:,}")
        return said if self.reading.is_whole else f"{said} · {t('先列 {n} 单', n=f'{shown:,}')}"

    def _ticked_words(self) -> str:
        steps = self._same_step()
        n = len(self.list.ticked)
        if steps:
            return t("选中 {n} 单 · B 一起记：{step}", n=n, step=steps)
        return t("选中 {n} 单 · 不在同一步，不能一起记", n=n)

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
        row = self.list.case(case_id) if case_id else None
        self.card.show_row(row)
        self.reading.choose(case_id)

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

    # What is asked for -----------------------------------------------------------------------------

    def _step(self, step: str, note: str) -> None:
        data = {"case_id": self.reading.case, "step": step} | ({"note": note} if note else {})
        self._ask("case.step", data)

    def _ask_shop(self, act: str, said: dict[str, Any]) -> None:
        row = self.list.case()
        if row is None:
            return
        about = {"aftersale_id": row.aftersale_id} if row.aftersale_id else {"order_id": row.order_id}
        self._ask("shop.answer", {**about, "act": act, **said})

    def _shop_answered(self, ask_id: str, done: bool) -> None:
        self._ask("shop.confirm", {"ask_id": ask_id, "done": done})

    def _write_note(self, text: str) -> None:
        row = self.list.case()
        if row is None:
            return
        if text.startswith("#"):
            tasks.spawn(self._tag(row.order_id, tags_in(text)), name="tags of an order")
        else:
            self._ask("order.note", {"order_id": row.order_id, "text": text})

    async def _tag(self, order_id: str, typed: list[str]) -> None:
        """Tags that the order has go, others come: the engine is told all of them."""
        has = await self.reading.tags_of(order_id)
        if not shiboken6.isValid(self):
            return
        if has is None:
            self.say(t("引擎没有回应，没有发出去"), "warn")
            return
        kept = [tag for tag in has if tag not in typed]
        self._ask(
            "order.note", {"order_id": order_id, "tags": kept + [tag for tag in typed if tag not in has]}
        )

    def _ask(self, type_: str, data: dict[str, Any]) -> None:
        why = self.why_read_only()
        if why:
            self.say(why, "warn")
            return
        self._seat.ask_then(self, type_, data, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.card.steps.say("" if answer.ok else sentence(answer))
        if answer.ok:
            self.say(t("记下了"), "ok")
        else:
            self.say(sentence(answer), "live")
        self.reading.again()

    def _same_step(self) -> str:
        """The words of the step in which all ticked cases are, ``""`` where they are not in one."""
        rows = [row for case_id in self.list.ticked if (row := self.list.case(case_id)) is not None]
        one = {(row.kind, row.step) for row in rows}
        words = rows[0].step_text if rows else None
        return both(words) if words is not None and len(one) == 1 and rows[0].step else ""

    def do_ticked(self) -> None:
        """B: the step of all that are ticked, one after the other; the first that is refused is the last."""
        if not self.list.ticked:
            self.say(t("先用 X 选中几单"), "warn")
        elif self.why_read_only():
            self.say(self.why_read_only(), "warn")
        elif not self._same_step():
            self.say(self._ticked_words(), "warn")
        else:
            rows = [row for case_id in self.list.ticked if (row := self.list.case(case_id)) is not None]
            tasks.spawn(self._do_all([(row.case_id, row.step) for row in rows]), name="a step of several")

    async def _do_all(self, steps: list[tuple[str, str]]) -> None:
        done, refused = 0, ""
        for case_id, step in steps:
            answer = await self._seat.ask("case.step", {"case_id": case_id, "step": step})
            if not answer.ok:
                refused = refusal(answer.code, answer.params, answer.text)
                break
            done += 1
        if shiboken6.isValid(self):
            self.list.untick()
            said = t("{n} 单记下了", n=done)
            self.say(f"{said} · {refused}" if refused else said, "live" if refused else "ok")
            self.reading.again()

    def copy_numbers(self) -> None:
        """O: the numbers of what is ticked, else of the chosen order."""
        ticked = [
            row.order_id for case_id in self.list.ticked if (row := self.list.case(case_id)) is not None
        ]
        if ticked:
            clipboard.copy("\n".join(dict.fromkeys(ticked)))
            self.say(t("{n} 个订单号复制好了", n=len(dict.fromkeys(ticked))), "ok")
        else:
            self.card.order.copy_number()

    # Keys ------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are keys while nothing is typed; Esc goes out of a text, out of the card, then away."""
        name = name_of(event)
        if isinstance(self.focusWidget(), QLineEdit) and name != "Esc":
            super().keyPressEvent(event)
        elif name.isdigit():
            if why := self.card.templates.copy(int(name)):
                self.say(why, "warn")
        elif not self._key(name):
            super().keyPressEvent(event)

    def _key(self, name: str) -> bool:
        does: dict[str, Callable[[], object]] = {
            "J": lambda: self.list.go(1),
            "K": lambda: self.list.go(-1),
            "Enter": self.card.take_keyboard,
            "X": self._tick,
            "B": self.do_ticked,
            "O": self.copy_numbers,
            "R": self.card.note.begin,
            "[": lambda: self.groups.step(-1),
            "]": lambda: self.groups.step(1),
            "/": self.list.begin_search,
            "S": self._next_state,
            "U": self.list.states.copy,
            "Esc": self._escape,
        }
        if name in ("Y", "N", "M"):
            if not self.card.steps.press(("Y", "N", "M").index(name)):
                self.say(self.why_read_only() or t("这一步没有这个键"), "warn")
            return True
        if name in does:
            does[name]()
            return True
        return False

    def _next_state(self) -> None:
        if self.groups.group == ALL:
            self.list.states.step()
        else:
            self.say(t("S 在全部订单里换状态"), "warn")

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

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
