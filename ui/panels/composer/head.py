"""The head of the composer: picture, kind and product as one title, and under it what the product is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.i18n import t
from ui.panels.composer.choice import KindBox
from ui.sheets.choices import ChoiceBox
from ui.widgets import KindMark, PlainLabel, ProductPicture, set_tip

_CHEVRON: Final = 38
_TITLE: Final = 420
"""Width of the title of a product at most."""


class ComposerHead(QWidget):
    """Both parts of the title are lists to choose from; ``kind_chosen`` when another kind was."""

    kind_chosen = Signal(str)

    def __init__(self, kinds: Sequence[str], *, fixed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: list[ChoiceBox] = []
        self.picture = ProductPicture(44)
        self.mark = KindMark(kinds[0], role="product")
        self.kinds = KindBox(kinds)
        self.kinds.currentIndexChanged.connect(lambda _: self.kind_chosen.emit(self.kinds.currentData()))
        self.kinds.setEnabled(not fixed)
        set_tip(self.kinds, t("F2 打开，再按它右边的键选一种"))
        self._dot = PlainLabel("·", role="product", tone="fg1")
        self.about = PlainLabel("", role="small", tone="fg1", elide=True)
        self._top, column, row = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        self._top.setSpacing(4)
        self._take(self.kinds, t("哪一种"))
        for part in (self.mark, self.kinds, self._dot):
            self._top.addWidget(part)
        self._top.addStretch(1)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.about)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addLayout(column, 1)

    def _take(self, box: ChoiceBox, name: str) -> None:
        box.setProperty("look", "title")
        box.setFont(theme.font("product"))
        box.setAccessibleName(name)
        self._titles.append(box)

    def show_kind(self, kind: str, subject: ChoiceBox | None) -> None:
        """Another kind, and the list of what it is about where it has one; this takes that list over."""
        self.kinds.choose(kind)
        self.mark.set_kind(kind)
        if subject is not None and subject not in self._titles:
            self._take(subject, t("商品"))
            self._top.insertWidget(self._top.count() - 1, subject)
        for each in self._titles[1:]:
            each.setVisible(each is subject)
        self._dot.setVisible(subject is not None)

    def show_about(self, title: str, sha: str | None, words: str) -> None:
        """What it is about; the lists are as wide as what is chosen."""
        self.picture.show_product(sha, title)
        self.picture.setVisible(bool(title))
        for box in self._titles:
            wide = QFontMetrics(box.font()).horizontalAdvance(box.currentText()) + _CHEVRON
            box.setFixedWidth(min(wide, round(_TITLE * theme.text_scale())))
        self.about.setText(words)
        self.about.setVisible(bool(words))
