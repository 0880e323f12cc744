"""What somebody wrote to her, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.windows.host.facts import NextProduct
from ui.windows.host.large import LargeLabel
from ui.windows.host.notes import HostNote


class NoteBand(QWidget):
    """The newest note that was not taken away, on amber; its room stays when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: HostNote | None = None
        self.text = LargeLabel("", px=25, lines=2)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 5, 18, 5)
        row.addWidget(self.text)

    @property
    def note_id(self) -> str:
        """The note that stands there, or ``""``."""
        return self._note.note_id if self._note is not None else ""

    def show_notes(self, notes: list[HostNote]) -> None:
        """Notes to the host, oldest first."""
        self._note = notes[-1] if notes else None
        words = ""
        if self._note is not None:
            who = t(ROLE_NAMES.get(self._note.by, "助理"))
            words = t("{who}：{said}", who=who, said=self._note.text)
            if len(notes) > 1:
                words += t("（还有 {n} 条）", n=len(notes) - 1)
        self.text.setText(words)
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._note is None:
            return
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warn"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setBrush(theme.colour(theme.mix(tokens.bg0, tokens.warn, 0.18)))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(6, 0, 0, 0), theme.RADIUS_SMALL - 2, theme.RADIUS_SMALL - 2
        )
        painter.end()


class NextProductLine(QWidget):
    """下一品: number, title, price."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        right = Qt.AlignmentFlag.AlignRight
        self.word = LargeLabel(t("下一品"), px=25, tone="fg2", align=right)
        self.price = LargeLabel("", px=30, bold=True, tone="fg1")
        self.title = LargeLabel("", px=30, least=25, bold=True, align=right)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.title, 1)
        line.addWidget(self.price)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.word)
        column.addLayout(line)

    def show_coming(self, coming: NextProduct | None) -> None:
        """What PgDn would bring."""
        if coming is None:
            self.title.setText(t("没有了"))
            self.price.setText("")
        else:
            number = t("{n} 号", n=coming.number) + " " if coming.number is not None else ""
            self.title.setText(number + coming.title)
            self.price.setText(yuan_short(coming.price_fen) if coming.price_fen is not None else "")
        self.price.setVisible(bool(self.price.text()))
        self.title.set_tone("fg2" if coming is None else "fg0")
        self.setAccessibleName(f"{self.word.text()} {self.title.text()} {self.price.text()}".strip())
