"""What to do next so that a product's 讲解 is on, or off, and what came of it. Pure.

Done is what the page itself says when it was read back after the press, and nothing else: a press that
nothing came of is unknown, and a person looks.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from liveconsole.connectors.browser.maps import PageMap
from liveconsole.connectors.browser.reading import PageLook, Row, is_on, same_title, word

LOOK_SECONDS: Final = 0.06
"""Between two looks while something is awaited."""
_DIALOGS_MOST: Final = 8
_ASKS_MOST: Final = 3
_SWEEPS_MOST: Final = 6
_TOAST_SECONDS: Final = 1.0
"""So long the row may still turn after the platform has said something."""
_OFF_SECONDS: Final = 1.0
"""So long a button that cannot be pressed may take to be ready."""
_LOST_SECONDS: Final = 1.0
"""So long a list that is drawn anew may be without its rows."""
_HOLDS_SECONDS: Final = 0.15
"""What is read back stays so for this long: a page may show what it was asked for before it was done."""


class Goal(Struct, frozen=True):
    """``again``: it is on by our own earlier press, and viewers are to see its card once more."""

    number: int
    title: str
    on: bool
    again: bool = False
    not_before: float = 0.0
    """The platform hides a card that comes sooner after its end; by the clock of the looks."""


class Came(Struct, frozen=True):
    """``code``: one of `messages.connection_words.browser`; ``said``: the platform's own words."""

    outcome: Literal["done", "refused", "unknown"]
    code: str = ""
    said: str = ""
    pressed: bool = False


class Press(Struct, frozen=True):
    """Press the button of the one row with this number, title and button; nothing where it is not so now."""

    row: Row
    off: bool
    """It ends a 讲解."""


class ScrollTo(Struct, frozen=True):
    """Scroll a list that draws only what one sees to where this number should stand."""

    number: int


class Sweep(Struct, frozen=True):
    """Look at the whole of such a list, and come to rest at this number."""

    number: int


class Wait(Struct, frozen=True):
    seconds: float


class CloseDialog(Struct, frozen=True):
    pass


class Confirm(Struct, frozen=True):
    pass


Act = Press | ScrollTo | Sweep | Wait | CloseDialog | Confirm | Came


class Course(Struct):
    """How far it has come; `next_act` keeps it."""

    began: float
    pressed_at: float | None = None
    """The press that is to bring the goal about."""
    ended_at: float | None = None
    """The press that ends a 讲解 which is to begin again."""
    old_toasts: list[str] = []
    toast_at: float | None = None
    said: str = ""
    dialogs: int = 0
    asks: int = 0
    lost_at: float | None = None
    off_at: float | None = None
    right_at: float | None = None
    again_done: bool = False
    reached: bool = False
    sweeps: int = 0


def next_act(goal: Goal, shown: PageLook, course: Course, page_map: PageMap, now: float) -> Act:
    """Return what to do after this look; `Came` ends it."""
    seen = word(shown, page_map, settled=now - course.began >= page_map.settle_seconds)
    if seen in ("captcha", "logged_out", "not_live", "changed"):
        return _came(course, "unknown", seen)
    if shown.dialogs:
        course.dialogs += 1
        return CloseDialog() if course.dialogs <= _DIALOGS_MOST else _came(course, "unknown", "dialogs")
    if shown.asks and (course.pressed_at is not None or course.ended_at is not None):
        course.asks += 1
        return Confirm() if course.asks <= _ASKS_MOST else _came(course, "unknown", "dialogs")
    numbered = [row for row in shown.rows if row.number == goal.number]
    mine = [row for row in numbered if same_title(row, goal.title)]
    if not mine:
        return _lost(goal, shown, course, numbered, page_map, now)
    course.lost_at = None
    if len(mine) > 1 or len(numbered) > 1:
        return _came(course, "unknown", "ambiguous")
    return _with_row(goal, mine[0], shown, course, page_map, now)


def _lost(
    goal: Goal, shown: PageLook, course: Course, numbered: list[Row], page_map: PageMap, now: float
) -> Act:
    """The row is not there: not yet looked for everywhere, drawn anew just now, or really gone."""
    if shown.rows and not shown.whole and not numbered:
        if not course.reached:
            course.reached = True
            return ScrollTo(goal.number)
        return _swept(goal, course)
    if course.lost_at is None:
        course.lost_at = now
    if now - course.lost_at < _LOST_SECONDS:
        return Wait(LOOK_SECONDS)
    seen = word(shown, page_map)
    return _came(course, "unknown", ("other_product" if numbered else "row_missing") if shown.rows else seen)


def _swept(goal: Goal, course: Course) -> Act:
    """Every row, for as often as a list that does not hold still is worth it."""
    course.sweeps += 1
    return Sweep(goal.number) if course.sweeps <= _SWEEPS_MOST else _came(course, "unknown", "changed")


def _with_row(goal: Goal, row: Row, shown: PageLook, course: Course, page_map: PageMap, now: float) -> Act:
    on = is_on(row, page_map)
    if on is None:
        return _settling(course, page_map, now, "changed")
    if goal.again and not course.again_done:
        return _ended_first(on, row, shown, course, page_map, now)
    if on != goal.on:
        course.right_at = None
        return _to_press(goal, row, shown, course, page_map, now)
    others = [each for each in shown.rows if each is not row and is_on(each, page_map)] if goal.on else []
    if others:
        # Pressing here could only end what is wanted: which of the two viewers see, nobody knows.
        course.right_at = None
        return _settling(course, page_map, now, "two_shown")
    if course.right_at is None:
        course.right_at = now
    if goal.on and not shown.whole:
        return _swept(goal, course)
    if now - course.right_at < _HOLDS_SECONDS:
        return Wait(LOOK_SECONDS)
    return Came("done", pressed=course.pressed_at is not None)


def _ended_first(on: bool, row: Row, shown: PageLook, course: Course, page_map: PageMap, now: float) -> Act:
    """One that is to begin again ends, and waits for as long as the platform would hide it."""
    if on and course.ended_at is None:
        if row.off:
            return _disabled(course, now)
        course.ended_at, course.old_toasts = now, list(shown.toasts)
        return Press(row, off=True)
    if on:
        if now - (course.ended_at or now) < page_map.settle_seconds:
            return Wait(LOOK_SECONDS)
        return _came(course, "unknown", "stuck")
    since = course.ended_at if course.ended_at is not None else now - page_map.again_after_seconds
    left = since + page_map.again_after_seconds - now
    if left > 0:
        return Wait(min(left, 0.5))
    course.again_done = True
    return Wait(0)


def _to_press(goal: Goal, row: Row, shown: PageLook, course: Course, page_map: PageMap, now: float) -> Act:
    if course.pressed_at is not None:
        return _awaited(shown, course, page_map, now)
    if goal.on and now < goal.not_before:
        return Wait(min(goal.not_before - now, 0.5))
    if row.off:
        return _disabled(course, now)
    course.pressed_at, course.old_toasts = now, list(shown.toasts)
    return Press(row, off=not goal.on)


def _disabled(course: Course, now: float) -> Act:
    if course.off_at is None:
        course.off_at = now
    if now - course.off_at < _OFF_SECONDS:
        return Wait(LOOK_SECONDS)
    return _came(course, "unknown", "disabled")


def _awaited(shown: PageLook, course: Course, page_map: PageMap, now: float) -> Act:
    """Pressed, and the row does not say so yet."""
    fresh = [text for text in shown.toasts if text not in course.old_toasts]
    bad = [text for text in fresh if not any(well in text for well in page_map.toasts_well)]
    if bad and course.toast_at is None:
        course.toast_at, course.said = now, bad[0]
    if course.toast_at is not None and now - course.toast_at >= _TOAST_SECONDS:
        return Came("refused", "platform_said", course.said, pressed=True)
    return _settling(course, page_map, now, "stuck")


def _settling(course: Course, page_map: PageMap, now: float, code: str) -> Act:
    since = course.pressed_at if course.pressed_at is not None else course.began
    if now - since < page_map.settle_seconds:
        return Wait(LOOK_SECONDS)
    return _came(course, "unknown", code)


def _came(course: Course, outcome: Literal["done", "refused", "unknown"], code: str) -> Came:
    return Came(outcome, code, pressed=course.pressed_at is not None)


def not_pressed(course: Course) -> None:
    """The row was another one when the press came: as if it had not been wanted yet."""
    if course.pressed_at is not None:
        course.pressed_at = None
    else:
        course.ended_at = None
