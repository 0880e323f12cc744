"""Bring products in: paste them or give a file, look at what was read, put them into catalogue and cart."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QWidget

from liveconsole import tasks
from liveconsole.intake.products import (
    ProductImport,
    ProductTable,
    RowChange,
    compare,
    is_goods,
    paste_products,
    read_products,
    refuse,
    shops,
)
from liveconsole.intake.products.pictures import pictures_of, with_pictures
from liveconsole.intake.products.shops import BadShops
from liveconsole.intake.products.words import COLUMN_NAMES, GOODS
from liveconsole.intake.tables import Choice, Table, TableRow, Words
from liveconsole.intake.tables.drawn import Drawn, drawn_in
from liveconsole.messages.state import ProductState
from liveconsole.messages.verdicts import WarnedWord
from ui import preferences
from ui.i18n import language, t
from ui.panels.products.words import item_of
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.draft_check import DraftCheck, by_row, once_more
from ui.sheets.table import TableSheet
from ui.words.answers import sentence

Json = Mapping[str, Any]


class ProductsSheet(TableSheet[ProductTable]):
    """Bad rows are marked with their reason and left out; nothing is put before the person says so."""

    SECTIONS: ClassVar = ("catalogue",)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        hint = t(
            "编号 名称 价格 库存 底价，一行一个，例如：\nA01 羊绒围巾 199 128 99\n"
            "可以直接从表格里复制，也可以把 .xlsx、.xls 或 CSV 文件拖进来"
        )
        super().__init__(t("添加商品"), hint, COLUMN_NAMES, preferences.current(), parent)
        self._seat = seat
        self._words, self._trouble = _words()
        self._known = self._products()
        self._refused: dict[str, str] = {}
        self.seen: list[RowChange] = []
        self.wording = DraftCheck(seat, self, self._show_words, rows="products")
        self._hints: dict[str, str] = {}
        self._pictureless: list[str] = []
        """Products that came in without their picture, each with its reason."""
        self.carted = QCheckBox(t("同时放进购物车"))
        self.carted.setChecked(True)
        self.put.setText(t("放进来"))
        for each in (self.carted, self.said, self.put):
            self.add_foot(each)

    def reading(self) -> Callable[[str | Table, Choice], ProductTable]:
        words = self._words
        return lambda given, said: (
            paste_products(given, said, words)
            if isinstance(given, str)
            else read_products(given, said, words)
        )

    def is_wanted(self, lines: Sequence[TableRow]) -> bool:
        return is_goods(lines)

    def asks(self) -> str:
        refusal = self.found.refusal if self.found is not None else None
        return refusal.reason(english=language() == "en") if refusal is not None else ""

    def shows_columns(self) -> bool:
        """No choice makes goods of orders."""
        refusal = self.found.refusal if self.found is not None else None
        return refusal is None or refusal.code != "orders"

    def show_room(self, room: RoomView, now: datetime) -> None:
        """What is new or the same may be another now."""
        if self.found is not None and self._products() != self._known:
            self._compare()

    def _products(self) -> list[ProductState]:
        return self._seat.state.catalogue.products if self._seat.state is not None else []

    def show_found(self) -> None:
        self._refused, self._hints = {}, {}
        self._compare()
        puts = self._puts()
        if puts:
            self.wording.look("catalogue.put", {"products": puts})
        else:
            self.wording.forget()

    def _puts(self) -> list[dict[str, Any]]:
        return [each.row.product() for each in self.seen if each.row and each.state in ("new", "changed")]

    def _show_words(self, words: list[WarnedWord]) -> None:
        """A hint at every row in which a word should be looked at."""
        ids = [put["product_id"] for put in self._puts()]
        hints = {ids[place]: hint for place, hint in by_row(words).items() if place < len(ids)}
        if hints != self._hints:
            self._hints = hints
            self.preview.refresh()

    def _compare(self) -> None:
        found = self.found
        assert found is not None
        english = language() == "en"
        self._known = self._products()
        seen = self.seen = self._compared(found)
        bad = [each.bad for each in seen if each.bad is not None]
        good = [each for each in seen if each.bad is None]
        words = t("读到 {n} 个商品", n=len(good)) if seen else ""
        if found.refusal is not None and not self.shows_columns():
            words = self.asks()
        remarks = [self._trouble] if self._trouble else []
        remarks += [remark.said(english=english) for remark in found.remarks()] if seen else []
        self.preview.show_rows(
            seen,
            words + (t("，{n} 行不对（不会放进来）", n=len(bad)) if bad else ""),
            show=lambda each: item_of(each, self._hints, english=english),
            remarks=remarks,
            mending=lambda: found.to_mend(bad, english=english),
        )
        if not self.busy:
            self.put.setEnabled(bool(good))
            self.put.setText(t("放进来 {n} 个", n=len(good)) if good else t("放进来"))

    def _compared(self, found: ProductTable) -> list[RowChange]:
        seen = compare(found, self._products())
        for product_id, reason in self._refused.items():
            seen = refuse(seen, product_id, reason, found)
        return seen

    # Putting ------------------------------------------------------------------------------------------

    def bring_in(self) -> None:
        if self.settled():
            self.wording.settle(self._send, lambda: self.say(once_more()))

    def _send(self) -> None:
        self.sending = True
        self.put.setEnabled(False)
        self.say("")
        assert self.found is not None
        tasks.spawn(self._bring_in(self.found), name="put products")

    async def _bring_in(self, found: ProductTable) -> None:
        kept = await self._keep_pictures(found)
        seen = self._compared(with_pictures(found, kept) if kept else found)
        await self._put_all(ProductImport(seen), Counter(each.state for each in seen))

    async def _keep_pictures(self, found: ProductTable) -> dict[str, str]:
        """Product → the hash of its picture. Without one that is not to be had its product goes in all the
        same."""
        self._pictureless = []
        content, sheet, folder = self.file_given()
        pictures = await asyncio.to_thread(
            lambda: pictures_of(found, drawn_in(content, sheet) if content else Drawn(), folder)
        )
        kept: dict[str, str] = {}
        for number, (product_id, picture) in enumerate(pictures.items(), 1):
            if self.is_here():
                self.say(t("正在放图片 {n} / {all}", n=number, all=len(pictures)), "fg1")
            answer = await self._seat.keep_picture(picture)
            if answer.ok:
                kept[product_id] = str(answer.result["sha256"])
            else:
                self._pictureless.append(f"{product_id} {sentence(answer)}")
        return kept

    async def _put_all(self, putting: ProductImport, counts: Counter[str]) -> None:
        while (data := putting.next()) is not None:
            if self._hints.keys() & {put["product_id"] for put in data["products"]}:
                data["override"] = self.wording.terms
            answer = await self._seat.ask("catalogue.put", data)
            if not putting.told(answer.ok, answer.params, sentence(answer)):
                self._stopped(putting, answer)
                return
            if self.is_here() and len(putting.taken) < putting.total:
                self.say(t("放进了 {n} / {all}", n=len(putting.taken), all=putting.total), "fg1")
        if self.is_here() and self.carted.isChecked():
            state = self._seat.state
            there = [item.product_id for item in state.cart.items] if state is not None else []
            for product_ids in putting.for_cart(there):
                answer = await self._seat.ask("cart.add", {"product_ids": product_ids})
                if not answer.ok:
                    self._stopped(putting, answer)
                    return
        if self.is_here():
            self._done(putting, counts)

    def _stopped(self, putting: ProductImport, answer: Answer) -> None:
        """An answer that is no one product's fault: what was taken stays taken, and that is said."""
        if not self.is_here():
            return
        taken = t("放进了 {n} / {all}", n=len(putting.taken), all=putting.total)
        self.stop(f"{taken} · {sentence(answer)}" if putting.taken else sentence(answer))

    def _done(self, putting: ProductImport, counts: Counter[str]) -> None:
        new = putting.new
        parts = [t("新 {n}", n=new), t("改 {n}", n=len(putting.taken) - new), t("没变 {n}", n=counts["same"])]
        left = counts["wrong"] + len(putting.refused)
        parts += [t("没放 {n}", n=left)] if left else []
        if self._pictureless:
            parts.append(
                t(
                    "{n} 张图片没放上：{why}",
                    n=len(self._pictureless),
                    why=t("；").join(self._pictureless[:3]),
                )
            )
        self._refused |= putting.refused
        self.finish(t("放好了：{what}", what=" · ".join(parts)))
        if putting.refused:
            self._compare()


def _words() -> tuple[Words, str]:
    """The words of product tables; and why the person's own cannot be used, for then the program's hold."""
    try:
        return shops.load(preferences.current().base), ""
    except (BadShops, OSError) as why:
        return GOODS, t("{file} 用不了：{why}", file=shops.FILE, why=str(why))
