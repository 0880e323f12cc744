"""Bring products in: paste them or open a CSV, look at what was read, put them into catalogue and cart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.views.money import yuan_short
from liveconsole.views.products import BadRow, Row, parse_rows
from liveconsole.views.tables import decode
from ui.answers import sentence
from ui.i18n import language, t
from ui.seat import Answer, Seat
from ui.sheet import Sheet
from ui.widgets import Mark, PlainLabel, button

LARGEST: Final = 5 * 1024 * 1024
SHOWN: Final = 200
"""Rows that are listed; all are put."""


class ProductsSheet(Sheet):
    """Bad rows are marked with their reason and left out; nothing is put before the person says so."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(t("粘贴商品"), parent)
        self._seat = seat
        self._rows: list[Row] = []
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(t("粘贴商品"))
        self.text.setPlaceholderText(
            t("编号 名称 价格 库存 底价，一行一个，例如：\nA01 羊绒围巾 199 128 99\n可以直接从表格里复制")
        )
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(140)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self.read)
        self.text.textChanged.connect(self._timer.start)
        csv = button(t("打开 CSV…"), icon="box")
        csv.clicked.connect(self._pick)
        row = QHBoxLayout()
        row.addWidget(csv)
        row.addStretch(1)
        self.body.addWidget(self.text)
        self.body.addLayout(row)
        self.count = PlainLabel("", role="strong", lines=0)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.body.addWidget(self.count)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self.carted = QCheckBox(t("同时放进购物车"))
        self.carted.setChecked(True)
        self.said = PlainLabel("", tone="live", lines=0)
        self.said.hide()
        self.put = button(t("放进来"), "primary")
        self.put.setEnabled(False)
        self.put.clicked.connect(self._put)
        for each in (self.carted, self.said, self.put):
            self.add_foot(each)

    def read(self) -> None:
        """Read what stands in the field and show it row by row."""
        found = parse_rows(self.text.toPlainText())
        self._rows = [row for row in found if isinstance(row, Row)]
        bad = len(found) - len(self._rows)
        words = t("读到 {n} 个商品", n=len(self._rows)) if found else ""
        self.count.setText(words + (t("，{n} 行不对（不会放进来）", n=bad) if bad else ""))
        self.count.set_tone("warn" if bad else "fg0")
        self._show(found)
        self.put.setEnabled(bool(self._rows))
        self.put.setText(t("放进来 {n} 个", n=len(self._rows)) if self._rows else t("放进来"))

    def _show(self, found: Sequence[Row | BadRow]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        # What is wrong comes first: it is what there is to do.
        ordered = [row for row in found if isinstance(row, BadRow)] + self._rows
        for row in ordered[:SHOWN]:
            self._list.addWidget(_line(row))
        if len(ordered) > SHOWN:
            more = t("还有 {n} 行没有列出来", n=len(ordered) - SHOWN)
            self._list.addWidget(PlainLabel(more, role="small", tone="fg2"))

    def _pick(self) -> None:
        asked = QFileDialog(self, t("打开 CSV"))
        asked.setNameFilters([t("表格文本 (*.csv *.txt *.tsv)"), t("所有文件 (*)")])
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        asked.fileSelected.connect(lambda path: self.open_file(Path(path)))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def open_file(self, path: Path) -> None:
        """Read a file as if its text had been pasted."""
        try:
            if path.stat().st_size > LARGEST:
                self._say(t("文件超过 5 MB"))
                return
            self.text.setPlainText(decode(path.read_bytes()))
        except OSError as why:
            self._say(t("打不开：{why}", why=why.strerror or type(why).__name__))
            return
        self._say("")
        self.read()

    def _put(self) -> None:
        self.read()
        self.put.setEnabled(False)
        tasks.spawn(self._bring_in(list(self._rows)), name="put products")

    async def _bring_in(self, rows: list[Row]) -> None:
        answer = await self._seat.ask("catalogue.put", {"products": [row.product() for row in rows]})
        if answer.ok and self.carted.isChecked():
            state = self._seat.state or {}
            there = {item["product_id"] for item in (state.get("cart") or {}).get("items", ())}
            new = [row.product_id for row in rows if row.product_id not in there]
            if new:
                answer = await self._seat.ask("cart.add", {"product_ids": new})
        if self.is_here():
            self._done(answer)

    def _done(self, answer: Answer) -> None:
        if answer.ok:
            self.close_sheet()
            return
        self._say(sentence(answer))
        self.put.setEnabled(True)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))


def _line(row: Row | BadRow) -> QWidget:
    held = QWidget()
    across = QHBoxLayout(held)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(8)
    if isinstance(row, BadRow):
        across.addWidget(Mark("warn", "warn", role="small", name=t("不对")))
        words = QVBoxLayout()
        words.setSpacing(0)
        why = row.reason(english=language() == "en")
        words.addWidget(
            PlainLabel(t("第 {n} 行：{why}", n=row.line, why=why), role="small", tone="warn", lines=0)
        )
        words.addWidget(PlainLabel(row.text, role="small", tone="fg2", elide=True))
        across.addLayout(words, 1)
        return held
    across.addWidget(Mark("check", "ok", role="small", name=t("好")))
    across.addWidget(PlainLabel(f"{row.product_id} {row.title}", role="small", elide=True), 1)
    floor = t("底价 {money}", money=yuan_short(row.floor_fen)) if row.floor_fen is not None else t("无底价")
    figures = f"{yuan_short(row.price_fen)} · {t('余 {n}', n=f'{row.stock:,}')} · {floor}"
    across.addWidget(PlainLabel(figures, role="small", tone="fg1"))
    return held
