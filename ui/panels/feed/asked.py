"""What the room asks now, merged by the engine: rows where there is height, else chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.state import OpenQuestionState
from liveconsole.views.room_questions import AnswerableQuestion
from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.key_places import letter
from ui.panels.feed.answering import in_words
from ui.panels.feed.words import minutes
from ui.widgets import PlainLabel, set_tip
from ui.widgets.cut import elided

ROWS: Final = 5
_BAR: Final = 0.26
"""Width of the bar, of the whole row."""
_CHIPS: Final = 8
_GAP: Final = 8
_CHIP_LONG: Final = 0.62
"""The longest chip, of the width: its text is cut and stands whole in the tip."""


class QuestionButton(QPushButton):
    """One question and the people who ask it; `parts` says where what stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = AnswerableQuestion(0, "", 0)
        self._most, self._as_chip = 1, False
        self.setProperty("look", "drawn")
        self.setFont(theme.font("base"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_question(self, question: AnswerableQuestion, most: int, *, as_chip: bool) -> None:
        """Show this one."""
        if (question, most, as_chip) == (self.question, self._most, self._as_chip):
            return
        self.question, self._most, self._as_chip = question, max(1, most), as_chip
        said = clean(question.text, 60)
        self.setFont(theme.font("small" if as_chip else "base"))
        self.setAccessibleName(said)
        self.setAccessibleDescription(t("已答") if question.answered else t("{n} 人在问", n=question.people))
        tip = t("{question} · 点一下送到大屏，A 记为已回答", question=said)
        if question.answer is not None:
            answer = clean(in_words(question.answer), 120)
            tip += "\n" + t("C 复制回答并记为已回答：{answer}", answer=answer)
        set_tip(self, tip)
        self.updateGeometry()
        self.update()

    def parts(self) -> list[tuple[str, QRect, bool]]:
        """Texts, where they stand, and whether they are cut; last the bar's track, without text."""
        metrics, box = self.fontMetrics(), self.rect()
        side = metrics.height() // 2 if self._as_chip else 2
        count = self._count()
        count_wide = metrics.horizontalAdvance(count)
        right = box.width() - side - count_wide
        bar = 0 if self._as_chip else round(box.width() * _BAR)
        count_room = (
            count_wide
            if self._as_chip
            else max(count_wide, metrics.horizontalAdvance(_with_answer(t("{n} 人", n="888"), True)))
        )
        room = box.width() - 2 * side - count_room - bar - (metrics.height() // 2) * (2 if bar else 1)
        said = self._says()
        shown = elided(said, metrics, room)
        found = [
            (shown, QRect(side, 0, room, box.height()), shown != said),
            (count, QRect(right, 0, count_wide, box.height()), False),
        ]
        if bar:
            left = box.width() - side - count_room - metrics.height() // 2 - bar
            found.append(("", QRect(left, box.height() // 2 - 3, bar, 6), False))
        return found

    def chip_wide(self) -> int:
        """As wide as a chip of this would like to be."""
        metrics = self.fontMetrics()
        count = self._count()
        said = metrics.horizontalAdvance(self._says()) + metrics.horizontalAdvance(count)
        return said + metrics.height() * 3 // 2 + 2

    def sizeHint(self) -> QSize:
        return QSize(self.chip_wide(), round(self.fontMetrics().height() * 1.5))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().height() * 3, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, answered = theme.tokens(), self.question.answered
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        (said, said_box, _), (count, count_box, _), *bars = self.parts()
        edge = (
            tokens.accent
            if self.hasFocus()
            else tokens.warn
            if self._as_chip and self._leads()
            else tokens.line
        )
        if self._as_chip or self.hasFocus() or self.underMouse():
            radius = self.height() / 2 if self._as_chip else 8
            painter.setPen(theme.colour(edge))
            painter.setBrush(theme.colour(tokens.bg2))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
        across = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour(tokens.fg2 if answered else tokens.fg0))
        painter.drawText(said_box, across, said)
        painter.setPen(theme.colour(tokens.ok if answered else tokens.warn))
        painter.drawText(count_box, across, count)
        painter.setPen(Qt.PenStyle.NoPen)
        for _, track, _ in bars:
            painter.setBrush(theme.colour(tokens.bg3))
            painter.drawRoundedRect(track, 3, 3)
            share = self.question.people / self._most
            full = QRect(track.left(), track.top(), max(6, round(track.width() * share)), track.height())
            painter.setBrush(theme.colour(tokens.ok if answered else tokens.warn))
            painter.drawRoundedRect(full, 3, 3)

    def _count(self) -> str:
        question = self.question
        if question.answered:
            return t("✓ 已答")
        said = f"{question.people:,}" if self._as_chip else t("{n} 人", n=f"{question.people:,}")
        return _with_answer(said, question.answer is not None)

    def _says(self) -> str:
        """A chip leaves the question mark out: all of them ask."""
        said = clean(self.question.text, 60)
        return said.rstrip("?？ ") if self._as_chip else said

    def _leads(self) -> bool:
        return self.question.people == self._most and not self.question.answered


def _with_answer(count: str, has: bool) -> str:
    """``C 87 人``: one press of C answers it."""
    return f"C {count}" if has else count


class AskedNow(QWidget):
    """``picked(text, people)`` when one is pressed, ``answered(text)`` when A is pressed on it."""

    picked = Signal(str, int)
    answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: list[AnswerableQuestion] = []
        self._waits: OpenQuestionState | None = None
        self._now = 0.0
        self._chip_lines = 0
        """Lines of chips; 0: rows."""
        self._caption = QWidget()
        self._what = PlainLabel("", role="small", tone="fg2", elide=True)
        self._how = PlainLabel(t("点一下送到大屏"), role="small", tone="fg2")
        head = QHBoxLayout(self._caption)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._what, 1)
        head.addWidget(self._how)
        self._field = QWidget()
        self.buttons = [QuestionButton(self._field) for _ in range(_CHIPS)]
        for button in self.buttons:
            button.clicked.connect(lambda _=False, one=button: self._press(one.question))
        self.rest = PlainLabel("", role="small", tone="fg2", parent=self._field)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 14, 6)
        column.setSpacing(4)
        column.addWidget(self._caption)
        column.addWidget(self._field)
        self.setAccessibleName(t("正在问"))
        self.hide()

    @property
    def questions(self) -> list[AnswerableQuestion]:
        """What the room asks, as it was told last."""
        return self._asked

    @property
    def focused(self) -> AnswerableQuestion | None:
        """The one that has the keyboard."""
        button = self.window().focusWidget()
        return button.question if isinstance(button, QuestionButton) else None

    def show_waiting(self, waits: OpenQuestionState | None) -> None:
        """Which question has waited longest."""
        self._waits = waits
        self.tick(self._now)

    def tick(self, now: float) -> None:
        """How long it has waited by now; too long is said louder."""
        self._now, waits = now, self._waits
        if waits is None or not now:
            self._how.set_tone("fg2")
            self._how.setText(t("点一下送到大屏"))
            return
        age = max(0.0, now - waits.since.timestamp())
        self._how.set_tone("live" if now >= waits.rings_at.timestamp() else "fg1")
        self._how.setText(t("最久的等了 {time}", time=minutes(age)))
        set_tip(self._how, clean(waits.text, 60))

    @property
    def question_count(self) -> int:
        """How many the room asks."""
        return len(self._asked)

    def set_chip_lines(self, lines: int) -> None:
        """So many lines of chips; 0: rows with bars. With one line the caption goes too."""
        if lines != self._chip_lines:
            self._chip_lines = lines
            self._caption.setVisible(lines != 1)
            self._place()

    def show_questions(self, asked: Sequence[AnswerableQuestion], left_out: int = 0) -> None:
        """What the engine counts now; with ``left_out`` the counts are at least."""
        self._asked = list(asked)
        self._what.setText(
            t("正在问 · 近 5 分钟问过的人，评论太快，至少这么多")
            if left_out
            else t("正在问 · 近 5 分钟问过的人")
        )
        self.setVisible(bool(self._asked))
        self._place()

    def _press(self, question: AnswerableQuestion) -> None:
        if question.text:
            self.picked.emit(question.text, max(1, question.people))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if letter(event) == Qt.Key.Key_A and isinstance(focused, QuestionButton) and not event.isAutoRepeat():
            self.answered.emit(focused.question.text)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        most = max((one.people for one in self._asked), default=1)
        as_chip = self._chip_lines > 0
        for button, one in zip(self.buttons, self._asked, strict=False):
            button.show_question(one, most, as_chip=as_chip)
        high = self.buttons[0].sizeHint().height()
        boxes = self._chip_boxes(high) if as_chip else self._row_boxes(high)
        for n, button in enumerate(self.buttons):
            button.setVisible(n < len(boxes))
            if n < len(boxes):
                button.setGeometry(boxes[n])
        left = len(self._asked) - len(boxes)
        self.rest.setVisible(as_chip and left > 0)
        if as_chip and left > 0 and boxes:
            self.rest.setText(f"+{left}")
            set_tip(
                self.rest,
                "\n".join(f"{clean(one.text, 60)} {one.people}" for one in self._asked[len(boxes) :]),
            )
            self.rest.setGeometry(boxes[-1].right() + _GAP, boxes[-1].top(), self._rest_wide(), high)
        self._field.setFixedHeight(max((box.bottom() + 1 for box in boxes), default=0))

    def _rest_wide(self) -> int:
        return self.rest.fontMetrics().horizontalAdvance("+88") + 2

    def _row_boxes(self, high: int) -> list[QRect]:
        shown = min(ROWS, len(self._asked))
        return [QRect(0, n * (high + 1), self._wide(), high) for n in range(shown)]

    def _chip_boxes(self, high: int) -> list[QRect]:
        """Chips in lines; the last line keeps room for ``+n``."""
        found: list[QRect] = []
        x = line = 0
        longest = round(self._wide() * _CHIP_LONG)
        for button, _ in zip(self.buttons, self._asked, strict=False):
            wide = min(button.chip_wide(), longest)
            last = line == self._chip_lines - 1
            room = self._wide() - (
                self._rest_wide() + _GAP if last and len(found) + 1 < len(self._asked) else 0
            )
            if x + wide > room:
                if last:
                    break
                x, line = 0, line + 1
                room = self._wide() - (self._rest_wide() + _GAP if line == self._chip_lines - 1 else 0)
                wide = min(wide, room)
            found.append(QRect(x, line * (high + 6), wide, high))
            x += wide + _GAP
        return found

    def _wide(self) -> int:
        return max(1, self.contentsRect().width() - 28)
