"""A window opens wholly on a screen that is there: the first time, and after a monitor is gone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from ui.parts import place
from ui.parts.own_window import OwnWindow

LAPTOP = QRect(0, 0, 1366, 728)
DESK = QRect(1366, 0, 1920, 1040)


@pytest.mark.parametrize("size", [(960, 520), (1366, 728), (1440, 860), (1440, 900)])
def test_on_a_small_screen_the_first_window_takes_all_of_it(size: tuple[int, int]) -> None:
    assert place.first(QRect(0, 0, *size)) is None
    assert place.MINIMUM.width() <= size[0]
    assert place.MINIMUM.height() <= size[1]


def test_on_a_large_one_it_stands_in_the_middle() -> None:
    assert place.first(DESK) == QRect(1366 + 240, 70, 1440, 900)


def test_a_window_whose_monitor_is_gone_comes_back() -> None:
    saved = QRect(2000, 100, 1200, 700)
    assert place.brought_back(saved, [LAPTOP, DESK]) == saved
    assert place.brought_back(saved, [LAPTOP]) == QRect(83, 14, 1200, 700)


_rects = st.builds(
    QRect, st.integers(-4000, 4000), st.integers(-4000, 4000), st.integers(1, 5000), st.integers(1, 5000)
)


@given(_rects)
def test_wherever_it_was_it_is_wholly_on_one_screen(saved: QRect) -> None:
    back = place.brought_back(saved, [LAPTOP, DESK])
    assert any(screen.contains(back) for screen in (LAPTOP, DESK))
    assert place.brought_back(back, [LAPTOP, DESK]) == back


@pytest.mark.parametrize("made", [(1440, 900), (1366, 820), (400, 300)])
def test_a_window_beside_the_desk_is_no_larger_than_its_screen(
    made: tuple[int, int], qtbot: Any, dressed: Any
) -> None:
    window = OwnWindow(made, least=(300, 200))
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    window.show()
    assert room.contains(window.geometry())
    assert (window.size() == QSize(*made)) is (made == (400, 300)), "what fits stays as it was made"


def test_no_screen_at_all_changes_nothing(qtbot: Any, dressed: Any) -> None:
    window = OwnWindow((1440, 900), least=(4000, 200))
    qtbot.addWidget(window)
    window.show()
    assert window.width() == 4000


def test_what_is_remembered_of_a_window_is_put_on_the_screen_of_now(qtbot: Any, dressed: Any) -> None:
    gone, here = QWidget(), QWidget()
    for each in (gone, here):
        qtbot.addWidget(each)
    gone.setGeometry(5000, 5000, 400, 300)
    place.open_at(here, place.kept(gone))
    screen = here.screen().availableGeometry()
    assert screen.contains(here.geometry())
    assert here.size() == QSize(400, 300)
    place.open_at(here, "")
    assert here.windowState() & Qt.WindowState.WindowMaximized, "the screen of the tests is a small one"


def test_a_first_window_that_takes_all_of_a_screen_is_not_larger_when_it_is_made_smaller(
    qtbot: Any, dressed: Any
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(place.USUAL)
    place.open_at(window, "")
    assert window.windowState() & Qt.WindowState.WindowMaximized
    assert window.screen().availableGeometry().contains(window.normalGeometry())
