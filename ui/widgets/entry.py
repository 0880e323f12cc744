"""Lines to type money and words into, and a field with its answer beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.views.money import NotMoney, parse_yuan, plain_yuan
from ui import theme
from ui.i18n import t
from ui.widgets.plain import PlainLabel, set_tip


class MoneyEntry(QLineEdit):
    """An amount of 元, read as 分. What cannot be read is never guessed at."""

    def __init__(self, fen: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(20)
        self.setPlaceholderText("0.00")
        self.set_fen(fen)

    def set_fen(self, fen: int | None) -> None:
        """Stand in for typing an amount."""
        self.setText("" if fen is None else plain_yuan(fen).removesuffix(".00"))

    def fen(self) -> int | None:
        """The amount, None when the line is empty or holds no amount."""
        try:
            return parse_yuan(self.text()) if self.text().strip() else None
        except NotMoney:
            return None

    def problem(self) -> str:
        """Why what stands there is no amount; ``""`` for an amount or an empty line."""
        if not self.text().strip():
            return ""
        try:
            parse_yuan(self.text())
        except NotMoney as why:
            return {
                "negative": t("金额不能是负数"),
                "decimals": t("最多两位小数"),
                "large": t("金额太大"),
            }.get(str(why), t("这不是金额"))
        return ""


class Field(QWidget):
    """A label, something to fill in, and under it the place where its answer stands.

    The answer's line is always kept, so that nothing moves when the rules object. What is red waits until
    somebody was there (`touch`): a form that was just opened reproaches nobody.
    """

    def __init__(self, label: str, entry: QWidget, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.touched = False
        self._said = ("", "live")
        entry.setAccessibleName(label)
        if isinstance(entry, QLineEdit):
            entry.textEdited.connect(lambda _text: self.touch())
        self._lay_out(label, entry, unit)

    def _lay_out(self, label: str, entry: QWidget, unit: str) -> None:
        self.label = PlainLabel(label, role="small", tone="fg1")
        self._answer = PlainLabel("", role="small", tone="live", lines=1, elide=True)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(entry, 1)
        if unit:
            row.addWidget(PlainLabel(unit, tone="fg2"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addWidget(self._answer)

    def answer(self, words: str, tone: str = "live") -> None:
        """What the rules, or the field itself, say to what stands there. ``""`` takes it away."""
        self._said = words, tone
        withheld = tone == "live" and not self.touched
        self._say("" if withheld else words, tone)

    def touch(self, touched: bool = True) -> None:
        """Somebody typed into it or tried to hand it in: what is wrong with it may be said from now on."""
        if touched != self.touched:
            self.touched = touched
            self.answer(*self._said)

    def _say(self, words: str, tone: str) -> None:
        self._answer.set_tone(tone)
        self._answer.setText(words)
        self._mark(wrong=bool(words) and tone == "live")
        self.entry.setAccessibleDescription(words)

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.entry.property("wrong")) != wrong:
            self.entry.setProperty("wrong", wrong)
            self.entry.style().unpolish(self.entry)
            self.entry.style().polish(self.entry)

    @property
    def answered(self) -> str:
        """What stands under the field."""
        return self._answer.text()


_UNDER: Final = 1.5
"""Type so large that what stands beside a field would be cut stands under it."""


class FormRow(Field):
    """A field in one line: its name at the left, what is filled in, and beside it what is to be known of it,
    in whose place its answer stands. With large type that stands under what is filled in."""

    def __init__(
        self, label: str, entry: QWidget, unit: str = "", parent: QWidget | None = None, *, wide: int = 66
    ) -> None:
        self._wide = wide
        self._note = ("", "")
        super().__init__(label, entry, unit, parent)

    def _lay_out(self, label: str, entry: QWidget, unit: str) -> None:
        self.label = PlainLabel(label, role="strong", lines=0)
        self.label.setFixedWidth(round(self._wide * theme.text_scale()))
        self._answer = PlainLabel("", role="small", tone="live", lines=2, elide=True)
        self._notes = [PlainLabel("", role="small", tone="fg2", elide=True) for _ in range(2)]
        beside = QVBoxLayout()
        beside.setSpacing(1)
        beside.addStretch(1)
        for label_ in (self._answer, *self._notes):
            label_.setMinimumWidth(1)
            beside.addWidget(label_)
        beside.addStretch(1)
        self._answer.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line, self._beside = QHBoxLayout(), QHBoxLayout()
        for each in (line, self._beside):
            each.setSpacing(11)
        line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(entry)
        if unit:
            line.addWidget(PlainLabel(unit, tone="fg2"))
        self._beside.addLayout(beside, 1)
        column.addLayout(line)
        if theme.text_scale() < _UNDER:
            line.addLayout(self._beside, 1)
        else:
            line.addStretch(1)
            self._beside.setContentsMargins(self.label.minimumWidth() + line.spacing(), 0, 0, 0)
            column.addLayout(self._beside)

    def add_beside(self, keys: QLayout) -> None:
        """Keys that fill it in, before what is to be known of it."""
        self._beside.insertLayout(0, keys)

    def show_note(self, words: str = "", more: str = "") -> None:
        """What is to be known of it, in two lines: the platform's limit, what it counts."""
        self._note = (words, more)
        self.answer(*self._said)

    def _say(self, words: str, tone: str) -> None:
        self._answer.set_tone(tone)
        self._answer.setText(words)
        self._answer.setVisible(bool(words))
        set_tip(self._answer, words)
        for label, note in zip(self._notes, self._note, strict=True):
            label.setText(note)
            label.setVisible(bool(note) and not words)
            set_tip(label, note)
        self._mark(wrong=bool(words) and tone == "live")
        self.entry.setAccessibleDescription(words or " ".join(filter(None, self._note)))

    @property
    def noted(self) -> tuple[str, str]:
        """What is to be known of it."""
        return self._note

    @property
    def answered(self) -> str:
        """What is said of what stands there, not the note."""
        said, tone = self._said
        return "" if tone == "live" and not self.touched else said
