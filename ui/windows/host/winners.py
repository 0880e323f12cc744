"""The winner moment: who won in letters that are read at three metres, and how long they may claim."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from ui.widgets.cut import elided
from ui.widgets.picture import paint_picture, shelf
from ui.widgets.when import countdown
from ui.windows.host.large import LargeLabel
from ui.words.winners import WinnerMoment, moment_of, name_of_winner

__all__ = ["WinnerLine", "WinnerMoment", "WinnerNames", "lay_out", "moment_of"]

PAGE: Final = 8
_TWO_COLUMNS: Final = 5
_LARGEST, _SMALLEST = 98, 56
_SIDE: Final = 388
"""Width of what stands beside the names, at 1280 × 720."""
_EDGE, _GAP, _PAD = 20, 16, 22


@dataclass(frozen=True, slots=True)
class MomentText:
    """A text where it is painted, its size in the window's pixels."""

    text: str
    room: QRectF
    px: int
    tone: str
    bold: bool = True
    right: bool = False


@dataclass(frozen=True, slots=True)
class MomentLayout:
    """Everything that is painted."""

    names: QRectF
    texts: list[MomentText]
    cards: list[QRectF] = field(default_factory=list)
    sign: QRectF = field(default_factory=QRectF)
    """The shape of its kind."""
    picture: QRectF = field(default_factory=QRectF)
    bar: QRectF = field(default_factory=QRectF)
    """The time to claim, whole."""
    left: float = 1.0
    """How much of it is left."""
    rules: list[QRectF] = field(default_factory=list)
    """Lines between the names."""


def lay_out(moment: WinnerMoment, now: datetime, width: int, height: int, scale: float) -> list[MomentText]:
    """Its texts: the names on two thirds; prize, clock and code beside them."""
    return placed(moment, now, width, height, scale).texts


def placed(moment: WinnerMoment, now: datetime, width: int, height: int, scale: float) -> MomentLayout:
    """Where everything stands."""
    edge, gap, pad = _EDGE * scale, _GAP * scale, _PAD * scale
    side = min(_SIDE * scale, width * 0.36)
    names = QRectF(edge, 1, width - 2 * edge - side - gap, height - 2)
    made = MomentLayout(names, [])
    inner = names.adjusted(pad, 0, -pad, 0)
    # The page with the next who has to claim.
    first = moment.winners.index(moment.open[0]) // PAGE * PAGE if moment.open else 0
    sign = QRectF(inner.left(), names.top() + 24 * scale, 34 * scale, 34 * scale)
    head = _head(moment, first, inner, sign, scale)
    top = names.top() + 76 * scale
    found = _names(
        moment.winners[first : first + PAGE],
        first,
        QRectF(inner.left(), top, inner.width(), names.bottom() - top - 6 * scale),
        scale,
    )
    return _beside(
        moment,
        now,
        QRectF(names.right() + gap, 1, side, height - 2),
        scale,
        MomentLayout(made.names, head + found, sign=sign, rules=_rules(found, inner)),
    )


def _rules(found: list[MomentText], inner: QRectF) -> list[QRectF]:
    """Above every row of names but the first."""
    tops = sorted({text.room.top() for text in found})[1:]
    return [QRectF(inner.left(), top, inner.width(), 1) for top in tops]


def _head(moment: WinnerMoment, first: int, inner: QRectF, sign: QRectF, scale: float) -> list[MomentText]:
    words = t("恭喜 {n} 位中奖", n=len(moment.winners))
    if len(moment.winners) > PAGE:
        words += f" {first // PAGE + 1} / {-(-len(moment.winners) // PAGE)}"
    left = sign.right() + 12 * scale
    row = QRectF(left, sign.top() - 8 * scale, inner.right() - left, sign.height() + 16 * scale)
    size = _fitting(words, row.width() * 0.62, round(34 * scale), round(22 * scale))
    wide = min(row.width(), QFontMetrics(_sized(size, bold=True)).horizontalAdvance(words) + 4)
    found = [MomentText(words, QRectF(row.left(), row.top(), wide, row.height()), size, "warn")]
    if moment.entrants is not None:
        drawn = t("{of} 人里抽出 {n} 人", of=f"{moment.entrants:,}", n=len(moment.winners))
        room = QRectF(row.left() + wide + 8 * scale, row.top(), row.width() - wide - 8 * scale, row.height())
        size = _fitting(drawn, room.width(), round(25 * scale), round(16 * scale), bold=False)
        if QFontMetrics(_sized(size, bold=False)).horizontalAdvance(drawn) <= room.width():
            found.append(MomentText(drawn, room, size, "fg1", bold=False, right=True))
    return found


def _beside(
    moment: WinnerMoment, now: datetime, side: QRectF, scale: float, made: MomentLayout
) -> MomentLayout:
    """Prize, claim clock and code, one under the other, as high as the names together."""
    shares = (152, 234, 102) if moment.code else (152, 234)
    gap = _GAP * scale
    unit = (side.height() - gap * (len(shares) - 1)) / sum(shares)
    cards, top = [], side.top()
    for share in shares:
        cards.append(QRectF(side.left(), top, side.width(), share * unit))
        top += share * unit + gap
    air = 18 * scale
    edge = min(cards[0].height() - 2 * air, side.width() * 0.3)
    picture = QRectF(cards[0].left() + air, cards[0].center().y() - edge / 2, edge, edge)
    right = QRectF(
        picture.right() + air, cards[0].top() + air / 2, cards[0].right() - picture.right() - 2 * air,
        cards[0].height() - air,
    )  # fmt: skip
    texts = _stacked(
        [(t("奖品 每人 1 份"), 22, "fg1", False), (clean(moment.prize, 40), 32, "fg0", True),
         (moment.worth, 22, "fg1", False)],
        right, scale,
    )  # fmt: skip
    clock = cards[1].adjusted(air + 2 * scale, air / 2, -air, -air / 2)
    until = moment.until
    left = (until - now).total_seconds() if until is not None else 0.0
    ends = until.astimezone().strftime("%H:%M:%S") if until is not None else "—"
    claimed = t("{time} 截止 · 已领 {n} / {of}", time=ends, n=moment.claimed, of=len(moment.winners))
    low = 62 * scale if clock.height() > 150 * scale else clock.height() * 0.3
    texts += _stacked(
        [(t("领奖还剩"), 22, "fg1", False),
         (countdown(left) if until is not None else "—", 104, "fg0", True)],
        clock.adjusted(0, 0, 0, -low - 14 * scale), scale,
    )  # fmt: skip
    bar = QRectF(clock.left(), clock.bottom() - low - 8 * scale, clock.width(), 10 * scale)
    hint = t("Y 下一位已领 · N 让给候补") if moment.may_settle else ""
    below = clock.adjusted(0, clock.height() - low + 4 * scale, 0, 0)
    texts += _stacked([(claimed, 22, "fg1", False), (hint, 22, "fg1", False)], below, scale)
    if moment.code:
        code = cards[2].adjusted(air + 2 * scale, air / 2, -air, -air / 2)
        texts += _stacked(
            [(t("可复核 · 念出这串码"), 22, "fg1", False), (moment.code, 32, "fg0", True)], code, scale
        )
    return MomentLayout(
        made.names,
        made.texts + texts,
        cards,
        made.sign,
        picture,
        bar,
        max(0.0, min(1.0, left / moment.seconds)),
        made.rules,
    )


def _stacked(lines: list[tuple[str, int, str, bool]], room: QRectF, scale: float) -> list[MomentText]:
    """Lines under each other in the middle of a room, smaller where it is low or narrow."""
    lines = [line for line in lines if line[0]]
    whole = sum(px for _, px, _, _ in lines) * 1.3 * scale
    share = min(1.0, room.height() / whole) if whole else 1.0
    top = room.center().y() - whole * share / 2
    found = []
    for words, px, tone, bold in lines:
        high = px * 1.3 * scale * share
        size = _fitting(words, room.width(), round(px * scale * share), round(13 * scale), bold=bold)
        words = elided(words, QFontMetrics(_sized(size, bold=bold)), int(room.width()) + 1)
        found.append(MomentText(words, QRectF(room.left(), top, room.width(), high), size, tone, bold))
        top += high
    return found


def _names(page: tuple[WinnerState, ...], first: int, room: QRectF, scale: float) -> list[MomentText]:
    across = 2 if len(page) >= _TWO_COLUMNS else 1
    down = -(-len(page) // across)
    gutter = 2 * _GAP * scale * (across - 1)
    wide, high = (room.width() - gutter) / across, room.height() / max(1, down)
    found = []
    for place, winner in enumerate(page):
        at = QRectF(
            room.left() + place // down * (wide + gutter), room.top() + place % down * high, wide, high
        )
        number, state = 62 * scale / (1 if across == 1 else 1.5), 92 * scale
        name = name_of_winner(winner)
        name_room = QRectF(at.left() + number, at.top(), wide - number - state - 8 * scale, high)
        most = min(_LARGEST * scale, high * 0.8)
        size = _fitting(name, name_room.width(), round(most), round(min(_SMALLEST * scale / across, most)))
        name = elided(name, QFontMetrics(_sized(size, bold=True)), int(name_room.width()))
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
        shelf().arrived.connect(self._arrived)
        self.hide()

    def set_scale(self, scale: float) -> None:
        """The window's measure against 1280 × 720."""
        self._scale = scale

    def show_moment(self, moment: WinnerMoment | None, now: datetime) -> None:
        """Who won; None once all is settled."""
        self.moment, self._now = moment, now
        self.setVisible(moment is not None and moment.cue_id != self._put_away)
        self.raise_()
        names = ", ".join(name_of_winner(w) for w in moment.winners) if moment is not None else ""
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

    def layout_now(self) -> MomentLayout | None:
        """What is painted, as data."""
        if self.moment is None or self._now is None:
            return None
        return placed(self.moment, self._now, self.width(), self.height(), self._scale)

    def texts(self) -> list[MomentText]:
        """The texts of it."""
        made = self.layout_now()
        return made.texts if made is not None else []

    def _arrived(self, sha: str) -> None:
        if self.moment is not None and self.moment.image == sha:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("bg0"))
        made = self.layout_now()
        if made is not None and self.moment is not None:
            _paint(painter, made, self.moment)
        painter.end()


def _paint(painter: QPainter, made: MomentLayout, moment: WinnerMoment) -> None:
    tokens = theme.tokens()
    painter.setPen(theme.colour("warn"))
    painter.setBrush(theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.1)))
    painter.drawRoundedRect(made.names, theme.RADIUS, theme.RADIUS)
    painter.setPen(theme.colour("line"))
    painter.setBrush(theme.colour("bg1"))
    for card in made.cards:
        painter.drawRoundedRect(card, theme.RADIUS, theme.RADIUS)
    for rule in made.rules:
        painter.fillRect(rule, theme.colour(theme.mix(tokens.bg1, tokens.warn, 0.3)))
    theme.paint_icon(painter, kind_of(moment.kind).ICON, made.sign, tokens.warn)
    paint_picture(painter, made.picture, moment.image, moment.prize)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = made.bar.height() / 2
    painter.setBrush(theme.colour("bg3"))
    painter.drawRoundedRect(made.bar, radius, radius)
    painter.setBrush(theme.colour("warn"))
    left = QRectF(made.bar)
    left.setWidth(max(made.bar.height(), made.bar.width() * made.left) if made.left else 0)
    painter.drawRoundedRect(left, radius, radius)
    for text in made.texts:
        painter.setFont(_sized(text.px, bold=text.bold))
        painter.setPen(theme.colour(text.tone))
        side = Qt.AlignmentFlag.AlignRight if text.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(text.room, side | Qt.AlignmentFlag.AlignVCenter, text.text)


class WinnerLine(LargeLabel):
    """What the moment shrinks to: who still has to claim and how long, then that all is settled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", px=27, least=22, bold=True, tone="warn", parent=parent)
        self._moment: WinnerMoment | None = None
        self._settled = ""
        self.hide()

    def show_moment(self, moment: WinnerMoment | None, now: datetime, *, large: bool) -> None:
        """``large``: the names fill the window, and the line is not needed."""
        if moment is None and self._moment is not None:
            self._settled = t("福袋：{n} 位都处理好了", n=len(self._moment.winners))
        elif moment is not None:
            self._settled = ""
        self._moment = moment
        self._say(now)
        self.setVisible(bool(self.text()) and not large)

    def put_away(self) -> None:
        """PgDn once more: that all is settled was read."""
        if self._moment is None:
            self._settled = ""
            self.hide()

    def tick(self, now: datetime) -> None:
        """The time to claim runs down."""
        if not self.isHidden():
            self._say(now)

    def _say(self, now: datetime) -> None:
        moment = self._moment
        if moment is None:
            self.setText(self._settled)
            self.set_tone("ok")
            return
        waiting = t("、").join(map(name_of_winner, moment.open[:3]))
        if len(moment.open) > 3:
            waiting = t("{names} 等 {n} 位", names=waiting, n=len(moment.open))
        left = countdown((moment.until - now).total_seconds()) if moment.until is not None else "—"
        parts = [t("等领奖 {names}", names=waiting), left]
        if moment.may_settle:
            parts.append(t("Y 下一位已领 · N 让给候补"))
        self.set_tone("warn")
        self.setText(" · ".join(parts))
