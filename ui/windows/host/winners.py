"""The winner moment: who won in letters that are read at three metres, and how long they may claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from liveconsole.messages.state import WinnerState
from ui import theme
from ui.clean import clean
from ui.i18n import t
from ui.kinds import kind_of
from ui.seat.room import RoomView
from ui.widgets.when import countdown

PAGE: Final = 8
_TWO_COLUMNS: Final = 5
_LARGEST, _SMALLEST = 98, 56


@dataclass(frozen=True, slots=True)
class WinnerMoment:
    """A draw whose winners are not all settled."""

    cue_id: str
    prize: str
    entrants: int | None
    code: str
    winners: tuple[WinnerState, ...]

    @property
    def open(self) -> list[WinnerState]:
        """Who waits, in order."""
        return [winner for winner in self.winners if winner.settled is None]

    @property
    def until(self) -> datetime | None:
        """When the next claim ends."""
        return min((w.claim_until for w in self.open if w.claim_until is not None), default=None)

    @property
    def claimed(self) -> int:
        return sum(winner.settled is True for winner in self.winners)


@dataclass(frozen=True, slots=True)
class MomentText:
    """A text where it is painted, its size in the window's pixels."""

    text: str
    room: QRectF
    px: int
    tone: str
    bold: bool = True
    right: bool = False


def moment_of(room: RoomView) -> WinnerMoment | None:
    """The newest draw in which somebody still has to claim."""
    found = []
    for cue in room.cues.values():
        standing = tuple(w for w in cue.winners if w.settled is not False)
        if cue.ended_at is not None and any(w.settled is None for w in standing):
            prize = kind_of(cue.kind).prize_of(cue.terms)
            code = cue.draw.receipt_code if cue.draw is not None else ""
            found.append((cue.ended_at, WinnerMoment(cue.cue_id, prize, cue.entrants, code, standing)))
    return max(found, key=lambda each: each[0])[1] if found else None


def lay_out(moment: WinnerMoment, now: datetime, width: int, height: int, scale: float) -> list[MomentText]:
    """Everything that is painted: the names on two thirds, prize, clock and code beside them."""
    left, pad = width * 0.66, 30 * scale
    open_ones = moment.open
    # The page with the next who has to claim.
    first = moment.winners.index(open_ones[0]) // PAGE * PAGE if open_ones else 0
    page = moment.winners[first : first + PAGE]
    head = t("恭喜 {n} 位中奖", n=len(moment.winners))
    if len(moment.winners) > PAGE:
        pages = -(-len(moment.winners) // PAGE)
        head += f" {first // PAGE + 1} / {pages}"
    found = [MomentText(head, QRectF(pad, 10 * scale, left - 2 * pad, 48 * scale), round(34 * scale), "warn")]
    found += _names(page, first, QRectF(pad, 62 * scale, left - 2 * pad, height - 72 * scale), scale)
    side = QRectF(left + pad, 0, width - left - 2 * pad, 0)
    until = moment.until
    clock = countdown((until - now).total_seconds()) if until is not None else "—"
    claimed = t("已领 {n} / {of}", n=moment.claimed, of=len(moment.winners))
    lines = [
        (t("奖品"), 22, "fg1", False), (clean(moment.prize, 40), 32, "fg0", True),
        (t("领奖还剩"), 22, "fg1", False), (clock, 104, "fg0", True), (claimed, 24, "fg1", False),
        *([(t("收据，念出这串码"), 22, "fg1", False), (moment.code, 32, "fg0", True)] if moment.code else []),
        (t("Y 下一位已领 · N 让给候补"), 22, "fg1", False), (t("念完按 PgDn"), 22, "fg1", False),
    ]  # fmt: skip
    share = min(1.0, (height - 20 * scale) / (sum(px for _, px, _, _ in lines) * 1.35 * scale))
    top = 10 * scale
    for words, px, tone, bold in lines:
        size = _fitting(words, side.width(), round(px * scale * share), round(14 * scale), bold=bold)
        room = QRectF(side.left(), top, side.width(), px * 1.35 * scale * share)
        found.append(MomentText(words, room, size, tone, bold))
        top = room.bottom()
    return found


def _names(page: tuple[WinnerState, ...], first: int, room: QRectF, scale: float) -> list[MomentText]:
    across = 2 if len(page) >= _TWO_COLUMNS else 1
    down = -(-len(page) // across)
    wide, high = room.width() / across, room.height() / max(1, down)
    found = []
    for place, winner in enumerate(page):
        at = QRectF(room.left() + place // down * wide, room.top() + place % down * high, wide, high)
        number, state = 44 * scale, 92 * scale
        name = clean(winner.name, 40) or t("没有名字的观众")
        name_room = QRectF(at.left() + number, at.top(), wide - number - state - 8 * scale, high)
        most = min(_LARGEST * scale, high * 0.8)
        size = _fitting(name, name_room.width(), round(most), round(min(_SMALLEST * scale / across, most)))
        name = QFontMetrics(_sized(size, bold=True)).elidedText(
            name, Qt.TextElideMode.ElideRight, int(name_room.width())
        )
        claimed = winner.settled is True
        beside = QRectF(at.right() - state - 4 * scale, at.top(), state, high)
        found += [
            MomentText(
                str(first + place + 1), QRectF(at.left(), at.top(), number, high), round(34 * scale), "warn"
            ),
            MomentText(name, name_room, size, "fg0"),
            MomentText(
                t("已领") if claimed else t("等领奖"), beside, round(24 * scale),
                "ok" if claimed else "fg1", bold=False, right=True,
            ),
        ]  # fmt: skip
    return found


def _fitting(text: str, wide: float, most: int, least: int, *, bold: bool = True) -> int:
    px = most
    while px > least and QFontMetrics(_sized(px, bold=bold)).horizontalAdvance(text) > wide:
        px -= 1
    return px


def _sized(px: int, *, bold: bool) -> QFont:
    font = QFont(theme.font("host_price"))
    font.setPixelSize(max(12, px))
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return font


class WinnerNames(QWidget):
    """Lies over the middle of the window from the draw until PgDn, or until everybody has claimed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.moment: WinnerMoment | None = None
        self._put_away = ""
        self._now: datetime | None = None
        self._scale = 1.0
        self.hide()

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self._scale = scale

    def show_moment(self, moment: WinnerMoment | None, now: datetime) -> None:
        """Who won; None once all is settled."""
        self.moment, self._now = moment, now
        self.setVisible(moment is not None and moment.cue_id != self._put_away)
        self.raise_()
        names = ", ".join(clean(w.name, 40) for w in moment.winners) if moment is not None else ""
        self.setAccessibleName(names)
        self.update()

    def put_away(self) -> None:
        """PgDn: they were read out."""
        if self.moment is not None:
            self._put_away = self.moment.cue_id
        self.hide()

    def tick(self, now: datetime) -> None:
        """The time to claim runs down, by the second."""
        if self._now is None or int(now.timestamp()) != int(self._now.timestamp()):
            self._now = now
            self.update()

    def texts(self) -> list[MomentText]:
        """What is painted, as data."""
        if self.moment is None or self._now is None:
            return []
        return lay_out(self.moment, self._now, self.width(), self.height(), self._scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("bg0"))
        painter.setPen(theme.colour("warn"))
        painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.1)))
        names = QRectF(10, 1, self.width() * 0.66 - 10, self.height() - 2)
        painter.drawRoundedRect(names, theme.RADIUS, theme.RADIUS)
        for text in self.texts():
            painter.setFont(_sized(text.px, bold=text.bold))
            painter.setPen(theme.colour(text.tone))
            side = Qt.AlignmentFlag.AlignRight if text.right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(text.room, side | Qt.AlignmentFlag.AlignVCenter, text.text)
        painter.end()
