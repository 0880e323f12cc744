"""资质 of one product: its category, and what the category asks, each with number, picture and last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import shiboken6
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.messages.state import CategoryState, NeedState, ProductState
from ui.clean import clean
from ui.i18n import language, t
from ui.panels.law.rights_list import read_day
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.choices import ChoiceBox
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, Separator, button
from ui.widgets.files import choose_file
from ui.widgets.picture_file import PictureRefused, kinds, read_picture
from ui.words.answers import refusal, sentence


class _NeedLines(QWidget):
    """One thing that the category asks."""

    def __init__(self, need: NeedState, there: dict[str, Any], pick: Callable[[_NeedLines], None]) -> None:
        super().__init__()
        self.need, self.image = need, str(there.get("image") or "")
        self.kind = str(there.get("kind") or need.kinds[0])
        name = clean(need.en if language() == "en" else need.zh, 80)
        self.number, self.until = (
            QLineEdit(str(there.get("number") or "")),
            QLineEdit(str(there.get("until") or "")),
        )
        self.number.setMaxLength(120)
        self.number.setPlaceholderText(t("证号"))
        self.number.setAccessibleName(f"{name} {t('证号')}")
        self.until.setMaxLength(20)
        self.until.setPlaceholderText(t("有效期到，例如 2027-01-31"))
        self.until.setAccessibleName(f"{name} {t('有效期到')}")
        self.pick = button(t("选图片…"))
        self.pick.setAccessibleName(f"{name} {t('选图片…')}")
        self.pick.clicked.connect(lambda: pick(self))
        self.seen = PlainLabel("", role="small", tone="fg2")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(PlainLabel(name, role="strong", lines=0))
        column.addWidget(self.number)
        column.addWidget(self.until)
        row = QHBoxLayout()
        row.addWidget(self.pick)
        row.addWidget(self.seen, 1)
        column.addLayout(row)
        self.pick.setVisible(need.image)
        self.seen.setVisible(need.image)
        self.show_picture(self.image)

    def show_picture(self, sha: str) -> None:
        """A picture was kept, or there is none."""
        self.image = sha
        self.seen.setText(t("有图片 {sha}", sha=sha[:8]) if sha else t("没有图片"))

    def as_put(self) -> dict[str, Any] | None:
        """What is sent of it; None where nothing was written. Raises ValueError where the day is none."""
        until = read_day(self.until.text())
        number = self.number.text().strip()
        if not number and not self.image and until is None:
            return None
        put: dict[str, Any] = {"kind": self.kind, "number": number, "image": self.image}
        return put | ({"until": until.isoformat()} if until is not None else {})


class QualificationSheet(Sheet):
    """A change counts once the engine has it; what is missing is said above, in its words."""

    SECTIONS: ClassVar = ("catalogue", "law")

    def __init__(self, seat: Seat, product_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("类目和资质"), parent)
        self._seat, self._product_id = seat, product_id
        room = room.only(*self.SECTIONS)
        self.body.addWidget(PlainLabel(room.title(product_id), role="heading", lines=2))
        self.category = ChoiceBox()
        self.category.setAccessibleName(t("类目"))
        self.lacks = PlainLabel("", tone="live", lines=0)
        self.rule = PlainLabel("", role="small", tone="fg2", lines=0)
        self.said = PlainLabel("", role="small", tone="ok", lines=0)
        self._box = QVBoxLayout()
        self._box.setSpacing(12)
        self.needs: list[_NeedLines] = []
        self.keep = button(t("记下"), "primary")
        self.keep.clicked.connect(self.write)
        for each in (self.category, self.lacks, self.rule, Separator()):
            self.body.addWidget(each)
        self.body.addLayout(self._box)
        for last in (self.keep, self.said):
            self.body.addWidget(last)
        self.body.addStretch(1)
        self._categories: list[CategoryState] = []
        self._product: ProductState | None = None
        self._made_for: object = None
        self.category.activated.connect(lambda _place: self._make())
        self.show_room(room, seat.now())

    def show_room(self, room: RoomView, now: datetime) -> None:
        """The product as it stands; what is being written stays while its category does."""
        room = room.only(*self.SECTIONS)
        product = room.products.get(self._product_id)
        first = self._product is None
        self._product, self._categories = product, room.law.categories
        english = language() == "en"
        none = [("", t("不受监管，没有类目"))]
        self.category.set_items(
            none + [(one.category, one.en if english else one.zh) for one in self._categories]
        )
        if product is None:
            return
        if first or not self._categories_shown():
            self.category.choose(self._known_category(product))
        lacks = [clean(one.text_en if english else one.text, 120) for one in product.lacks]
        self.lacks.setText(t("不能讲解：{what}", what=t("；").join(lacks)) if lacks else "")
        self.lacks.setVisible(bool(lacks))
        self._make()

    def _categories_shown(self) -> bool:
        return self._made_for is not None

    def _known_category(self, product: ProductState) -> str:
        named = product.category or ""
        return next((one.category for one in self._categories if named in (one.category, one.zh, one.en)), "")

    def _make(self) -> None:
        """The lines of the chosen category, filled with what the product has."""
        product = self._product
        chosen = next((one for one in self._categories if one.category == self.category.chosen), None)
        there = product.qualifications or [] if product is not None else []
        key = (chosen, there)
        if key == self._made_for:
            return
        self._made_for = key
        for old in self.needs:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.needs = []
        english = language() == "en"
        self.rule.setText(
            clean(chosen.rule_en if english else chosen.rule, 120) if chosen is not None else ""
        )
        for need in chosen.needs if chosen is not None else ():
            known = next((one for one in there if one.kind in need.kinds), None)
            filled = (
                {"kind": known.kind, "number": known.number, "image": known.image, "until": known.until}
                if known
                else {}
            )
            lines = _NeedLines(need, filled, self._pick)
            self.needs.append(lines)
            self._box.addWidget(lines)

    def _pick(self, lines: _NeedLines) -> None:
        choose_file(self, t("选证照图片"), kinds(), partial(self.take_file, lines))

    def take_file(self, lines: _NeedLines, path: str) -> None:
        """A picture of a licence was chosen."""
        self._say(t("正在看图片…"), "fg1")
        tasks.spawn(self._take_file(lines, path), name="a licence's picture")

    async def _take_file(self, lines: _NeedLines, path: str) -> None:
        try:
            kept = await self._seat.keep_picture(await read_picture(path))
        except PictureRefused as why:
            kept = Answer(False, code=why.code, params=why.params, text=refusal(why.code, why.params))
        if not shiboken6.isValid(self) or not shiboken6.isValid(lines):
            return
        if kept.ok:
            lines.show_picture(str(kept.result["sha256"]))
        self._say("" if kept.ok else sentence(kept), "ok" if kept.ok else "live")

    def write(self) -> None:
        """Put category and qualifications to the product."""
        try:
            puts = [put for lines in self.needs if (put := lines.as_put()) is not None]
        except ValueError:
            self._say(t("到期日写成 2027-01-31 这样"), "live")
            return
        data = {"product_id": self._product_id, "category": self.category.chosen, "qualifications": puts}
        self._seat.ask_then(self, "catalogue.put", {"products": [data]}, self._written)

    def _written(self, answer: Answer) -> None:
        self._say(t("记下了") if answer.ok else sentence(answer), "ok" if answer.ok else "live")

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
