"""What somebody wrote to her, and what comes next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.views.money import yuan_short
from ui import theme
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.widgets.picture import ProductPicture
from ui.windows.host.facts import NextProduct
from ui.windows.host.large import LargeLabel
from ui.windows.host.notes import HostNote

_PICTURE: Final = 64


class NoteBand(QWidget):
    """The newest note that was not taken away, on amber; its room stays when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: HostNote | None = None
        self._more = 0
        self._reading = self._slip = ""
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
        self._note, self._more = (notes[-1] if notes else None), len(notes) - 1
        self._say()

    def show_reading(self, sentence: str) -> None:
        """A sentence for her to read out, where no note stands; ``""`` takes it away."""
        self._reading = sentence
        self._say()

    def show_slip(self, words: str) -> None:
        """Which moment the evening is too late for, where no note stands; ``""`` while all are kept."""
        self._slip = words
        self._say()

    def _say(self) -> None:
        words = t("请念 · {sentence}", sentence=self._reading) if self._reading else self._slip
        if self._note is not None:
            who = t(ROLE_NAMES.get(self._note.by, "助理"))
            words = t("{who}：{said}", who=who, said=self._note.text)
            if self._more > 0:
                words += t("（还有 {n} 条）", n=self._more)
        self.text.setText(words)
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._note is None and not self._reading and not self._slip:
            return
        tone = "accent" if self._note is None and self._reading else "warn"
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tone))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setBrush(theme.colour(theme.mix(tokens.bg0, getattr(tokens, tone), 0.18)))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(6, 0, 0, 0), theme.RADIUS_SMALL - 2, theme.RADIUS_SMALL - 2
        )
        painter.end()


class NextProductLine(QWidget):
    """下一品: number, title, price; beside the winners its picture and the key too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        right = Qt.AlignmentFlag.AlignRight
        self._comes = self._winners = False
        self._round = ""
        self.word = LargeLabel(t("下一品"), px=25, tone="fg2", align=right)
        self.price = LargeLabel("", px=30, bold=True, tone="fg1")
        self.title = LargeLabel("", px=30, least=25, bold=True, align=right)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.title, 1)
        line.addWidget(self.price)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.word)
        column.addLayout(line)
        self.picture = ProductPicture(_PICTURE)
        self.picture.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.picture)
        row.addLayout(column, 1)

    def show_after(self, *, winners: bool) -> None:
        """``winners``: what she does once they were read out."""
        self._winners = winners
        self._say()
        self.picture.setVisible(winners and self._comes)

    def show_round(self, words: str) -> None:
        """What fires by itself next of a plan; ``""`` where nothing does."""
        self._round = words
        self._say()

    def _say(self) -> None:
        """The clock of a plan gives way to what she does once the winners were read out."""
        word = t("念完按 PgDn，讲下一品") if self._winners else t("下一品")
        self.word.setText(word if self._winners or not self._round else f"{self._round} · {word}")

    def show_coming(self, coming: NextProduct | None) -> None:
        """What PgDn would bring."""
        self._comes = coming is not None
        if coming is not None:
            self.picture.show_product(coming.image, coming.title)
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
