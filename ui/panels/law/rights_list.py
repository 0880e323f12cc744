"""素材授权: what the broadcasts use of others, and until when; warned of two weeks before the end."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.messages.law import REMARK_LIMIT
from liveconsole.messages.rights import may
from liveconsole.messages.state import RightState
from ui.clean import clean
from ui.i18n import t
from ui.parts.keyed_rows import ROWS_SHOWN, DeskRow, KeyedRows, RowKey, said_by
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.choices import ChoiceBox
from ui.widgets import PlainLabel, button

_KINDS: Final = {"music": "音乐", "picture": "图片", "video": "视频", "font": "字体", "other": "其他"}


def read_day(text: str) -> date | None:
    """A day as people type it: 2027-01-31, 2027/1/31, 20270131. Raises ValueError where it is none."""
    bare = text.strip().replace("/", "-").replace(".", "-")
    if not bare:
        return None
    if bare.isascii() and bare.isdigit() and len(bare) == 8:
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    year, month, day = (int(part) for part in bare.split("-"))
    return date(year, month, day)


class RightsList(QWidget):
    """One line to write with, and the list, what ends first first."""

    def __init__(self, seat: Seat, said: PlainLabel, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._said, self._role = seat, said, role
        self.title, self.holder, self.until = QLineEdit(), QLineEdit(), QLineEdit()
        for line, name, hint in (
            (self.title, t("素材"), t("用了什么：片头曲、模特图…")),
            (self.holder, t("谁授权的"), t("谁授权的、合同号")),
            (self.until, t("到期日"), t("到期日，例如 2027-01-31；不填是不到期")),
        ):
            line.setMaxLength(REMARK_LIMIT)
            line.setAccessibleName(name)
            line.setPlaceholderText(hint)
            line.returnPressed.connect(self.write)
        self.kind = ChoiceBox([(t(words), kind) for kind, words in _KINDS.items()])
        self.kind.setAccessibleName(t("哪一种"))
        self.own = QCheckBox(t("自己做的"))
        self.put = button(t("记下"), "primary")
        self.put.clicked.connect(self.write)
        self.rows = KeyedRows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        beside = QHBoxLayout()
        beside.addWidget(self.kind, 1)
        beside.addWidget(self.own)
        column.addLayout(beside)
        for each in (self.holder, self.until, self.put, self.rows):
            column.addWidget(each)
        self._shown: list[RightState] | None = None

    def show_room(self, room: RoomView) -> None:
        """The list as the engine has it."""
        rights = room.law.rights
        if rights == self._shown:
            return
        self._shown = rights
        rows = sorted(rights, key=lambda one: (one.until or date.max, one.title))
        left = len(rows) - ROWS_SHOWN
        more = t("还有 {n} 条", n=left) if left > 0 else "" if rows else t("还没有记过授权")
        self.rows.show_rows([self._row(one) for one in rows], more)

    def _row(self, one: RightState) -> DeskRow:
        when = t("到 {day}", day=one.until) if one.until is not None else t("不到期")
        if one.over:
            when = t("{day} 已到期，别再用", day=one.until)
        elif one.days is not None:
            when = t("还有 {n} 天到期", n=one.days)
        parts = [t(_KINDS.get(one.kind, "其他")), when, clean(one.holder, 80)]
        parts += [t("自己做的")] if one.own else []
        keys = []
        if may(self._role, "right.remove"):
            words = t("拿掉「{title}」", title=clean(one.title, 40))
            keys.append(RowKey("", words, partial(self._remove, one), icon="trash"))
        tone = "live" if one.over else "warn" if one.days is not None else "fg2"
        return DeskRow(clean(one.title, 120), " · ".join(filter(None, parts)), tuple(keys), tone)

    def write(self) -> None:
        """Put it on the list."""
        title = self.title.text().strip()
        if not title:
            return
        try:
            until = read_day(self.until.text())
        except ValueError:
            self._said.set_tone("live")
            self._said.setText(t("到期日写成 2027-01-31 这样"))
            self.until.setFocus()
            return
        data = {
            "title": title,
            "kind": self.kind.chosen or "other",
            "holder": self.holder.text().strip(),
            "own": self.own.isChecked(),
            "until": until.isoformat() if until is not None else None,
        }
        self._seat.ask_then(self, "right.put", data, self._written)

    def _written(self, answer: Answer) -> None:
        said_by(self._said, t("记下了"))(answer)
        if answer.ok:
            for line in (self.title, self.holder, self.until):
                line.clear()
            self.title.setFocus()

    def _remove(self, one: RightState) -> None:
        self._seat.ask_then(self, "right.remove", {"right_id": one.right_id}, said_by(self._said))
