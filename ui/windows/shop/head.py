"""The strip of the shop window: what waits, today's refunds, how old each source's word is, on air or not."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.cases import CasePage, GroupCount
from liveconsole.messages.state import State
from liveconsole.views.money import yuan_short
from ui.i18n import t
from ui.widgets import Chip, Mark, PlainLabel
from ui.widgets.shop_mark import ShopMark
from ui.widgets.when import age, long_clock
from ui.windows.shop.words import SOURCES


class HeadFigure(QWidget):
    """A caption, a number, and a small word beside it."""

    def __init__(self, caption: str, tone: str = "fg0", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._tone = tone
        self.number = PlainLabel("—", role="kpi", tone=tone)
        self.beside = PlainLabel("", role="small", tone="fg1")
        below = QHBoxLayout()
        below.setSpacing(5)
        below.addWidget(self.number)
        below.addWidget(self.beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PlainLabel(caption, role="small", tone="fg1"))
        column.addLayout(below)

    def show_as(self, number: str, beside: str = "", *, loud: bool = True) -> None:
        """Another number."""
        self.number.setText(number)
        self.number.set_tone(self._tone if loud else "fg0")
        self.beside.setText(beside)
        self.setAccessibleName(f"{self._caption} {number} {beside}".strip())


class ToldAge(QWidget):
    """How long ago a source told of something; the sign says whether it ever did."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.at: datetime | None = None
        self._mark, self._words = Mark("ring", "fg2", role="small"), PlainLabel("", role="small", tone="fg1")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._mark)
        row.addWidget(self._words)

    def tick(self, now: datetime) -> None:
        """Once a second."""
        if self.at is None:
            self._mark.show_as("ring", "fg2")
            self._words.setText(t("{name} 没来源", name=t(self.name)))
        else:
            self._mark.show_as("dot", "ok")
            ago = age(max(1.0, (now - self.at).total_seconds()))
            self._words.setText(t("{name} {ago}前", name=t(self.name), ago=ago))


class ShopHead(QFrame):
    """Figures at the left, sources at the right; in a narrow window the sources go first."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.title = PlainLabel(t("店铺"), role="heading", elide=True)
        self.who = PlainLabel(t("{role}坐在这里", role=role), role="small", tone="fg1", elide=True)
        self.urgent = HeadFigure(t("要先处理"), "live")
        self.unpaid, self.to_ship = HeadFigure(t("待付款")), HeadFigure(t("待发货"))
        self.aftersale, self.refunded = HeadFigure(t("售后中")), HeadFigure(t("今天退款"))
        self.sources = {source: ToldAge(name) for source, name in SOURCES.items()}
        self.pill = Chip("", role="strong", loud=True)
        self._opened: datetime | None = None
        self._whole = 0
        """Pixels that everything takes."""
        self._status, self._simulated = "", False
        self.mark = ShopMark(36)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.who)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 14, 7)
        row.setSpacing(22)
        row.addWidget(self.mark)
        row.addLayout(names)
        for figure in (self.urgent, self.unpaid, self.to_ship, self.aftersale, self.refunded):
            row.addWidget(figure)
        row.addStretch(1)
        self._ages = QWidget()
        beside = QHBoxLayout(self._ages)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(14)
        for each in self.sources.values():
            beside.addWidget(each)
        row.addWidget(self._ages)
        row.addWidget(self.pill)

    def show_page(self, page: CasePage) -> None:
        """What the engine counted."""
        counts: dict[str, GroupCount] = {group.group: group for group in page.groups}

        def said(group: str) -> str:
            found = counts.get(group)
            return "—" if found is None else f"{found.count:,}{'+' if found.more else ''}"

        waits = "urgent" in counts and counts["urgent"].count > 0
        self.urgent.show_as(said("urgent"), t("单"), loud=waits)
        self.unpaid.show_as(said("unpaid"), t("单"))
        self.to_ship.show_as(said("to_ship"), t("单"))
        open_ones = [counts[name].count for name in ("first_answer", "solution", "dispute") if name in counts]
        self.aftersale.show_as(f"{sum(open_ones):,}" if open_ones else "—", t("件"))
        if page.refunded_today_fen is None or page.refunded_today is None:
            self.refunded.show_as("—", t("没有来源报订单"))
        else:
            self.refunded.show_as(
                yuan_short(page.refunded_today_fen), t("{n} 单", n=f"{page.refunded_today:,}")
            )
        for source, each in self.sources.items():
            each.at = page.told.get(source)

    def show_state(self, state: State) -> None:
        """The shop's name, and whether a broadcast runs."""
        name = state.room.shop_face.name
        self.mark.show_face(state.room.shop_face)
        self.mark.setVisible(bool(name))
        self.title.setText(t("店铺 · {name}", name=name) if name else t("店铺"))
        self._opened, self._status = state.broadcast.opened_at, state.broadcast.status
        self._simulated = state.room.simulated

    def tick(self, now: datetime) -> None:
        """Once a second."""
        for each in self.sources.values():
            each.tick(now)
        if self._status == "open":
            passed = long_clock((now - self._opened).total_seconds()) if self._opened else ""
            word, tone = (t("排练中"), "warn") if self._simulated else (t("直播中"), "live")
            self.pill.show_as(f"{word} {passed}".strip(), tone, loud=True, icon="dot")
        else:
            word = t("排练 · 未开始") if self._simulated else t("没在直播")
            self.pill.show_as(word, "warn" if self._simulated else "fg1", loud=False, icon="ring")

    def make_room(self, width: int) -> None:
        """In a narrow window what is quieter goes: the sources, then who sits here."""
        if not self._ages.isHidden():
            self._whole = self.sizeHint().width()
        self._ages.setVisible(width >= self._whole)
