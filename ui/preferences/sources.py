"""来源: which captures are turned on, what each of them does now, and the age of its last word."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from liveconsole.messages.rights import may
from liveconsole.messages.state import GapState
from ui.clean import clean
from ui.i18n import t
from ui.parts.sources import SourceList
from ui.preferences.page import SetRoom, SettingsPage
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.widgets import EmptyState, PlainLabel
from ui.widgets.when import wall_clock
from ui.words.answers import sentence
from ui.words.sources import gap_words, orders_without_amount, source_name

_GAPS: Final = 5


class _Capture(QWidget):
    """One capture: its switch, or for a seat that may not turn it its name, and what it does."""

    def __init__(self, name: str, *, may: bool) -> None:
        super().__init__()
        self.switch = QCheckBox()
        words = source_name(f"/{name}")
        self.switch.setText(words.replace("&", "&&"))
        self.switch.setAccessibleName(words)
        self.state = PlainLabel("", role="small", tone="fg2", lines=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(3)
        if may:
            column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.switch.setParent(self)
            self.switch.hide()
            column.addWidget(PlainLabel(words))
        column.addWidget(self.state)

    def show_state(self, on: bool, state: str, orders: int | None) -> None:
        self.switch.setChecked(on)
        words, tone = _state_words(state)
        if orders:
            words = f"{words} · {orders_without_amount(orders)}"
        self.state.set_tone(tone)
        self.state.setText(words)
        self.switch.setAccessibleDescription(words)


class SourcesPage(SettingsPage):
    """A capture is turned on for the room, not for this window."""

    TITLE: ClassVar = "来源"
    SECTIONS: ClassVar = ("room", "health")

    turned = Signal(object)
    """Source → on or off, as the engine has them now."""

    def __init__(self, set_room: SetRoom, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_room, self._may = set_room, may(role, "room.set")
        self._wanted: dict[str, bool] = {}
        self.captures: dict[str, _Capture] = {}
        self.heading(t("采集"))
        self._why = self.remark("")
        self._box = QVBoxLayout()
        self._box.setSpacing(6)
        self.body.addLayout(self._box)
        self.said = PlainLabel("", role="small", tone="live", lines=0)
        self.body.addWidget(self.said)
        self.heading(t("现在有声音的"))
        self.list = SourceList()
        self._none = EmptyState("link", t("还没有来源"), t("打开采集工具，评论就会进来"))
        self.body.addWidget(self._none)
        self.body.addWidget(self.list)
        self._gaps = PlainLabel("", role="small", tone="fg2", lines=0)
        self.body.addWidget(self._gaps)

    def show_room(self, room: RoomView, now: datetime) -> None:
        health, simulated = room.health, room.settings.simulated
        self._why.setText(
            t("排练用模拟数据，不接采集。")
            if simulated
            else t("打开后，这台电脑等采集工具把评论送来。")
            if self._may
            else t("只有主播和中控能改，这里只看。")
        )
        self._wanted = dict(room.settings.sources)
        for name, said in health.capture.items():
            if name not in self.captures:
                made = self.captures[name] = _Capture(name, may=self._may)
                made.switch.clicked.connect(lambda on, name=name: self._turn(name, on))
                self._box.addWidget(made)
            self.captures[name].show_state(
                self._wanted.get(name, False), str(said.get("state", "off")), said.get("orders")
            )
            self.captures[name].setVisible(not simulated)
        self._none.setVisible(not health.sources)
        self.list.show_sources(health.sources, now)
        self._gaps.setText("\n".join(map(_gap, health.gaps[:_GAPS])))
        self._gaps.setVisible(bool(health.gaps))

    def tick(self, now: datetime) -> None:
        self.list.tick(now)

    def _turn(self, name: str, on: bool) -> None:
        self.captures[name].switch.setChecked(self._wanted.get(name, False))  # it stands once it is on disk
        self._set_room(self, {"sources": {name: on}}, partial(self._answered, name, on))

    def _answered(self, name: str, on: bool, said: Answer) -> None:
        self.said.setText("" if said.ok else sentence(said))
        if said.ok:
            self._wanted[name] = on
            self.captures[name].switch.setChecked(on)
            self.turned.emit(dict(self._wanted))


def _gap(gap: GapState) -> str:
    return gap_words(gap.source, wall_clock(gap.since), wall_clock(gap.until) if gap.until else "", gap.why)


def _state_words(state: str) -> tuple[str, str]:
    known: dict[str, tuple[str, str]] = {
        "off": (t("没有打开"), "fg2"),
        "waiting": (t("打开了，还没连上：先开采集工具"), "warn"),
        "listening": (t("打开了，在等采集工具"), "warn"),
        "connected": (t("连上了"), "ok"),
        "no_secret": (t("打开了，还没有密钥：填好才能连"), "warn"),
        "refused": (t("平台不让连：看一下密钥和房间号"), "live"),
        "port_taken": (t("端口被别的程序占着：关掉那个程序"), "live"),
    }
    found: Any = known.get(state, (clean(state, 40), "fg2"))
    return found[0], found[1]
