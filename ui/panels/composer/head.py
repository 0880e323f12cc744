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

    def __init__(
        self,
        kinds: Sequence[str],
        subjects: Sequence[ChoiceBox],
        *,
        fixed: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._subjects = list(subjects)
        self.picture = ProductPicture(44)
        self.mark = KindMark(kinds[0], role="product")
        self.kinds = KindBox(kinds)
        self.kinds.currentIndexChanged.connect(lambda _: self.kind_chosen.emit(self.kinds.currentData()))
        self.kinds.setEnabled(not fixed)
        set_tip(self.kinds, t("F2 打开，再按它右边的键选一种"))
        self._dot = PlainLabel("·", role="product", tone="fg1")
        self.about = PlainLabel("", role="small", tone="fg1", elide=True)
        for box, name in ((self.kinds, t("哪一种")), *((each, t("商品")) for each in self._subjects)):
            box.setProperty("look", "title")
            box.setFont(theme.font("product"))
            box.setAccessibleName(name)
        top, column, row = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        top.setSpacing(4)
        for part in (self.mark, self.kinds, self._dot, *self._subjects):
            top.addWidget(part)
        top.addStretch(1)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.about)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addLayout(column, 1)

    def show_kind(self, kind: str, subject: QWidget | None) -> None:
        """Another kind, and the list of what it is about where it has one."""
        self.kinds.choose(kind)
        self.mark.set_kind(kind)
        for each in self._subjects:
            each.setVisible(each is subject)
        self._dot.setVisible(subject is not None)

    def show_about(self, title: str, sha: str | None, words: str) -> None:
        """What it is about; the lists are as wide as what is chosen."""
        self.picture.show_product(sha, title)
        self.picture.setVisible(bool(title))
        for box in (self.kinds, *self._subjects):
            wide = QFontMetrics(box.font()).horizontalAdvance(box.currentText()) + _CHEVRON
            box.setFixedWidth(min(wide, round(_TITLE * theme.text_scale())))
        self.about.setText(words)
        self.about.setVisible(bool(words))
