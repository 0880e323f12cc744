"""All by keyboard: every key of ours stands in the help, every control of the desk is reached by Tab."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from liveconsole import tasks
from tests.ui.committed import NOW, busy
from tests.ui.rooms import sample_state
from tests.ui.test_desk import AtDesk
from ui.keys import name_of
from ui.panels.queue.row import QueueRow
from ui.seat import session
from ui.widgets.buttons import MoneyButton
from ui.windows.help import KEYS

pytestmark = pytest.mark.usefixtures("dressed")
_M = Qt.KeyboardModifier


def _names() -> Iterator[str]:
    """Every name that any press can have."""
    text = {Qt.Key.Key_Question: "?"}
    for key in Qt.Key:
        for held in (
            _M.NoModifier,
            _M.ShiftModifier,
            _M.ControlModifier,
            _M.ControlModifier | _M.ShiftModifier,
        ):
            name = name_of(QKeyEvent(QEvent.Type.KeyPress, key, held, text.get(key, "")))
            if name is not None:
                yield re.sub(r"\d$", "1…9", name) if name.startswith("Ctrl+") else name


def test_every_key_of_the_desk_stands_in_the_help() -> None:
    names = set(_names())
    assert {"PgDn", "Esc", "F12", "?", "Ctrl+T", "Ctrl+F", "Ctrl+1…9", "Ctrl+Shift+1…9"} <= names
    assert names - {key for key, _ in KEYS} == set()


@pytest_asyncio.fixture
async def desk(tmp_path: Any) -> AsyncIterator[Any]:
    at = AtDesk("host", sample_state())
    await at.open(tmp_path)
    assert at.desk is not None
    at.desk.feed.take(list(busy(200)))
    at.desk.feed.tick(NOW)
    yield at.desk
    await at.shell.leave()
    at.shell.deleteLater()
    await tasks.cancel_all()


_CONTROLS = (
    QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox, QTabBar, QAbstractItemView,
)  # fmt: skip


def _controls(top: QWidget) -> list[QWidget]:
    """What a person can act on now."""
    return [
        each
        for each in top.findChildren(QWidget)
        if isinstance(each, _CONTROLS) and each.isVisible() and each.isEnabled()
        and not isinstance(each.parent(), QAbstractSpinBox | QComboBox | QTabBar)
    ]  # fmt: skip


def _tab_ring(top: QWidget) -> set[QWidget]:
    """Every widget that Tab comes to."""
    ring: set[QWidget] = set()
    each = top.nextInFocusChain()
    while each is not None and each is not top:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled():
            ring.add(each)
        each = each.nextInFocusChain()
    return ring


def _has_a_key(widget: QWidget) -> bool:
    """Keys that spend money take no focus: each has a key of its own, and the row's menu beside it does."""
    inside: QWidget | None = widget
    while inside is not None:
        if isinstance(inside, QueueRow):
            return True
        inside = inside.parentWidget()
    return isinstance(widget, MoneyButton)


async def _open_all(desk: Any) -> None:
    """The desk with what a person opens in the feed."""
    desk.feed._topics["price"].click()
    desk.feed.look_for()
    QApplication.sendPostedEvents()


async def test_every_control_has_a_name_and_is_reached_by_tab(desk: Any) -> None:
    await _open_all(desk)
    for opened in (None, desk.sheets.keys, desk.alarms.toggle, desk.sheets.compose):
        if opened is not None:
            opened()
        controls = _controls(desk)
        assert len(controls) > 20
        nameless = [
            f"{type(c).__name__} in {type(c.parent()).__name__}"
            for c in controls
            if not (c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))
        ]
        assert nameless == []
        ring = _tab_ring(desk.window())
        lost = [
            f"{type(c).__name__} {c.accessibleName()}"
            for c in controls
            if c not in ring and c.focusProxy() not in ring and not _has_a_key(c)
        ]
        assert lost == []


async def test_what_scrolls_and_reads_is_reached_too(desk: Any) -> None:
    ring = _tab_ring(desk.window())
    views = [
        each
        for each in desk.findChildren(QAbstractScrollArea)
        if each.isVisible() and not isinstance(each, QScrollArea | QPlainTextEdit)
    ]
    assert desk.feed.view in ring
    assert [type(each).__name__ for each in views if each not in ring] == []
    assert not any(isinstance(each, QScrollBar) for each in ring)


async def test_ctrl_f_and_ctrl_t_act_wherever_the_focus_is(
    tmp_path: Any, desk: Any, dressed: QApplication
) -> None:
    shell = desk.window()

    def press(key: Qt.Key) -> None:
        QApplication.sendEvent(shell.windowHandle(), QKeyEvent(QEvent.Type.KeyPress, key, _M.ControlModifier))

    from ui import preferences, theme

    desk.sheets.keys()
    press(Qt.Key.Key_F)
    assert desk.side.sheet is None
    assert not desk.feed.search.isHidden()
    before = preferences.current()
    try:
        preferences.use(preferences.Preferences())
        press(Qt.Key.Key_T)
        assert theme.tokens().name == "light"
    finally:
        preferences.use(before)
        theme.apply(dressed)
    assert session.load(tmp_path).choice is None
