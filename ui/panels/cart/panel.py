"""The cart as viewers see it, and what a person may do with a product."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.i18n import t
from ui.panels.cart.rows import CartDelegate, CartRow, cart_rows
from ui.parts.next import NextBox
from ui.parts.row_menu import RowMenu, show_entry
from ui.parts.typed_number import TypedNumber
from ui.seat.room import RoomView
from ui.widgets import EmptyState, Section, Separator, button
from ui.widgets.rows import RowsList, RowsModel, RowsOrEmpty
from ui.words.answers import refusal

_NEEDS: Final = {
    "pin": "cart.pin",
    "up": "cart.move",
    "down": "cart.move",
    "stock": "stock.add",
    "limit": "stock.limit",
    "picture": "catalogue.put",
    "licence": "catalogue.put",
    "shelf": "product.shelf",
    "remove": "cart.remove",
}
_STEPS: Final = {"up": -1, "down": 1}


class CartPanel(Section):
    """Emits what is asked for; whoever owns the seat sends the command and shows the answer."""

    SECTIONS: Final = (*NextBox.SECTIONS, "law")

    pin_asked = Signal(str, int)
    """product_id, and the number that was seen beside it (``number_moved`` guards the rest)."""
    unpin_asked = Signal()
    move_asked = Signal(str, int)
    """product_id, position from 1 in the cart."""
    remove_asked = Signal(str)
    shelf_asked = Signal(str, bool)
    stock_asked = Signal(str)
    """加单 for a product: how many is asked elsewhere."""
    limit_asked = Signal(str)
    picture_asked = Signal(str)
    licence_asked = Signal(str)
    """Category and licences of a product."""
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
        TypedNumber(self.list, self.go_to)
        self.list.selectionModel().currentChanged.connect(self._show_rights)
        self.empty = EmptyState("cart", t("购物车还是空的"), t("粘贴商品：编号 名称 价格 库存 底价"))
        self.add = button(t("添加商品"), "primary", icon="plus", tone="on_fill")
        self.box = NextBox()
        self.next, self.next_says = self.box.key, self.box.says
        self.menu = RowMenu(self.list, self._show_rights)
        self.pin = self.menu.entry(t("讲解"), "Ctrl+PgDn", lambda: self._ask("pin"))
        self.pin_reason = ""
        self.tools = {
            "up": self.menu.entry(t("上移"), "Alt+↑", lambda: self._move(_STEPS["up"])),
            "down": self.menu.entry(t("下移"), "Alt+↓", lambda: self._move(_STEPS["down"])),
            "stock": self.menu.entry(t("加单"), "", lambda: self._ask("stock")),
            "limit": self.menu.entry(t("本场上限…"), "", lambda: self._ask("limit")),
            "picture": self.menu.entry(t("图片…"), "", lambda: self._ask("picture")),
            "licence": self.menu.entry(t("类目和资质…"), "", lambda: self._ask("licence")),
            "shelf": self.menu.entry(t("下架"), "", lambda: self._ask("shelf")),
            "remove": self.menu.entry(t("移出购物车"), "Delete", lambda: self._ask("remove")),
        }
        self.head.addWidget(self.menu.key)
        self._build()
        self._show_rights()

    def _build(self) -> None:
        self.box.asked.connect(lambda: self.next_asked.emit(self.box.product_id))
        self.add.clicked.connect(self.add_asked)

        self.list_box = RowsOrEmpty(self.list, self.empty, self.add)
        self.list_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.list_box.setMinimumHeight(round(self.fontMetrics().height() * 3.05))
        self.body.setSpacing(0)
        rule = Separator()
        self.above: tuple[QWidget, ...] = (rule,)
        self.body.addWidget(rule)
        self.body.addWidget(self.list_box, 1)
        self.body.addWidget(self.box)

    # What it shows ------------------------------------------------------------------------------------

    def show_state(self, room: RoomView, now: datetime) -> None:
        """Show the room; the selected product stays selected wherever it moved."""
        self.list.show_rows(cart_rows(room))
        rows = self.model.rows
        self.list_box.show_empty(not rows)
        self.menu.key.setVisible(bool(rows))
        off = sum(not row.on_shelf for row in rows)
        words = t("{n} 件", n=len(rows)) if rows else ""
        self.note.set_forms(t("{n} 件 · {off} 件下架", n=len(rows), off=off) if off else words, words, "")
        self.box.show_state(room, now)
        self._show_rights()

    def add_above_next(self, block: QWidget) -> None:
        """A block that is as high as it must be: the list gives the room."""
        self.body.removeWidget(block)  # a second time it would come to stand below
        self.body.insertWidget(self.body.indexOf(self.box), block)

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
        for what, each in self.tools.items():
            why = self._may(what)
            each.setEnabled(not why and self.list.has_place(_STEPS.get(what, 0)))
        off = row is not None and not row.on_shelf
        show_entry(self.tools["shelf"], t("上架") if off else t("下架"), why=self._may("shelf"))
        pinned = row is not None and bool(row.pinned)
        why = self._may("pin")
        if not why and row is not None and not row.on_shelf and not pinned:
            why = t("已下架")
        label = (
            t("讲解 {label}", label=t("{numbers} 号", numbers=row.number)) if row is not None else t("讲解")
        )
        self.pin_reason = why
        show_entry(self.pin, t("结束讲解") if pinned else label, why=why)

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
        elif what == "limit":
            self.limit_asked.emit(row.product_id)
        elif what == "picture":
            self.picture_asked.emit(row.product_id)
        elif what == "licence":
            self.licence_asked.emit(row.product_id)
        elif what == "shelf":
            self.shelf_asked.emit(row.product_id, not row.on_shelf)
        elif what == "remove":
            self.remove_asked.emit(row.product_id)

    def go_to(self, number: int) -> bool:
        """The cursor goes to the product of this number; whether there is one."""
        found = next((row for row in self.model.rows if row.number == number), None)
        if found is not None:
            self.list.choose(found.key)
        return found is not None

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
                if not self.pin_reason:
                    self._ask("pin")
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._ask("remove")
                return True
        return super().eventFilter(watched, event)
