"""The evening on one axis as SVG: who did what, what was on air, and what the room did.

Attributes only, no style sheet: Qt's SVG reads it as well as a browser does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from html import escape
from typing import Final

from liveconsole.views.kinds import WORDS
from liveconsole.views.money import yuan_short
from liveconsole.views.report.model import Minute, Promotion, Report
from liveconsole.views.report.words import ReportWords

WIDTH: Final = 1000
_LEFT, _RIGHT = 92, 24
_LANE, _GAP, _CHART, _PAD = 18, 8, 86, 26
_MOST: Final = 480
"""Points of a curve; a longer broadcast shows means of several minutes."""
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440)
"""Minutes between two marks of the axis."""

INK, SOFT, GRID = "#1B2430", "#566172", "#DDE3EC"
_ACTOR_COLOURS: Final = {
    "host": "#C8102E", "operator": "#0B5CD6", "assistant": "#0B7A4B", "keys": "#C8102E", "": "#8592A0",
}  # fmt: skip

_Bar = tuple[datetime, datetime, str, str]
"""From, to, the label on it, and what it is."""


def chart(report: Report, w: ReportWords, zone: tzinfo | None, width: int = WIDTH) -> tuple[str, int]:
    """The SVG and its height."""
    draw = _Drawing(report, w, zone, width)
    return draw.svg(), draw.height


class _Drawing:
    def __init__(self, report: Report, w: ReportWords, zone: tzinfo | None, width: int) -> None:
        self._report, self._w, self._zone, self._width = report, w, zone, width
        self._span = max((report.end - report.start).total_seconds(), 60.0)
        self._parts: list[str] = []
        self.height = 8
        self._people()
        self._promotions()
        top = self.height
        self._curves()
        self._axis(top)

    def svg(self) -> str:
        body = "".join(self._parts)
        size = f'width="{self._width}" height="{self.height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {self.height}" {size} '
            f'font-family="sans-serif" role="img" '
            f'aria-label="{escape(self._w("timeline"))}">'
            f'<rect {size} fill="#FFFFFF"/>{body}</svg>'
        )

    def _x(self, at: datetime) -> float:
        share = (at - self._report.start).total_seconds() / self._span
        return _LEFT + min(1.0, max(0.0, share)) * (self._width - _LEFT - _RIGHT)

    def _lane(self, label: str, height: int = _LANE) -> int:
        """A band with its name; its top."""
        top = self.height
        self._text(_LEFT - 8, top + height / 2 + 4, label, anchor="end", fill=SOFT)
        self._line(_LEFT, top + height, self._width - _RIGHT, top + height, GRID)
        self.height += height
        return top

    # What people did ----------------------------------------------------------------------------------

    def _people(self) -> None:
        here = [a for a in self._report.actions if self._report.start <= a.at <= self._report.end]
        for actor in _ACTOR_COLOURS:
            mine = [a for a in here if (a.actor if a.actor in _ACTOR_COLOURS else "") == actor]
            if not mine:
                continue
            top = self._lane(self._w.actor(actor) if actor else self._w("automatic"))
            for action in mine:
                x, colour = self._x(action.at), _ACTOR_COLOURS[actor]
                said = f"{self._clock(action.at)} {self._w.action(action)} {action.subject}".strip()
                fired = action.type in ("cue.recallable", "cue.firing") and action.kind != "pin"
                tip = f"<title>{escape(said)}</title>"
                if fired:
                    points = f"{x - 4:.1f},{top + 4} {x + 5:.1f},{top + 10} {x - 4:.1f},{top + 16}"
                    self._add(f'<polygon points="{points}" fill="{colour}">{tip}</polygon>')
                else:
                    place = f'x="{x - 1:.1f}" y="{top + 5}" width="2" height="10"'
                    self._add(f'<rect {place} fill="{colour}">{tip}</rect>')
        self.height += _GAP

    def _promotions(self) -> None:
        for kind, words in WORDS.items():
            if not words.LISTED:
                continue
            mine = [p for p in self._report.promotions if p.kind == kind and p.on_air_at is not None]
            if mine:
                top = self._lane(self._w.kind(kind))
                self._bars(top, words.COLOUR, [_bar(p, self._report.end) for p in mine])
        if self._report.clips:
            top = self._lane(self._w.kind("pin"))
            self._bars(
                top,
                WORDS["pin"].COLOUR,
                [
                    (c.start, c.end, "" if c.number is None else str(c.number), c.title)
                    for c in self._report.clips
                ],
                pale=True,
            )
        self.height += _GAP

    def _bars(
        self,
        top: int,
        colour: str,
        bars: Iterable[tuple[datetime, datetime, str, str]],
        *,
        pale: bool = False,
    ) -> None:
        """Spans with their numbers: inside where there is room, behind where the lane is free there."""
        taken = 0.0
        spans = [(self._x(start), self._x(end), label, tip) for start, end, label, tip in bars]
        starts = [x for x, *_ in spans[1:]] + [float(self._width)]
        for (x, until, label, tip), following in zip(spans, starts, strict=True):
            width, room = max(2.0, until - x), 7.0 * len(label) + 4
            look = f'fill="{colour}" fill-opacity="0.16" stroke="{colour}"' if pale else f'fill="{colour}"'
            self._add(
                f'<rect x="{x:.1f}" y="{top + 3}" width="{width:.1f}" height="{_LANE - 6}" rx="2" {look}>'
                f"<title>{escape(tip)}</title></rect>"
            )
            if width >= room:
                self._text(x + width / 2, top + 13, label, anchor="middle", fill=INK if pale else "#FFFFFF")
            elif x + width + room < following and x >= taken:
                self._text(x + width + 2, top + 13, label, fill=colour)
                taken = x + width + room

    # What the room did --------------------------------------------------------------------------------

    def _curves(self) -> None:
        step = -(-len(self._report.minutes) // _MOST)
        groups = [self._report.minutes[n : n + step] for n in range(0, len(self._report.minutes), step)]
        w = self._w
        self._curve(w("online"), "#0B5CD6", groups, step, _online, _count, line=True)
        self._curve(w("comments_minute"), "#566172", groups, step, lambda m: m.comments, _count)
        self._curve(w("orders_minute"), "#0B7A4B", groups, step, lambda m: m.orders, _count)
        self._curve(
            w("gmv_minute"), "#B8420B", groups, step, lambda m: m.gmv_fen, lambda v: yuan_short(round(v))
        )

    def _curve(
        self,
        label: str,
        colour: str,
        groups: Sequence[Sequence[Minute]],
        step: int,
        of: Callable[[Minute], int | None],
        say: Callable[[float], str],
        *,
        line: bool = False,
    ) -> None:
        values = [_mean([v for m in group if (v := of(m)) is not None]) for group in groups]
        known = [value for value in values if value is not None]
        most = _nice(max(known, default=0), 100 if say is _money else 1)
        top, bottom = self.height + 16, self.height + 16 + _CHART - _PAD
        self._text(_LEFT, top - 5, label if known else f"{label} —", fill=INK, bold=True)
        if not known:  # nobody told: no scale, and no line that could be read as 0
            self._line(_LEFT, bottom, self._width - _RIGHT, bottom, GRID)
            self.height += _CHART + 4
            return
        for share in (0.0, 0.5, 1.0):
            y = bottom - share * (bottom - top)
            self._line(_LEFT, y, self._width - _RIGHT, y, GRID)
            if share:
                self._text(_LEFT - 8, y + 4, say(most * share), anchor="end", fill=SOFT)
        points = []
        for n, value in enumerate(values):
            left = self._x(self._report.start + timedelta(minutes=n * step))
            right = self._x(self._report.start + timedelta(minutes=(n + 1) * step))
            if value is None:
                continue
            y = bottom - value / most * (bottom - top)
            if line:
                points.append(f"{(left + right) / 2:.1f},{y:.1f}")
                continue
            said = f"{self._clock(self._report.start + timedelta(minutes=n * step))} {say(value)}"
            self._add(
                f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(0.6, right - left - 0.6):.1f}" '
                f'height="{bottom - y:.1f}" fill="{colour}"><title>{escape(said)}</title></rect>'
            )
        if points:
            self._add(
                f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.8"/>'
            )
        self.height += _CHART + 4

    def _axis(self, top: int) -> None:
        """Marks at full steps of the local clock, from the curves' top to their bottom."""
        minutes = self._span / 60
        step = next((s for s in _STEPS if minutes / s <= 12), _STEPS[-1])
        local = self._report.start.astimezone(self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        n = -(-(local - midnight) // timedelta(minutes=step))
        while (at := midnight + n * timedelta(minutes=step)) <= self._report.end:
            x = self._x(at)
            self._add(
                f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{self.height - 4}" stroke="{GRID}" '
                'stroke-dasharray="2 3"/>'
            )
            self._text(
                x, self.height + 10, at.astimezone(self._zone).strftime("%H:%M"), anchor="middle", fill=SOFT
            )
            n += 1
        self.height += 20

    # Strokes ------------------------------------------------------------------------------------------

    def _clock(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%H:%M:%S")

    def _add(self, part: str) -> None:
        self._parts.append(part)

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str) -> None:
        self._add(
            f'<line x1="{x1}" y1="{y1:.1f}" x2="{x2}" y2="{y2:.1f}" stroke="{colour}" stroke-width="1"/>'
        )

    def _text(
        self, x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK, bold: bool = False
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        self._add(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" fill="{fill}"{weight}>'
            f"{escape(words)}</text>"
        )


def _bar(p: Promotion, end: datetime) -> _Bar:
    assert p.on_air_at is not None
    return p.on_air_at, p.ended_at or end, str(p.number), f"{p.number} {p.title}"


def _online(minute: Minute) -> int | None:
    return minute.online


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _money(value: float) -> str:
    return yuan_short(round(value))


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _nice(most: float, unit: int) -> float:
    """The next 1, 2, 4, 5 or 8 times a power of ten, so that half of it is round as well."""
    scaled = max(most / unit, 1.0)
    power = 10.0 ** (len(str(int(scaled))) - 1)
    return next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= scaled) * unit
