"""Where everything of the trend stands: bars, the line of who watches, what was explained, promotions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from liveconsole.messages.boards import BoardPromotion, BoardTrend
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.widgets.placed import PlacedText, line_high, placed, wide
from ui.widgets.when import wall_clock
from ui.words import boards as words

_LANES: Final = 2
"""Lines of promotions; one more than these at once is only a shade, and a row of the table."""
_AXIS_EVERY: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120)
"""Minutes between two times on the axis."""
_FIVE: Final = 5
_LEAST_BARS: Final = 30


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A product that was explained, or a promotion. ``sign``: where the drawing of its kind stands."""

    room: QRectF
    tone: str
    now: bool = False
    icon: str = ""
    sign: QRectF | None = None
    shade: QRectF | None = None
    promotion: int = -1


@dataclass(frozen=True, slots=True)
class Bracket:
    """A stretch of the axis that is spoken of."""

    left: float
    right: float
    at: float
    tone: str


@dataclass(frozen=True, slots=True)
class TrendLayout:
    """``strength`` of a bar: 0 earlier, 1 the ten minutes before, 2 the last ten; ``lines``: who watches, a
    piece for each stretch that somebody told."""

    texts: tuple[PlacedText, ...]
    bars: tuple[tuple[QRectF, int], ...]
    lines: tuple[tuple[QPointF, ...], ...]
    spans: tuple[PlacedSpan, ...]
    brackets: tuple[Bracket, ...]
    grid: tuple[tuple[QPointF, QPointF], ...]
    plot: QRectF


def round_top(most: float) -> float:
    """The top of an axis: 1, 2, 4, 5 or 10 of a power of ten, so that its half is a round number too."""
    if most <= 0:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= most)


class _Axes:
    """Bars and moments as pixels."""

    def __init__(self, trend: BoardTrend, plot: QRectF) -> None:
        self.told = max(1, len(trend.gmv_fen or trend.online or ()))
        # A young broadcast has its bars at the left, and room for what comes.
        self.count = max(_LEAST_BARS, self.told)
        self.plot, self.start = plot, trend.start
        self.minutes = max(1, trend.minutes)
        self.each = plot.width() / self.count

    def bar(self, index: float) -> float:
        return self.plot.left() + min(float(self.count), max(0.0, index)) * self.each

    def moment(self, at: datetime | None) -> float:
        if at is None:
            return self.bar(self.told)
        return self.bar((at - self.start).total_seconds() / 60 / self.minutes)


def lay_out(trend: BoardTrend, room: QRectF, chosen: int) -> TrendLayout:
    """``chosen``: the promotion whose minutes before and after are marked; -1: the last ten minutes are."""
    small = float(line_high("small"))
    left = (
        max(wide(words.number(10_000_00, "fen"), "small"), wide(t("讲解"), "small"), wide(t("促销"), "small"))
        + 14.0
    )
    right = wide("10,000", "small") + 12.0
    line = small + 6
    lanes, count = _lanes(trend.promotions)
    # A list of nothing takes no room.
    over = (line + 3) * (bool(trend.segments) + count) + 6
    foot = 2 * small + 12
    plot = QRectF(
        room.left() + left, room.top() + over, room.width() - left - right,
        max(40.0, room.height() - over - foot),
    )  # fmt: skip
    axes = _Axes(trend, plot)
    texts: list[PlacedText] = []
    spans = _segments(trend, axes, room, line, texts)
    top = room.top() + (line + 3) * bool(trend.segments)
    spans += _promotions(trend, axes, room, (top, line), lanes, texts)
    grid = _sides(trend, plot, room, texts)
    _times(trend, axes, texts)
    brackets = _brackets(trend, axes, chosen, texts)
    return TrendLayout(
        tuple(text for text in texts if text.text),
        _bars(trend, axes),
        _lines(trend, axes),
        tuple(spans),
        tuple(brackets),
        grid,
        plot,
    )


def _lanes(promotions: Sequence[BoardPromotion]) -> tuple[list[int], int]:
    """The line of each promotion, -1 where no line is free; and how many lines there are."""
    ends: list[datetime | None] = []
    found = []
    for each in promotions:
        lane = next((n for n, end in enumerate(ends) if end is not None and end <= each.at), -1)
        if lane < 0 and len(ends) < _LANES:
            lane = len(ends)
            ends.append(each.at)
        if lane >= 0:
            ends[lane] = each.until
        found.append(lane)
    return found, len(ends)


def _segments(
    trend: BoardTrend, axes: _Axes, room: QRectF, line: float, texts: list[PlacedText]
) -> list[PlacedSpan]:
    if not trend.segments:
        return []
    texts.append(_label(t("讲解"), room, room.top(), line))
    found = []
    for each in trend.segments:
        left, right = axes.moment(each.at), axes.moment(each.until)
        if right - left < 1:
            continue
        box = QRectF(left + 1, room.top(), right - left - 2, line)
        found.append(PlacedSpan(box, "accent", now=each.until is None))
        number = "" if each.number is None else str(each.number)
        whole = f"{number} {each.title}".strip()
        said = whole if wide(whole, "small") <= box.width() - 10 else number
        if box.width() >= wide(said, "small") + 6:
            inside = box.adjusted(4, 0, -2, 0) if said == whole else box
            texts.append(placed(said, inside, "fg0", "small", centre=said != whole))
    return found


def _promotions(
    trend: BoardTrend,
    axes: _Axes,
    room: QRectF,
    at: tuple[float, float],
    lanes: Sequence[int],
    texts: list[PlacedText],
) -> list[PlacedSpan]:
    top, line = at
    if trend.promotions:
        texts.append(_label(t("促销"), room, top, line))
    found, free = [], [room.left()] * _LANES
    for index, (each, lane) in enumerate(zip(trend.promotions, lanes, strict=True)):
        left, right = axes.moment(each.at), axes.moment(each.until)
        look, plot = kind_of(each.kind), axes.plot
        shade = QRectF(left, plot.top(), max(1.0, right - left), plot.height())
        if lane < 0:
            found.append(PlacedSpan(QRectF(), look.TONE, shade=shade, promotion=index))
            continue
        # A short one is as wide as its sign; it never lies on the one before it.
        box_left = max(left, free[lane])
        box = QRectF(box_left, top + lane * (line + 3), max(line, right - box_left), line)
        if box.right() > plot.right():
            box.moveRight(max(plot.right(), box.width()))
        free[lane] = box.right() + 2
        sign = QRectF(box.left() + 4, box.top() + 4, line - 8, line - 8)
        found.append(PlacedSpan(box, look.TONE, each.until is None, look.ICON, sign, shade, index))
        words_room = box.adjusted(line, 0, -3, 0)
        for said in (f"{name_of(each.kind)} {each.title}".strip(), each.title, name_of(each.kind)):
            if said and wide(said, "small") <= words_room.width():
                texts.append(placed(said, words_room, "fg0", "small"))
                break
    return found


def _label(said: str, room: QRectF, top: float, line: float) -> PlacedText:
    return placed(said, QRectF(room.left(), top, wide(said, "small") + 2, line), "fg2", "small")


def _bars(trend: BoardTrend, axes: _Axes) -> tuple[tuple[QRectF, int], ...]:
    if not trend.gmv_fen:
        return ()
    plot, top = axes.plot, round_top(max(trend.gmv_fen))
    gap = 1.5 if axes.each >= 5 else 0.5 if axes.each >= 3 else 0.0
    last, before = trend.last_from, trend.before_from
    found = []
    for index, fen in enumerate(trend.gmv_fen):
        high = plot.height() * min(1.0, max(0, fen) / top)
        strength = 2 if last is not None and index >= last else 0
        if not strength and before is not None and index >= before:
            strength = 1
        box = QRectF(axes.bar(index) + gap / 2, plot.bottom() - high, max(0.6, axes.each - gap), high)
        found.append((box, strength))
    return tuple(found)


def _lines(trend: BoardTrend, axes: _Axes) -> tuple[tuple[QPointF, ...], ...]:
    if not trend.online:
        return ()
    plot = axes.plot
    top = round_top(max((n for n in trend.online if n is not None), default=0))
    pieces: list[list[QPointF]] = [[]]
    for index, online in enumerate(trend.online):
        if online is None:
            pieces.append([])
            continue
        high = plot.height() * min(1.0, online / top)
        pieces[-1].append(QPointF(axes.bar(index + 0.5), plot.bottom() - high))
    return tuple(tuple(piece) for piece in pieces if piece)


def _sides(
    trend: BoardTrend, plot: QRectF, room: QRectF, texts: list[PlacedText]
) -> tuple[tuple[QPointF, QPointF], ...]:
    """Money at the left, people at the right; three lines across."""
    high, found = float(line_high("small")), []
    fen = round_top(max(trend.gmv_fen)) if trend.gmv_fen else None
    people = [n for n in trend.online or () if n is not None]
    most = round_top(max(people)) if people else None
    for share in (0.0, 0.5, 1.0):
        y = plot.bottom() - plot.height() * share
        found.append((QPointF(plot.left(), y), QPointF(plot.right(), y)))
        if fen is not None:
            said = words.big(round(fen * share), "fen") if share else "0"
            box = QRectF(room.left(), y - high / 2, plot.left() - room.left() - 8, high)
            texts.append(placed(said, box, "fg2", "small", right=True))
        if most is not None and share:
            box = QRectF(plot.right() + 8, y - high / 2, room.right() - plot.right() - 8, high)
            texts.append(placed(f"{most * share:,.0f}", box, "fg2", "small"))
    return tuple(found)


def _times(trend: BoardTrend, axes: _Axes, texts: list[PlacedText]) -> None:
    """Times of the wall, as many as have room."""
    plot, high = axes.plot, float(line_high("small"))
    side = wide("00:00", "small") + 18.0
    whole = axes.count * axes.minutes
    every = next((n for n in _AXIS_EVERY if plot.width() * n / whole >= side), _AXIS_EVERY[-1])
    here = trend.start.astimezone()
    first = ceil((here.hour * 60 + here.minute) / every) * every - (here.hour * 60 + here.minute)
    for minute in range(first, whole + 1, every):
        x = axes.bar(minute / axes.minutes)
        box = QRectF(x - side / 2, plot.bottom() + 3, side, high)
        if box.left() < plot.left() - 8 or box.right() > plot.right() + 8:
            continue
        at = datetime.fromtimestamp(trend.start.timestamp() + minute * 60, trend.start.tzinfo)
        texts.append(placed(wall_clock(at), box, "fg2", "small", centre=True))


def _brackets(trend: BoardTrend, axes: _Axes, chosen: int, texts: list[PlacedText]) -> list[Bracket]:
    """The two stretches that are compared, with their sums under them."""
    plot, found = axes.plot, []
    at = plot.bottom() + line_high("small") + 5
    for left, right, said, tone in _compared(trend, axes, chosen):
        if right - left < 2:
            continue
        found.append(Bracket(left, right, at, tone))
        side = wide(said, "small_strong") + 4.0
        middle = (left + right) / 2
        box = QRectF(middle - side / 2, at + 2, side, line_high("small"))
        if found[:-1] and texts and texts[-1].room.right() + 6 > box.left():
            box.moveLeft(texts[-1].room.right() + 6)
        if box.right() > plot.right() + 40:
            _shift(texts, box, plot.right() + 40 - box.right(), moves=len(found) > 1)
        texts.append(placed(said, box, tone, "small_strong", centre=True))
    return found


def _shift(texts: list[PlacedText], box: QRectF, by: float, *, moves: bool) -> None:
    """Both sums go to the left so far that the second ends in the chart."""
    box.translate(by, 0)
    if moves and texts[-1].room.right() + 6 > box.left():
        before = texts.pop()
        room = QRectF(before.room)
        room.moveRight(box.left() - 6)
        texts.append(placed(before.whole, room, before.tone, before.role, centre=True))


def _compared(trend: BoardTrend, axes: _Axes, chosen: int) -> list[tuple[float, float, str, str]]:
    if 0 <= chosen < len(trend.promotions):
        each, five = trend.promotions[chosen], _FIVE / axes.minutes * axes.each
        left, right = axes.moment(each.at), axes.moment(each.until)
        found = [
            (max(axes.plot.left(), left - five), left, t("前 5 分 {sum}", sum=_sum(each.before_fen)), "fg1")
        ]
        if each.until is not None:
            end = min(axes.plot.right(), right + five)
            found.append((right, end, t("后 5 分 {sum}", sum=_sum(each.after_fen)), "fg0"))
        return found
    last, before = trend.last_from, trend.before_from
    if last is None or before is None or not trend.gmv_fen:
        return []
    return [
        (axes.bar(before), axes.bar(last), t("前 10 分 {sum}", sum=_sum(trend.before_fen)), "fg1"),
        (axes.bar(last) + 1, axes.bar(axes.told), t("近 10 分 {sum}", sum=_sum(trend.last_fen)), "fg0"),
    ]


def _sum(fen: int | None) -> str:
    return words.big(fen, "fen")


def chosen_words(trend: BoardTrend, chosen: int) -> str:
    """What a promotion's minutes came to, and that this proves nothing."""
    each = trend.promotions[chosen]
    parts = [
        f"{name_of(each.kind)} {each.title}".strip(),
        t("前 5 分 {sum}", sum=_sum(each.before_fen)),
        t("期间 {sum}", sum=_sum(each.during_fen)),
        t("后 5 分 {sum}", sum=_sum(each.after_fen)),
    ]
    if each.burst is not None:
        parts.append(t("每分钟是之前的 {n} 倍", n=f"{each.burst:.1f}"))
    elif each.why is not None:
        parts.append(words.why_words(each.why))
    parts.append(t("前后对比 · 非因果"))
    return " · ".join(parts)
