"""What painted text may not do: be cut, meet other text, be elided without a tip, be hard to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QLineEdit, QWidget

from liveconsole.views.shades import contrast, mix
from tests.ui.layout.painted import Run, painted
from tests.ui.layout.rules import Fault, _name, _scrolls
from ui.widgets import PlainLabel

SLACK: Final = 2.0
"""Pixels that the smooth edges of letters take."""
LEAST: Final = 4.5
"""WCAG 2.2, 1.4.3."""


def painted_faults(window: QWidget) -> list[Fault]:
    """Everything that is wrong with what a window writes."""
    runs, image = [run for run in painted(window) if _on_top(run, window)], window.grab().toImage()
    found = [
        Fault(rule.__name__, f"{_name(run.owner)} < {_name(_above(run.owner))}", what)
        for run in runs
        for rule in (painted_text_is_seen, elided_has_a_tip)
        for what in rule(run, window)
    ]
    found += [
        Fault("text_has_contrast", f"{_name(run.owner)} < {_name(_above(run.owner))}", what)
        for run in runs
        if _seen(run.owner, window).adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(run.box)
        for what in text_has_contrast(run, image)
    ]
    owners: dict[int, list[Run]] = {}
    for run in runs:
        owners.setdefault(id(run.owner), []).append(run)
    for each in owners.values():
        found += [
            Fault("painted_texts_meet", _name(each[0].owner), what) for what in painted_texts_meet(each)
        ]
    return found


def _on_top(run: Run, window: QWidget) -> bool:
    """Whether nothing lies over it: another page, or a sheet."""
    top = window.childAt(run.box.center().toPoint())
    return top is None or top is run.owner or run.owner.isAncestorOf(top)


def _above(widget: QWidget) -> QWidget:
    return widget.parentWidget() or widget


def _seen(widget: QWidget, window: QWidget) -> QRectF:
    region = widget.visibleRegion().boundingRect()
    return QRectF(region.translated(widget.mapTo(window, QPoint())))


def painted_text_is_seen(run: Run, window: QWidget) -> Iterator[str]:
    """It lies where its widget is seen; a row at the end of a list that scrolls may lie half outside."""
    high = run.box.height() / 6  # of letters that reach above a capital there are few
    room = _seen(run.owner, window).adjusted(-SLACK, -SLACK - high, SLACK, SLACK + high)
    if run.owner is window or room.contains(run.box) or _scrolls(run.owner, window):
        return
    view = run.owner.parentWidget()
    turns = isinstance(view, QAbstractScrollArea) and view.verticalScrollBar().maximum() > 0
    if turns and room.left() <= run.box.left() and run.box.right() <= room.right():
        return
    if not room.intersects(run.box):
        return  # scrolled away, or under a page that lies over it
    yield f"{run.text!r} at {_rounded(run.box)}, seen is {_rounded(room)}"


def elided_has_a_tip(run: Run, window: QWidget) -> Iterator[str]:
    """What was shortened can be read whole."""
    if not run.text.endswith("…") or _own(run.owner, run.text):
        return
    at = run.owner.mapFrom(window, run.box.center().toPoint())
    view = run.owner.parentWidget()
    tip = run.owner.toolTip()
    if isinstance(run.owner, PlainLabel) and run.owner.is_cut():
        return  # it tells its whole text itself
    if isinstance(view, QAbstractItemView):
        tip = view.indexAt(at).data(0x0003) or tip
    told = getattr(run.owner, "tip_at", None)
    if not tip and not (told and told(at)):
        yield repr(run.text)


def _own(widget: QWidget, text: str) -> bool:
    words = getattr(widget, "text", None)
    return callable(words) and str(words()).endswith("…")


def painted_texts_meet(runs: list[Run]) -> Iterator[str]:
    """Two texts of one widget do not lie on each other."""
    for one, other in combinations(runs, 2):
        meet = one.box & other.box
        if meet.width() > SLACK and meet.height() > 2 * SLACK:
            yield f"{one.text!r} and {other.text!r} in {_rounded(meet)}"


def text_has_contrast(run: Run, image: QImage) -> Iterator[str]:
    """Ink on what lies around it; a dot between two words is only an ornament."""
    if not any(letter.isalnum() for letter in run.text):
        return
    if isinstance(run.owner, QLineEdit) and run.owner.hasSelectedText():
        return  # the selection has an ink of its own, which Qt lays under this one
    ratio, box = image.devicePixelRatio(), run.box
    parts = [part / 24 for part in range(25)]
    sides = [(box.left() + box.width() * part, y) for part in parts for y in (box.top(), box.bottom())]
    sides += [(x, box.top() + box.height() * part) for part in parts for x in (box.left(), box.right())]
    seen: Counter[int] = Counter()
    for x, y in sides:
        away_x = -SLACK if x == box.left() else SLACK if x == box.right() else 0
        away_y = -SLACK if y == box.top() else SLACK if y == box.bottom() else 0
        at = QPoint(round((x + away_x) * ratio), round((y + away_y) * ratio))
        if image.rect().contains(at):
            seen[image.pixel(at)] += 1
    if len(seen) > 1:
        seen.pop(run.ink.rgb(), None)  # a letter of its own that reaches there
    if not seen:
        return
    ground = QColor(seen.most_common(1)[0][0])
    # What is painted half through is as bright as what it leaves of both.
    shown = mix(ground.name(), run.ink.name(), run.ink.alphaF())
    found = contrast(shown, ground.name())
    if found < LEAST - 0.05:
        yield f"{run.text!r} {run.ink.name()} on {ground.name()}: {found:.2f}"


def _rounded(box: QRectF) -> str:
    return f"{round(box.x())},{round(box.y())} {round(box.width())}x{round(box.height())}"
