"""带货的人: what each brought in the last days, and the few goods that he may offer at a price of his own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.sharers import SharerRow, SharersPage
from liveconsole.views.money import yuan
from ui.clean import clean
from ui.i18n import t
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel, button
from ui.widgets.entry import MoneyEntry
from ui.windows.history.facts import moment

ROWS: Final = 4
"""Goods of one sharer."""
_PERCENT: Final = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_ID_LONG: Final = 200


class SharersForm(QFrame):
    """``written`` carries the data of ``sharer.put``."""

    written = Signal(dict)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("raised")
        self._page: SharersPage | None = None
        self.who, self.other = ChoiceBox(), QLineEdit()
        self.who.setAccessibleName(t("带货的人"))
        self.other.setMaxLength(_ID_LONG)
        self.other.setPlaceholderText(t("观众编号"))
        self.other.setAccessibleName(t("观众编号"))
        self.other.returnPressed.connect(self.write)
        self.line = PlainLabel("", role="small", tone="fg1", lines=0)
        self.said = PlainLabel("", tone="warn", lines=0)
        self.goods: list[tuple[ChoiceBox, MoneyEntry, QLineEdit]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 3)
        for column, name in enumerate((t("商品"), t("专属价，元"), t("佣金，百分之几（可空）"))):
            grid.addWidget(PlainLabel(name, role="small", tone="fg1"), 0, column)
        for row in range(1, ROWS + 1):
            sku, price, percent = ChoiceBox(), MoneyEntry(), QLineEdit()
            percent.setMaxLength(6)
            for column, (each, name) in enumerate(
                (
                    (sku, t("第 {n} 件商品", n=row)),
                    (price, t("第 {n} 件的专属价", n=row)),
                    (percent, t("第 {n} 件的佣金", n=row)),
                )
            ):
                each.setAccessibleName(name)
                grid.addWidget(each, row, column)
            price.returnPressed.connect(self.write)
            percent.returnPressed.connect(self.write)
            self.goods.append((sku, price, percent))
        self.put, self.leave = button(t("记下"), "primary"), button(t("不改了"))
        self.put.clicked.connect(self.write)
        self.leave.clicked.connect(self.left)
        self.who.currentIndexChanged.connect(self._show_chosen)
        self._lay_out(grid)
        self.hide()

    def _lay_out(self, grid: QGridLayout) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(PlainLabel(t("带货的人"), role="strong"))
        head.addWidget(self.who, 1)
        head.addWidget(self.other, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.put)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addLayout(grid)
        column.addLayout(foot)

    def open_for(self, page: SharersPage, goods: Mapping[str, str]) -> None:
        """The strongest is chosen. ``goods``: SKU → its title."""
        self._page = page
        rows = [row for row in page.rows if row.sharer != FORGOTTEN]
        self.who.set_items([*((row.sharer, row.name or row.sharer) for row in rows), ("", t("另一个人"))])
        items = [("", t("没有")), *goods.items()]
        for sku, _, _ in self.goods:
            sku.set_items(items)
        self.said.setText("")
        self._show_chosen()
        self.show()
        self.who.setFocus(Qt.FocusReason.TabFocusReason)

    def _row(self) -> SharerRow | None:
        rows = self._page.rows if self._page is not None else []
        return next((row for row in rows if row.sharer == self.who.chosen), None)

    def _show_chosen(self) -> None:
        row = self._row()
        self.other.setVisible(row is None)
        self.line.setText(_figures(row) if row is not None else "")
        self.line.setVisible(row is not None)
        had = row.goods if row is not None else []
        for place, (sku, price, percent) in enumerate(self.goods):
            one = had[place] if place < len(had) else None
            sku.choose(one.sku_id if one is not None else "")
            price.set_fen(one.price_fen if one is not None else None)
            percent.setText((one.percent or "") if one is not None else "")

    def write(self) -> None:
        """Hand it in, or say what is wrong beside its keys."""
        who = self.who.chosen or self.other.text().strip()
        if not who:
            return self._wrong(t("写上观众编号"), self.other)
        goods: list[dict[str, Any]] = []
        for sku, price, percent in self.goods:
            if sku.chosen is None:
                continue
            fen, said = price.fen(), percent.text().strip().removesuffix("%").strip()
            if fen is None:
                return self._wrong(price.problem() or t("写上专属价"), price)
            if said and _PERCENT.fullmatch(said) is None:
                return self._wrong(t("百分之几写成 12.5"), percent)
            one: dict[str, Any] = {"sku_id": sku.chosen, "price_fen": fen}
            goods.append(one | ({"percent": said} if said else {}))
        self.written.emit({"viewer_id": who, "goods": goods})
        return None

    def tell(self, words: str, params: Mapping[str, Any]) -> None:
        """Why the engine did not take it; the keyboard goes to the price that it is about."""
        self.said.setText(words)
        for sku, price, _ in self.goods:
            if sku.chosen is not None and sku.chosen == params.get("sku_id"):
                price.setFocus()

    def _wrong(self, said: str, field: QLineEdit) -> None:
        self.said.setText(said)
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _figures(row: SharerRow) -> str:
    """What he brought, and until when his goods stand."""
    commission = "—" if row.commission_fen is None else yuan(row.commission_fen)
    said = [
        t("带来 {n} 人次", n=f"{row.visits:,}"),
        t("{n} 单", n=f"{row.orders:,}"),
        yuan(row.amount_fen),
        t("影响力 {score}", score=f"{row.influence:.0f}"),
        t("佣金 {amount}", amount=commission),
    ]
    if row.goods_until is not None:
        said.append(t("专属价到 {at}，之前不能改", at=moment(row.goods_until)))
    return clean(" · ".join(said), 300)
