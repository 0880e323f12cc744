"""Lines to type money and words into, and a field with its answer beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from liveconsole.views.money import NotMoney, parse_yuan, plain_yuan
from ui.i18n import t
from ui.widgets import PlainLabel


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

    The answer's line is always kept, so that nothing moves when the rules object.
    """

    def __init__(self, label: str, entry: QWidget, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        entry.setAccessibleName(label)
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
        self._answer.set_tone(tone)
        self._answer.setText(words)
        wrong = bool(words) and tone == "live"
        if bool(self.entry.property("wrong")) != wrong:
            self.entry.setProperty("wrong", wrong)
            self.entry.style().unpolish(self.entry)
            self.entry.style().polish(self.entry)
        self.entry.setAccessibleDescription(words)

    @property
    def answered(self) -> str:
        """What stands under the field."""
        return self._answer.text()
