"""What has just moved under the pointer takes no click; an input method keeps no Esc from a recall bar."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.evening import Evening
from tests.ui.test_desk import CTRL, sit
from ui import composition
from ui.windows import moved

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


def ready(*cue_ids: str) -> Evening:
    at = Evening(ago=30)
    for n, cue_id in enumerate(cue_ids):
        at.sale(cue_id, quantity=n + 1)
        at.approve(cue_id)
    at.until(0)
    return at


async def laid_out() -> None:
    for _ in range(8):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


def middle_of(at: Any, widget: QWidget) -> QPoint:
    point: QPoint = widget.mapTo(at.shell, widget.rect().center())
    return point


def click(at: Any, point: QPoint) -> None:
    """As the screen sends it: to the window, which finds what lies there."""
    handle = at.shell.windowHandle()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind, held in (
        (QEvent.Type.MouseButtonPress, left),
        (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):
        where = QPointF(point)
        event = QMouseEvent(kind, where, QPointF(handle.mapToGlobal(point)), left, held, none)
        QCoreApplication.sendEvent(handle, event)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def one_leaves(sit: Any) -> tuple[Any, Clock, QPoint]:
    """The first of three rows leaves, and the second one's key comes to where the first one's was."""
    evening = ready("first", "second", "third")
    at = await sit(evening.shown())
    at.shell.resize(1366, 728)
    await laid_out()
    clock = at.desk.moved.clock = Clock()
    at.desk.moved.look()
    clock.now += 5
    point = middle_of(at, at.desk.queue.row("first").fire)
    evening.ok("cue.remove", {"cue_id": "first"})
    await at.show(evening.shown())
    await laid_out()
    second = at.desk.queue.row("second").fire
    assert second.rect().contains(second.mapFrom(at.shell, point)), "it is another's key now"
    at.bus.asked.clear()
    return at, clock, point


async def test_a_click_on_what_has_just_moved_there_is_not_taken(sit: Any) -> None:
    at, clock, point = await one_leaves(sit)
    click(at, point)
    await at.nothing_asked()
    assert at.desk.notice.said == "刚刚移动过，看一眼再点"
    clock.now += moved.HOLD_OFF - 0.01
    click(at, point)
    await at.nothing_asked()
    clock.now += 0.02
    click(at, point)
    assert [(type_, data["cue_id"]) for type_, data in await at.asked()] == [("cue.fire", "second")]


async def test_without_the_guard_another_one_would_go(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(moved, "HOLD_OFF", 0.0)
    at, _, point = await one_leaves(sit)
    click(at, point)
    assert [(type_, data["cue_id"]) for type_, data in await at.asked()] == [("cue.fire", "second")]


async def test_keys_are_not_affected_and_what_stands_still_is_pressed_at_once(sit: Any) -> None:
    at, _, _ = await one_leaves(sit)
    at.press(Qt.Key.Key_2, CTRL)
    assert [(type_, data["cue_id"]) for type_, data in await at.asked()] == [("cue.fire", "second")]
    at.bus.asked.clear()
    more = at.desk.queue.add
    click(at, middle_of(at, more))
    assert at.desk.side.sheet is not None, "what did not move takes its click"


class Composing(QObject):
    """An input method with a composition open: Esc closes it and goes no further, as under every system."""

    def __init__(self, at: Any) -> None:
        super().__init__()
        self.open, self._at = True, at

    def commit(self) -> None:
        self.open = False

    def escape(self) -> None:
        """The key as the system has it first."""
        if self.open:
            self.open = False
            return
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self._at.shell.windowHandle(), event)


@pytest.fixture
def counting() -> Evening:
    at = ready("a")
    at.ok("room.set", {"recall_seconds": 60})
    return at


@pytest.mark.parametrize("ends", [True, False])
async def test_the_first_escape_is_the_recall_bars(
    sit: Any, counting: Evening, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    """The twin is the second: where the composition goes on, the input method has the first Esc."""
    at = await sit(counting.shown())
    line = at.desk.proposals.line.line
    line.setFocus()
    QCoreApplication.sendEvent(line, QInputMethodEvent("ni", []))
    method = Composing(at)
    monkeypatch.setattr(composition, "end", method.commit if ends else lambda: None)
    counting.fire("a")
    await at.show(counting.shown())
    assert at.desk.queue.bars()
    at.bus.asked.clear()
    method.escape()
    if ends:
        assert [type_ for type_, _ in await at.asked()] == ["cue.recall"]
    else:
        await at.nothing_asked()


async def test_where_no_bar_opens_the_composition_goes_on(
    sit: Any, counting: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await sit(counting.shown())
    method = Composing(at)
    monkeypatch.setattr(composition, "end", method.commit)
    counting.sale("b")
    await at.show(counting.shown())
    assert method.open
    counting.fire("a")
    await at.show(counting.shown())
    method.open = True
    counting.sale("c")
    await at.show(counting.shown())
    assert method.open, "a bar that stands already ends nothing"
