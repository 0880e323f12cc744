"""One SKU of a sale that is composed: its price, how many, and what the rules say of both."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.messages.state import SkuState
from liveconsole.messages.verdicts import RefusalSaid, SkuFault, SkuSaid
from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.widgets import NumberField, PlainLabel, set_tip
from ui.widgets.entry import MoneyEntry
from ui.words.answers import refusal

CELL: Final = 112, 116
"""Least width and height at text scale 1."""
MOST: Final = 1_000_000
_SHORT: Final = ("over_stock", "broadcast_limit")
"""Codes of fewer units than are wanted."""


class SkuCell(QFrame):
    """``price_edited`` and ``quantity_edited`` come when a person typed. None of it is in the sale at 0."""

    price_edited = Signal()
    quantity_edited = Signal()
    changed = Signal()

    def __init__(self, sku: SkuState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cell")
        self.sku_id, self.title, self.available = sku.sku_id, sku.title, sku.available
        self.day_fen = sku.price_fen
        self.own = False
        """Its price is its own, not the one for all."""
        self.touched = False
        self._quiet, self._setting = True, False
        self._row: SkuSaid | None = None
        scale = theme.text_scale()
        self.setMinimumWidth(round(CELL[0] * scale))
        self.setFixedHeight(round(CELL[1] * scale))
        self.price, self.quantity = MoneyEntry(), NumberField(0, MOST)
        self._build()
        self.setAccessibleName(self.title)
        self.show_row(None)

    def _build(self) -> None:
        self.price.setProperty("look", "price")
        self.price.setFont(theme.font("clock"))
        self.price.setAccessibleName(t("秒杀价 {title}", title=self.title))
        self.quantity.setAccessibleName(t("数量 {title}", title=self.title))
        self.quantity.setFixedWidth(round(42 * theme.text_scale()))
        self.quantity.lineEdit().setTextMargins(0, 0, 0, 0)
        self.quantity.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._whose = PlainLabel("", role="small", tone="fg2")
        self._left = PlainLabel("", role="small", tone="fg1", elide=True)
        self._lowest = PlainLabel("", role="small", elide=True)
        self._floor = PlainLabel("", role="small", elide=True)
        for label in (self._left, self._lowest, self._floor):
            label.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 8, 7)
        column.setSpacing(3)
        top, middle = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(0)
        middle.setSpacing(5)
        self._yen = PlainLabel("¥", role="clock")
        top.addWidget(self._yen)
        top.addWidget(self.price, 1)
        top.addWidget(self._whose)
        middle.addWidget(PlainLabel(t("抢"), role="small", tone="fg1"))
        middle.addWidget(self.quantity)
        middle.addWidget(self._left, 1)
        column.addLayout(top)
        column.addLayout(middle)
        column.addStretch(1)
        column.addWidget(self._lowest)
        column.addWidget(self._floor)
        self.price.textEdited.connect(self._price_typed)
        self.quantity.valueChanged.connect(self._counted)
        for moved in (self.price.textChanged, self.quantity.valueChanged):
            moved.connect(self.changed)

    def _price_typed(self) -> None:
        self.touched = True
        self.price_edited.emit()

    def _counted(self) -> None:
        if not self._setting:
            self.touched = True
            self.quantity_edited.emit()
        self.show_row(self._row)

    @property
    def wanted(self) -> bool:
        """Whether any of it goes into the sale."""
        return self.quantity.value() > 0

    @property
    def state(self) -> str:
        """``out``, ``wrong``, ``warn``, ``own`` or ``""``: what its frame says."""
        return str(self.property("state") or "")

    def set_price(self, fen: int | None, *, own: bool) -> None:
        """Another price: its own, or the one for all."""
        self.own = own
        if self.price.fen() != fen or not self.price.text():
            self.price.set_fen(fen)
        self.show_row(self._row)

    def follow(self, typed: str, fen: int | None) -> None:
        """The price for all as it is being typed, unless it has its own."""
        if not self.own:
            self.price.setText(typed)
            self.set_price(fen, own=False)

    def be_own(self, own: bool) -> None:
        """Whether what was typed is its own price, or that for all again."""
        self.own = own
        self.show_row(self._row)

    def set_quantity(self, units: int) -> None:
        """So many of it."""
        self._setting = True
        self.quantity.setValue(units)
        self._setting = False
        self.show_row(self._row)

    def be_quiet(self, quiet: bool) -> None:
        """Nothing of it is red before somebody was at the form."""
        if quiet != self._quiet:
            self._quiet = quiet
            self.show_row(self._row)

    def show_row(self, row: SkuSaid | None) -> None:
        """The rules' answer about it; None while they are asked."""
        self._row = row
        faults = row.faults if row is not None and self.wanted else []
        bad = "warn" if faults and all(each.at_start for each in faults) else "wrong"
        unread = self.price.problem() if self.wanted else ""
        at_fault = bool(faults or unread) and not self._quiet
        state = bad if at_fault else "own" if self.own and self.wanted else "" if self.wanted else "out"
        self._frame(state)
        tone = (theme.soft(theme.tokens(), "live")[1] if bad == "wrong" else "warn") if at_fault else ""
        self._say_price(row, unread, [each for each in faults if each.code not in _SHORT], tone)
        self._say_left(any(each.code in _SHORT for each in faults), tone)
        why = "\n".join([*([unread] if unread else []), *(_worded(each) for each in faults)])
        self._explain(why if at_fault else "")

    def _explain(self, why: str) -> None:
        """Its frame, and every triangle in it, says why."""
        marked = [label for label in (self._left, self._lowest) if "▲" in label.text()]
        for part in (self, *marked):
            set_tip(part, why)
            part.setAccessibleDescription(why)
        if self._left not in marked:
            set_tip(self._left, "")

    def _frame(self, state: str) -> None:
        if self.state != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)
        out = state == "out"
        self._whose.set_tone("accent" if self.own and not out else "fg2")
        self._whose.setText("" if out else t("单独定") if self.own else t("跟总价"))

    def _say_left(self, over: bool, tone: str) -> None:
        free = self._row.free if self._row is not None else None
        left = self.available if free is None else free
        words = t("余 {n}", n=f"{left:,}")
        self._left.set_tone((tone or "fg1") if over else "fg1")
        self._left.setText(f"{words} ▲" if over and tone else words)

    def _say_price(self, row: SkuSaid | None, unread: str, faults: list[SkuFault], tone: str) -> None:
        low, floor = (row.lowest_fen, row.floor_fen) if row is not None else (None, None)
        lowest = t("最低到手 {money}", money=yuan_short(low) if low is not None else "—")
        under = t("底价 {money}", money=yuan_short(floor)) if floor is not None else t("没有底价")
        if not self.wanted:
            lowest, under = (t("售罄"), "") if not self.available else (t("不参加"), "")
        elif unread and tone:
            lowest, under = f"▲ {unread}", ""
        elif row is None:
            lowest, under = t("最低到手 {money}", money="—"), ""
        elif faults and tone:
            code = faults[0].code
            if code == "below_price_floor":
                lowest, under = f"▲ {lowest}", t("低于底价 {money}", money=yuan_short(floor or 0))
            elif code == "bad_spec":
                lowest, under = f"▲ {t('高于日常价 {money}', money=yuan_short(self.day_fen))}", under
            else:
                lowest, under = f"▲ {_worded(faults[0])}", ""
        red = tone if (faults or unread) and tone else ""
        self._lowest.set_tone(red or ("ok" if low is not None and self.wanted else "fg2"))
        self._floor.set_tone(red or "fg1")
        self._lowest.setText(lowest)
        self._floor.setText(under)
        set_tip(self._lowest, lowest)
        set_tip(self._floor, under)


def _worded(refused: RefusalSaid) -> str:
    return refusal(refused.code, refused.params, refused.text)
