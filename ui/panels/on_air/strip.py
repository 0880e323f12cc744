"""The strip on top: on air or not, how it goes, what is wrong, and 全停."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import BroadcastState, FigureState, OrdersState, SeatState, SourceState
from liveconsole.views.money import yuan_short
from ui.clean import clean
from ui.i18n import t
from ui.panels.on_air.alarm_key import AlarmKey
from ui.panels.on_air.output import OutputSign
from ui.seat.room import RoomView
from ui.widgets import Chip, Figure, HoldButton, PlainLabel, set_tip
from ui.widgets.chip import Mark
from ui.widgets.when import age, long_clock
from ui.words import alarms as alarm_words
from ui.words.dashboard import worded
from ui.words.sources import source_age, source_look, source_name

_SOURCES_SHOWN: Final = 4


class _SourceSign(QWidget):
    """One source: its shape, its name, the age of its last event."""

    def __init__(self) -> None:
        super().__init__()
        self.mark = Mark("ring", "fg2", role="small")
        self.words = PlainLabel("", role="small", tone="fg1")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.mark)
        row.addWidget(self.words)

    def show_as(self, name: str, seconds: float | None, *, short: bool) -> None:
        icon, tone, words = source_look(seconds)
        full = f"{name} {words}"
        self.mark.show_as(icon, tone, words)
        if seconds is None and short:
            words = name  # its shape says that nothing came; its name says from whom
        self.words.setText(words if short else full)
        self.words.set_tone("fg1" if tone in ("ok", "fg2") else tone)
        self.setAccessibleName(full)
        set_tip(self, full)
        # Ages grow from one digit to three characters: the sign keeps room for them, its neighbours stay.
        room = self.words.fontMetrics().horizontalAdvance(
            ("" if short else f"{name} ") + t("{n} 秒", n="0.0")
        )
        self.words.setMinimumWidth(max(room, self.words.sizeHint().width()))


class OnAirStrip(QFrame):
    """``show_state`` when the state changed; ``tick`` ten times a second moves clock and ages."""

    SECTIONS: Final = ("room", "broadcast", "audience", "orders", "alarms", "health")

    halted = Signal()
    """全停 was held for a second."""
    alarms_asked = Signal()
    """Somebody wants the list of what is to be seen to, and of the sources."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._opened: datetime | None = None
        self._simulated = self._playback = False
        self._status = "none"
        self._sources: list[SourceState] = []
        self._orders: OrdersState | None = None
        self._screen: Mapping[str, FigureState] = {}
        self._brief = 0
        """How much is said in fewer words: 0 nothing, 3 all that may be (``_fit``)."""
        self._alarms = 0
        self._fitted: tuple[object, ...] = ()
        self._fitting = False
        self._now: datetime | None = None
        self.pill = Chip("", role="heading", loud=True)
        self.title = PlainLabel("", role="heading", elide=True)
        self.sub = PlainLabel("", role="small", tone="fg2", elide=True)
        self.manual = Chip(t("人工协助"), tone="warn")
        self.keyboard = Chip(t("键盘不在本窗口"), tone="warn", loud=True, icon="keyboard")
        self.online = Figure(t("在线"), widest="88,888")
        self.gmv = Figure(t("成交额"), widest="¥8,888,888")
        self.orders = Figure(t("订单"), widest="88,888")
        self.rate = Figure(t("转化"), widest="88.8%")
        self.alarm = AlarmKey()
        self.alarm.clicked.connect(self.alarms_asked)
        self.shared = AlarmKey("link")
        self._shared = "", "", "fg1", ""
        self._alarmed = "", "warn", ""
        self.halt = HoldButton(t("全停"), key="F12")
        self.halt.held.connect(self.halted)
        self.output = OutputSign()
        self._signs = [_SourceSign() for _ in range(_SOURCES_SHOWN)]
        self._more = PlainLabel("", role="small", tone="fg2")
        self._no_source = PlainLabel(t("还没有来源"), role="small", tone="fg2")
        self._build()
        self.set_keyboard(True)

    def _build(self) -> None:
        metrics = QFontMetrics(self.pill.font())
        width = max(metrics.horizontalAdvance(f"{word} 00:00:00") for word in (t("直播中"), t("排练中")))
        self._least_pill = width + 2 * metrics.height() + 8
        self.pill.setMinimumWidth(self._least_pill)
        self.pill.setMinimumHeight(36)
        named = self._build_names()
        self._build_signs()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(20)
        row.addWidget(self.pill)
        row.addWidget(named)
        for figure in (self.online, self.gmv, self.orders, self.rate):
            row.addWidget(figure)
        row.addStretch(1)
        row.addWidget(self.shared)
        row.addWidget(self.alarm)
        row.addWidget(self.output)
        row.addWidget(self._signs_box)
        row.addWidget(self.halt)

    def _build_names(self) -> QWidget:
        """The title, and below it what is counted or that the keyboard is elsewhere."""
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self.title)
        names.addWidget(self.manual, 0, Qt.AlignmentFlag.AlignVCenter)
        names.addStretch(1)
        second = QWidget()
        self._second = QStackedLayout(second)
        holder = QWidget()
        held = QHBoxLayout(holder)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(self.keyboard)
        held.addStretch(1)
        self._second.addWidget(self.sub)
        self._second.addWidget(holder)
        second.setFixedHeight(self.keyboard.sizeHint().height())
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addLayout(names)
        words.addWidget(second)
        words.addStretch(1)
        named = QWidget()
        named.setLayout(words)
        words.setContentsMargins(0, 0, 0, 0)
        named.setMinimumWidth(self.keyboard.sizeHint().width() + 20)
        named.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        # What is counted below the title must not move what stands beside it.
        self.sub.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return named

    def _build_signs(self) -> None:
        self._signs_box = QWidget()
        signs = QHBoxLayout(self._signs_box)
        signs.setContentsMargins(0, 0, 0, 0)
        signs.setSpacing(12)
        for sign in self._signs:
            signs.addWidget(sign)
        signs.addWidget(self._more)
        signs.addWidget(self._no_source)
        self._signs_box.setAccessibleName(t("来源"))
        self._signs_box.setCursor(Qt.CursorShape.PointingHandCursor)
        self._signs_box.installEventFilter(self)

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show how the broadcast stands."""
        broadcast, able = room.broadcast, room.settings.capabilities
        self._status, self._simulated, self._opened = broadcast.status, room.simulated, broadcast.opened_at
        self._playback = bool(room.health.playback)
        self.title.setText(broadcast.title or t("未命名的一场"))
        self.manual.setVisible("person" in (able.pins, able.sales, able.coupons, able.bags))
        parts = self._sub(broadcast, room.health.seats)
        self.sub.set_forms(*(" · ".join(parts[:n]) for n in range(len(parts), 0, -1)), "")
        self._show_online(room.audience.online)
        self._orders, self._screen = room.orders, room.audience.measured
        self._show_orders(now)
        self._show_rate(room.orders.placed, room.audience.exposures)
        self._alarmed = alarm_words.sign(room.health.trouble, room.alarms)
        self._alarms = len(alarm_words.standing(room.health.trouble, room.alarms))
        self.alarm.show_as(*self._alarmed)
        self._sources = room.health.sources
        self._no_source.setVisible(not self._sources)
        self.output.show_health(room.health, now)
        self.tick(now)
        self._fit()

    def show_shared(self, words: str, brief: str, tone: str, whole: str) -> None:
        """Whether others of the studio may join, or to whom this seat is connected; empty: neither. ``brief``
        stands in a narrow window."""
        self._shared = words, brief, tone, whole
        self._show_shared()
        self._fit()

    @property
    def shared_words(self) -> str:
        """What is said of it, whatever has room."""
        return self._shared[0]

    def _show_shared(self) -> None:
        words, brief, tone, whole = self._shared
        self.shared.show_as(brief if self._brief > 1 else words, tone, whole)

    def _sub(self, broadcast: BroadcastState, seats: Sequence[SeatState]) -> list[str]:
        """Which broadcast of the room it is, and whose, where her window has told."""
        host = next((clean(seat.name, 20) for seat in seats if seat.role == "host" and seat.name), "")
        parts = [
            t("模拟数据") if self._simulated else "",
            t("第 {n} 场", n=broadcast.number) if broadcast.number else t("还没开过播"),
            t("主播 {name}", name=host) if host else "",
        ]
        return [part for part in parts if part]

    def _show_online(self, online: int | None) -> None:
        if online is None:
            why = t("没有来源报在线人数")
            self.online.show_as("—", tone="fg2", why=why, beside=t("平台不报"))
        else:
            self.online.show_as(f"{online:,}")

    def _show_orders(self, now: datetime) -> None:
        """Where nobody reports orders their figures are not 0, they are not known, or the platform's screen
        alone tells of them."""
        orders, screen = self._orders, self._screen
        if orders is None:
            return
        if orders.gmv_fen is None or orders.placed is None:
            self.gmv.set_label(t("成交额"))
            self.orders.set_label(t("订单"))
            for figure, name in ((self.gmv, "gmv_fen"), (self.orders, "orders_paid")):
                one = screen.get(name)
                if one is None:
                    figure.show_as("—", tone="fg2", why=t("没有来源报订单"), beside=t("平台不报"))
                else:
                    old = age(max(0.0, (now - one.at).total_seconds()))
                    said = worded(name, one.value).split(".")[0]
                    figure.show_as(said, why=t("平台大屏上的数字"), beside=t("大屏 {age}前", age=old))
            return
        refund = orders.refund_fen or 0
        self.gmv.set_label(t("成交额 · 退 {money}", money=yuan_short(refund)) if refund else t("成交额"))
        self.gmv.show_as(yuan_short(orders.gmv_fen).split(".")[0])
        self.orders.set_label(t("订单 · 未付 {n}", n=f"{orders.unpaid or 0:,}"))
        self.orders.show_as(f"{orders.placed:,}")

    def _show_rate(self, placed: int | None, exposures: int | None) -> None:
        if placed is None:
            self.rate.show_as("—", tone="fg2", why=t("没有来源报订单"), beside=t("平台不报"))
        elif not exposures:
            why = t("没有来源报商品曝光，算不出转化")
            self.rate.show_as("—", tone="fg2", why=why, beside=t("平台不报曝光"))
        else:
            self.rate.show_as(f"{placed / exposures:.1%}", why=t("订单 ÷ 商品曝光"))

    def _keep_pill(self) -> None:
        self.pill.setMinimumWidth(max(self._least_pill, self.pill.sizeHint().width()))

    def tick(self, now: datetime) -> None:
        """Move the clock and the ages."""
        text, tone = self._pill(now)
        self.pill.show_as(text, tone, loud=tone != "fg1", icon="dot" if tone != "fg1" else "ring")
        self.pill.setAccessibleName(text)
        # What the eye meets first is never cut: everything else on the strip gives way before it.
        if self.pill.minimumWidth() < self.pill.sizeHint().width():
            self._keep_pill()
        self._now = now
        self.output.tick(now)
        if self._screen:
            self._show_orders(now)
        self._show_sources()
        if self._too_wide():
            self._fit()  # ages have grown by a character

    def _show_sources(self) -> None:
        if self._now is not None:
            for sign, source in zip(self._signs, self._sources, strict=False):
                sign.show_as(source_name(source.source), source_age(source, self._now), short=self._brief > 2)

    def _pill(self, now: datetime) -> tuple[str, str]:
        if self._status == "open":
            passed = long_clock((now - self._opened).total_seconds()) if self._opened else ""
            if self._playback:
                return f"{t('回看')} {passed}", "warn"
            if self._simulated:
                return f"{t('排练中')} {passed}", "warn"
            return f"{t('直播中')} {passed}", "live"
        if self._playback:
            return t("回看 · 已下播"), "warn"
        if self._simulated:
            return t("排练 · 未开始"), "warn"
        return (t("已下播") if self._status == "closed" else t("未开播")), "fg1"

    def set_keyboard(self, here: bool) -> None:
        """Whether this window has the keyboard; without it no key works, and the strip says so."""
        self._second.setCurrentIndex(0 if here else 1)

    # Narrow windows -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What a narrow window gives up, one thing after the other and no more than it must: what stands
        beside figures; words that keys and OBS say in their tips; the names of sources; at 200 % of a small
        screen the quieter figures; then sources into 「+n」, the ones that speak first; 成交额, the words of
        what is to be seen to, and, while its key stands there and opens them, the sources."""
        if self._fitting or self._situation() == self._fitted:
            return
        self._fitting = True  # what is shown and hidden meanwhile asks for another fit
        self._give_up()
        self._row.setGeometry(self.contentsRect())
        self._fitting = False
        # As it stands now: what was before would be another one, and the strip would try for ever.
        self._fitted = self._situation()

    def _situation(self) -> tuple[object, ...]:
        """What the fit depends on."""
        figures = (self.online, self.gmv, self.orders, self.rate)
        widths = tuple(figure.sizeHint().width() for figure in figures)
        least = self._row.minimumSize().width()  # a part's own layout may have had its turn since
        words = (
            self._alarmed[0],
            self._shared[0],
            self.manual.isHidden(),
            self.title.text(),
            len(self._sources),
        )
        return self.width(), least, widths, words, self.output.isHidden(), self.output.least

    def _give_up(self) -> None:
        for part in (self.rate, self.online, self.orders, self.gmv, self._signs_box):
            part.setVisible(True)
        self._keep_pill()
        self.alarm.show_as(*self._alarmed)
        for brief in range(4):
            self._shorten(brief)
            if not self._too_wide():
                break
        for figure in (self.rate, self.online, self.orders):
            if self._too_wide():
                figure.setVisible(False)
        self._fold_signs()
        if self._too_wide():
            self.gmv.setVisible(False)
        if self._too_wide() and self._alarms:
            self.alarm.show_as(str(self._alarms), *self._alarmed[1:])
            self.alarm.setAccessibleName(self._alarmed[0])
        if self._too_wide():
            self._signs_box.setVisible(not self._alarms)
        if self._too_wide():  # off air its place is wider than its words
            self.pill.setMinimumWidth(self.pill.sizeHint().width())

    def _fold_signs(self) -> None:
        """As many sources as have room, the first of them always; the list has them all."""
        there = min(len(self._sources), _SOURCES_SHOWN)
        for shown in range(there, 0, -1) if there else (0,):
            for index, sign in enumerate(self._signs):
                sign.setVisible(index < shown)
            hidden = len(self._sources) - shown
            self._more.setText(f"+{hidden}" if hidden > 0 else "")
            self._more.setVisible(hidden > 0)
            if not self._too_wide():
                break

    def _shorten(self, brief: int) -> None:
        if brief != self._brief:
            self._brief = brief
            self._row.setSpacing(10 if brief else 20)
            for figure in (self.online, self.gmv, self.orders, self.rate):
                figure.beside.setVisible(not brief)
            self.halt.set_brief(brief > 1)
            self.output.shorten(brief > 1)
            self._show_shared()
            self._show_sources()

    def _too_wide(self) -> bool:
        # A layout remembers what a part asked for until the part's own layout has had its turn.
        figures = (self.online, self.gmv, self.orders, self.rate)
        for part in (*self._signs, self._signs_box, self.output, self.halt, self.alarm, *figures):
            if (own := part.layout()) is not None:
                own.invalidate()
            part.updateGeometry()
        self._row.invalidate()
        return self._row.minimumSize().width() > self.width()

    def minimumSizeHint(self) -> QSize:
        # The strip gives things up rather than keep the window wide.
        return QSize(480, super().minimumSizeHint().height())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if (
            watched is self._signs_box
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
        ):
            self.alarms_asked.emit()
            return True
        return False
