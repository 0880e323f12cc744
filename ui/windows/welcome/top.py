"""The band at the top: whose console it is, and the language."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.shop import ShopFace
from ui import preferences, theme
from ui.i18n import LANGUAGES, language, t
from ui.widgets import FilterChip, PlainLabel, button
from ui.widgets.shop_mark import ShopMark, ink_of

_LANGUAGES = {"zh": "中文", "en": "English"}


class WelcomeTop(QWidget):
    """Her shop's logo and name; where it has none yet, the program's own name."""

    def __init__(self, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = ShopFace()
        self.mark = ShopMark(44)
        self.name = PlainLabel("", role="product", elide=True)
        self.words = PlainLabel(
            t("店名和标志印在主播大屏、浮层和报告上"), role="small", tone="fg1", elide=True
        )
        for line in (self.name, self.words):
            line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.edit = button(t("换标志、改店名"))
        self.first = PlainLabel(t("第一次打开 · 约 1 分钟 · F1 看指南"), role="small", tone="fg1", elide=True)
        self.first.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if not first:
            self.first.hide()
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.name)
        lines.addWidget(self.words)
        row = self._row = QHBoxLayout(self)
        row.setSpacing(14)
        row.addWidget(self.mark)
        row.addLayout(lines)
        row.addWidget(self.edit)
        row.addStretch(1)
        row.addWidget(self.first)
        self.languages: list[FilterChip] = []
        group = QButtonGroup(self)
        for name in LANGUAGES:
            chip = FilterChip(_LANGUAGES[name])
            chip.setChecked(language() == name)
            chip.clicked.connect(lambda _on=False, name=name: preferences.current().set_language(name))
            group.addButton(chip)
            self.languages.append(chip)
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_close(self, *, close: bool, side: int) -> None:
        """In a small window it is lower."""
        above = 5 if close else 14
        self._row.setContentsMargins(side, above, side, above)
        self.mark.set_side(round((36 if close else 44) * theme.text_scale()))
        self.name.set_role("heading" if close else "product")

    def remeasure(self) -> None:
        """On another theme's ground another shade is read."""
        self.name.set_tone(ink_of(self._face, theme.tokens().bg1))

    def show_face(self, face: ShopFace) -> None:
        """Another face."""
        self._face = face
        self.mark.show_face(face)
        self.name.setText(face.name or t("直播中控台"))
        self.remeasure()
