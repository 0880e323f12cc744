"""平台警告了: one press keeps what was on air; then the steps, until the platform has decided."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.law import REMARK_LIMIT, VIOLATION_STEPS
from liveconsole.messages.state import ViolationState
from ui.clean import clean
from ui.i18n import language, t
from ui.parts.keyed_rows import ROWS_SHOWN, DeskRow, KeyedRows, RowKey, said_by
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.seat.session import ROLE_NAMES
from ui.widgets import NumberField, PlainLabel, button

STEPS: Final = {"stopped": "已停说", "kept": "已留证", "appealed": "已申诉", "closed": "已了结"}
_TODO: Final = {
    "stopped": "先停说那句话，商品取消讲解",
    "kept": "截图警告，录屏和证照留好",
    "appealed": "在平台上申诉",
    "closed": "平台给了结果就了结",
}


class WarnedCards(QWidget):
    """The cards, the newest first; an open one says what is to be done next."""

    def __init__(self, seat: Seat, said: PlainLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._said = seat, said
        self.text = QLineEdit()
        self.text.setMaxLength(REMARK_LIMIT)
        self.text.setAccessibleName(t("平台怎么说的"))
        self.text.setPlaceholderText(t("平台怎么说的，可以不写"))
        self.text.returnPressed.connect(self.warned)
        self.hours = NumberField(0, 720, unit=t("小时"))
        self.hours.setSpecialValueText(t("没说申诉期限"))
        self.hours.setAccessibleName(t("申诉期限"))
        self.note = button(t("平台警告了"), "primary", icon="warn")
        self.note.clicked.connect(self.warned)
        self.why = PlainLabel(
            t("记下现在讲的商品、在跑的促销，并标出前 10 分钟的记录；进复盘和封存文件。"),
            role="small", tone="fg2", lines=0,
        )  # fmt: skip
        self.rows = KeyedRows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for each in (self.text, self.hours, self.note, self.why, self.rows):
            column.addWidget(each)
        self._shown: object = None

    def warned(self) -> None:
        """Make a card."""
        data: dict[str, object] = {"text": self.text.text().strip()}
        if self.hours.value():
            data["appeal_hours"] = self.hours.value()
        self._seat.ask_then(self, "violation.note", data, self._noted)

    def _noted(self, answer: Answer) -> None:
        said_by(self._said, t("记下了：先停说，再留证"))(answer)
        if answer.ok:
            self.text.clear()
            self.hours.setValue(0)

    def show_room(self, room: RoomView) -> None:
        """The cards as the engine has them."""
        cards = room.law.violations
        titles = {one.product_id: room.title(one.product_id) for one in cards if one.product_id is not None}
        if (cards, titles) == self._shown:
            return
        self._shown = (cards, titles)
        more = "" if cards else t("平台没有警告过")
        self.rows.show_rows(
            [self._row(one, titles.get(one.product_id or "", "")) for one in cards[:ROWS_SHOWN]], more
        )

    def _row(self, one: ViolationState, product: str) -> DeskRow:
        by = t(ROLE_NAMES.get(one.by, one.by))
        head = f"{one.at.astimezone():%m-%d %H:%M} · {clean(one.text, 120) or t('平台警告')}"
        english = language() == "en"
        on_air = t("、").join(clean(each.title_en if english else each.title, 40) for each in one.on_air[:3])
        said = [
            t("记的人：{by}", by=by),
            t("在讲：{title}", title=clean(product, 40)) if product else "",
            t("在跑：{titles}", titles=on_air) if on_air else "",
            t("标出 {from_} 起的记录", from_=f"{one.since.astimezone():%H:%M}"),
            _appeal_words(one),
            " ".join(
                f"{t(STEPS[name])} {taken.at.astimezone():%H:%M}"
                for name, taken in one.steps.items()
                if name in STEPS
            ),
            _next_words(one),
        ]
        keys = [
            RowKey(t(STEPS[name]), f"{head} {t(STEPS[name])}", partial(self._step, one, name))
            for name in VIOLATION_STEPS
            if name not in one.steps
        ]
        over = "closed" in one.steps
        return DeskRow(
            head, "\n".join(filter(None, said)), () if over else tuple(keys[:2]), "fg2" if over else "warn"
        )

    def _step(self, one: ViolationState, name: str) -> None:
        data = {"violation_id": one.violation_id, "step": name}
        self._seat.ask_then(self, "violation.step", data, said_by(self._said))


def _appeal_words(one: ViolationState) -> str:
    at: datetime | None = one.appeal_by
    return t("申诉到 {when}", when=f"{at.astimezone():%m-%d %H:%M}") if at is not None else ""


def _next_words(one: ViolationState) -> str:
    if "closed" in one.steps:
        return ""
    name = next((name for name in VIOLATION_STEPS if name not in one.steps), None)
    return t("下一步：{todo}", todo=t(_TODO[name])) if name is not None else ""
