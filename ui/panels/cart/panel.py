"""The cart as viewers see it, and what a person may do with a product."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.i18n import t
from ui.panels.cart.rows import CartDelegate, CartRow, cart_rows
from ui.parts.next import NextBox
from ui.seat.room import RoomView
from ui.widgets import EmptyState, FireButton, FlowRow, Section, Separator, button, set_tip
from ui.widgets.rows import RowsList, RowsModel, RowsOrEmpty
from ui.words.answers import refusal

_NEEDS: Final = {
    "pin": "cart.pin",
    "up": "cart.move",
    "down": "cart.move",
    "stock": "stock.add",
    "shelf": "product.shelf",
    "remove": "cart.remove",
}
_STEPS: Final = {"up": -1, "down": 1}


class CartPanel(Section):
    """Emits what is asked for; whoever owns the seat sends the command and shows the answer."""

    SECTIONS: Final = NextBox.SECTIONS

    pin_asked = Signal(str, int)
    """product_id, and the number that was seen beside it (``number_moved`` guards the rest)."""
    unpin_asked = Signal()
    move_asked = Signal(str, int)
    """product_id, position from 1 in the cart."""
    remove_asked = Signal(str)
    shelf_asked = Signal(str, bool)
    stock_asked = Signal(str)
    """加单 for a product: how many is asked elsewhere."""
    next_asked = Signal(str)
    """下一品, with the product that the button named (``""``: a segment without one)."""
    add_asked = Signal()
    """Products are to be brought in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("购物车"), flush=True, parent=parent)
        self._allowed: Collection[str] | None = None
        self.model: RowsModel[CartRow] = RowsModel(self)
        self.list = RowsList(self.model, CartDelegate(self), t("购物车"))
        self.list.installEventFilter(self)
        self.list.selectionModel().currentChanged.connect(self._show_rights)
        self.empty = EmptyState("cart", t("购物车还是空的"), t("粘贴商品：编号 名称 价格 库存 底价"))
        self.add = button(t("添加商品"), "primary", icon="plus", tone="on_fill")
        self.box = NextBox()
        self.next, self.next_says = self.box.key, self.box.says
        self.pin = FireButton(t("讲解"), role="strong")
        self.buttons = {
            "up": button("", "quiet", icon="up"),
            "down": button("", "quiet", icon="down"),
            "stock": button(t("加单"), "quiet"),
            "shelf": button(t("下架"), "quiet"),
            "remove": button("", "quiet", icon="trash"),
        }
        self._build()
        self._show_rights()

    def _build(self) -> None:
        names = {"up": t("上移"), "down": t("下移"), "remove": t("移出购物车")}
        for what, name in names.items():
            self.buttons[what].setAccessibleName(name)
            set_tip(self.buttons[what], name)
        bar = QWidget()
        flow = FlowRow(bar, gap=2)
        flow.setContentsMargins(14, 8, 10, 8)
        flow.addWidget(self.pin)
        for each in self.buttons.values():
            flow.addWidget(each)
        self.buttons["up"].clicked.connect(lambda: self._move(_STEPS["up"]))
        self.buttons["down"].clicked.connect(lambda: self._move(_STEPS["down"]))
        self.buttons["stock"].clicked.connect(lambda: self._ask("stock"))
        self.buttons["shelf"].clicked.connect(lambda: self._ask("shelf"))
        self.buttons["remove"].clicked.connect(lambda: self._ask("remove"))
        self.pin.fired.connect(lambda: self._ask("pin"))
        self.box.asked.connect(lambda: self.next_asked.emit(self.box.product_id))
        self.add.clicked.connect(self.add_asked)

        self._held = RowsOrEmpty(self.list, self.empty, self.add)
        self.body.setSpacing(0)
        self.body.addWidget(Separator())
        self.body.addWidget(self._held, 1)
        self.body.addWidget(Separator())
        self.body.addWidget(bar)
        self.body.addWidget(self.box)

    # What it shows ------------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; the selected product stays selected wherever it moved."""
        self.list.show_rows(cart_rows(room))
        rows = self.model.rows
        self._held.show_empty(not rows)
        off = sum(not row.on_shelf for row in rows)
        words = t("{n} 件", n=len(rows))
        self.note.setText(t("{n} 件 · {off} 件下架", n=len(rows), off=off) if off else words if rows else "")
        self.box.show_state(room, now)
        self._show_rights()

    def set_allowed(self, commands: Collection[str] | None) -> None:
        """The commands of this seat's role; None allows all. The engine judges again."""
        self._allowed = commands
        self._show_rights()

    def _may(self, what: str) -> str:
        """Why not, or ``""``."""
        if self._allowed is not None and _NEEDS[what] not in self._allowed:
            return refusal("forbidden")
        return "" if self.list.chosen() is not None else t("先选一件商品")

    def _show_rights(self) -> None:
        row = self.list.chosen()
        for what, each in self.buttons.items():
            why = self._may(what)
            each.setEnabled(not why and self.list.has_place(_STEPS.get(what, 0)))
        shelf = self.buttons["shelf"]
        shelf.setText(t("上架") if row is not None and not row.on_shelf else t("下架"))
        shelf.setAccessibleName(shelf.text())
        pinned = row is not None and bool(row.pinned)
        why = self._may("pin")
        if not why and row is not None and not row.on_shelf and not pinned:
            why = t("已下架")
        label = (
            t("讲解 {label}", label=t("{numbers} 号", numbers=row.number)) if row is not None else t("讲解")
        )
        self.pin.show_as(t("结束讲解") if pinned else label)
        self.pin.block(why)

    # What the person does -----------------------------------------------------------------------------

    def _ask(self, what: str) -> None:
        row = self.list.chosen()
        if row is None or self._may(what):
            return
        if what == "pin" and row.pinned:
            self.unpin_asked.emit()
        elif what == "pin":
            self.pin_asked.emit(row.product_id, row.number)
        elif what == "stock":
            self.stock_asked.emit(row.product_id)
        elif what == "shelf":
            self.shelf_asked.emit(row.product_id, not row.on_shelf)
        elif what == "remove":
            self.remove_asked.emit(row.product_id)

    def _move(self, by: int) -> None:
        row = self.list.chosen()
        if row is not None and not self._may("up") and self.list.has_place(by):
            self.move_asked.emit(row.product_id, self.list.currentIndex().row() + by + 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+↑ and Alt+↓ move the chosen product, Ctrl+PgDn explains it, Delete asks to take it out. Enter
        and Space do nothing."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() == Qt.Key.Key_PageDown and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if not self.pin.reason:
                    self._ask("pin")
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._ask("remove")
                return True
        return super().eventFilter(watched, event)
