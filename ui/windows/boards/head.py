"""The line at the top: whose numbers, on air or not, three levels, and how old each source is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.messages.boards import BoardPage, SourceAge, Switchback
from liveconsole.views.day_ranges import RANGES
from ui import theme
from ui.i18n import t
from ui.widgets import Chip, PlainLabel, button, set_tip
from ui.widgets.placed import PaintedBoard, PlacedText, line_high, paint_texts, placed, wide
from ui.widgets.segments import Segments
from ui.widgets.when import age, day_words, long_clock
from ui.windows.boards.trial import block_words, running
from ui.words import boards as words
from ui.words.sources import DEAD_AFTER

_GAP: Final = 14.0
_DOT: Final = 8.0


def level_choices(*, short: bool = False) -> list[tuple[str, str]]:
    """Name and words of the three levels, in the order of their keys."""
    if short:
        return [("basic", t("1 基础")), ("advanced", t("2 进阶")), ("decision", t("3 决策"))]
    return [
        ("basic", t("1 基础 卖得怎样")), ("advanced", t("2 进阶 从哪来、在哪丢")),
        ("decision", t("3 决策 接下来做什么")),
    ]  # fmt: skip


def range_choices() -> list[tuple[str, str]]:
    """Name and words of `RANGES`."""
    said = (t("今天"), t("昨天"), t("近 7 天"), t("本月"), t("上月"))
    return list(zip(RANGES, said, strict=True))


class SourceDots(PaintedBoard):
    """A sign and the age of each source; those that have no room are told to the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources: list[SourceAge] = []
        self._now = datetime.min.replace(tzinfo=UTC)
        self.setAccessibleName(t("每个来源多久没来"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_sources(self, sources: list[SourceAge], now: datetime) -> None:
        """The late ones stand last, next to the edge: they are seen when others have no room."""
        self.sources, self._now = sorted(sources, key=lambda each: each.late), now
        self.setToolTip("")
        self.tell()

    def _words(self, source: SourceAge) -> str:
        name = words.source_words(source.name)
        if source.at is None:
            return t("{name} 没来过", name=name)
        return f"{name} {age(max(0.0, (self._now - source.at).total_seconds()))}"

    def shown(self) -> list[tuple[SourceAge, float, float]]:
        """Which have room, from the right, with their left edges and widths."""
        at, found = float(self.width()), []
        for source in reversed(self.sources):
            side = wide(self._words(source), "small") + _DOT + 6
            if at - side < 0:
                break
            found.append((source, at - side, side))
            at -= side + _GAP
        return found[::-1]

    def placed_texts(self) -> tuple[PlacedText, ...]:
        return tuple(
            placed(
                self._words(source),
                QRectF(left + _DOT + 5, 0, side - _DOT - 4, self.height()),
                "warn" if source.late else "fg1",
                "small",
            )
            for source, left, side in self.shown()
        )

    def tip_at(self, at: object) -> str:
        return " · ".join(map(self._words, self.sources))

    def said(self) -> str:
        return self.tip_at(None)

    def sizeHint(self) -> QSize:
        return QSize(200, line_high("small") + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, line_high("small") + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        for source, left, _ in self.shown():
            self._sign(painter, source, QRectF(left, middle - _DOT / 2, _DOT, _DOT))
        paint_texts(painter, self.placed_texts())
        painter.end()

    def _sign(self, painter: QPainter, source: SourceAge, box: QRectF) -> None:
        """The shape tells it too: round lives, square is late, a triangle is silent for long."""
        gone = source.at is None or (self._now - source.at).total_seconds() >= DEAD_AFTER
        painter.setBrush(theme.colour("fg2" if source.at is None else "warn" if source.late else "ok"))
        if not source.late:
            painter.drawEllipse(box)
        elif gone and source.at is not None:
            top = QPointF(box.center().x(), box.top())
            painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
        else:
            painter.drawRect(box)


class BoardHead(QWidget):
    """``level_asked(name)``, ``tables_asked()``, ``file_asked()``."""

    level_asked = Signal(str)
    days_asked = Signal(str)
    """One of `RANGES`; ``""``: the broadcast again."""
    tables_asked = Signal()
    file_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._test: Switchback | None = None
        self._narrow, self._under = False, ("", "fg2")
        self.title = PlainLabel(t("数据"), role="heading", elide=True)
        self.under = PlainLabel("", role="small", tone="fg2", elide=True)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.under)
        held = QWidget()
        held.setLayout(names)
        names.setContentsMargins(0, 0, 0, 0)
        held.setMaximumWidth(round(260 * theme.text_scale()))
        self.air, self.trial = Chip(""), Chip("")
        self.trial.hide()
        self.levels = Segments(level_choices())
        self.levels.setAccessibleName(t("哪一级"))
        self.levels.chosen_by_hand.connect(self.level_asked)
        for key, (name, _) in zip("123", level_choices(), strict=True):
            set_tip(self.levels.key(name), key)
        self.days = QComboBox()
        self.days.setAccessibleName(t("哪几天"))
        self.days.addItem(t("这一场"), "")
        for each, words_here in range_choices():
            self.days.addItem(words_here, each)
        self.days.currentIndexChanged.connect(lambda _place: self.days_asked.emit(self.days.currentData()))
        self.dots = SourceDots()
        self.table = button(t("看成表格"), "quiet")
        self.table.clicked.connect(self.tables_asked)
        set_tip(self.table, "T")
        self.file = button(t("导出表格"))
        self.file.clicked.connect(self.file_asked)
        set_tip(self.file, "E")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 12, 7)
        row.setSpacing(14)
        row.addWidget(held)
        row.addWidget(self.air)
        row.addWidget(self.trial)
        row.addWidget(self.levels)
        row.addWidget(self.days)
        row.addWidget(self.dots, 1)
        row.addWidget(self.table)
        row.addWidget(self.file)

    def show_page(self, page: BoardPage, now: datetime, lost: str) -> None:
        """``lost``: why the numbers may be old; ``""``: they are not."""
        title = page.title or t("没有名字的直播")
        if page.number is None:
            title = t("{a} 到 {b}", a=page.from_day, b=page.to_day)
        self.title.setText(t("数据 · {title}", title=title))
        under = t("第 {number} 场 · 所有数字都由日志算出", number=page.number) if page.number else ""
        self._under = lost or under or t("所有数字都由日志算出"), "warn" if lost else "fg2"
        self._test = running(page)
        self.tick(now)
        self._air(page, now)
        self.dots.show_sources(page.sources, now)

    def tick(self, now: datetime) -> None:
        """The clock of a test's block: it is seen at every level."""
        said, tone = block_words(self._test, now) if self._test is not None else ("", "ok")
        self.trial.setVisible(bool(said) and not self._narrow)
        self.trial.show_as(said, tone)
        # In a narrow window it stands where else stands what is always so.
        words_under, tone_under = (said, tone) if said and self._narrow else self._under
        self.under.setText(words_under)
        self.under.set_tone(tone_under)

    def _air(self, page: BoardPage, now: datetime) -> None:
        opened = page.opened_at
        runs = opened is not None and page.closed_at is None
        self.air.setVisible(opened is not None or page.simulated)
        if opened is None:
            self.air.show_as(t("排练") if page.simulated else "", "warn")
            return
        passed = long_clock(((page.closed_at or now) - opened).total_seconds())
        if page.simulated:
            said = t("排练中 {time}", time=passed) if runs else t("排练 {day}", day=day_words(opened))
            self.air.show_as(said, "warn", loud=runs)
        elif runs:
            self.air.show_as(t("直播中 {time}", time=passed), "live", loud=True, icon="dot")
        else:
            self.air.show_as(t("{day} · 播了 {time}", day=day_words(opened), time=passed), "fg1")

    def tighten(self, width: int) -> None:
        """In a narrow window ages go first, then the words of a level, whose key stays, then what T does."""
        self._narrow = width < round(1340 * theme.text_scale())
        if self._narrow:
            self.trial.hide()
        self.table.setVisible(width >= round(760 * theme.text_scale()))
        self.dots.setVisible(width >= round(1250 * theme.text_scale()))
        for name, said in level_choices(short=width < round(1400 * theme.text_scale())):
            self.levels.set_words(name, said)
