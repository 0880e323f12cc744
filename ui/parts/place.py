"""Where a window stands: wholly on a screen that is there, whatever was remembered of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

USUAL: Final = QSize(1440, 900)
MINIMUM: Final = QSize(960, 520)
"""A screen of 1920×1080 at 200 %, less its bars."""
_FRAME: Final = QSize(16, 40)
"""About what the system draws around a window, in logical pixels."""


def keep_least(window: QWidget, wide: int) -> None:
    """No smaller than the smallest, and no narrower than `wide` pixels where its screen has so many."""
    screen = window.screen().availableGeometry().width()
    window.setMinimumSize(max(MINIMUM.width(), min(wide, screen)), MINIMUM.height())


def first(available: QRect) -> QRect | None:
    """The first window on a screen with so much room; None: it takes all of it."""
    whole = USUAL + _FRAME
    if whole.width() > available.width() or whole.height() > available.height():
        return None
    return _centred(USUAL, available)


def brought_back(saved: QRect, screens: Sequence[QRect]) -> QRect:
    """`saved` on the screen that has most of it, no larger than that one and wholly on it. A window whose
    screen is gone comes to the middle of the first.

    Args:
        screens: the room that each has, the first one first; at least one.
    """
    shares = [_area(saved.intersected(screen)) for screen in screens]
    if not max(shares):
        return _centred(saved.size().boundedTo(screens[0].size()), screens[0])
    screen = screens[shares.index(max(shares))]
    size = saved.size().boundedTo(screen.size())
    left = min(max(saved.left(), screen.left()), screen.left() + screen.width() - size.width())
    top = min(max(saved.top(), screen.top()), screen.top() + screen.height() - size.height())
    return QRect(QPoint(left, top), size)


def open_at(window: QWidget, geometry: str) -> None:
    """Stand where it was left, or in the usual place. ``geometry``: as `kept`, or empty."""
    if geometry and put_back(window, geometry):
        return
    screen = QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    place = first(room)
    least = window.minimumSize()
    if room.width() < least.width() or room.height() < least.height():
        return  # no screen for it at all: as large as it is made, and moved about
    if place is None:
        # Made smaller again, or where nobody makes it large, it is no larger than its screen either.
        fit(window)
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
    else:
        window.setGeometry(place)


def fit(window: QWidget) -> None:
    """No larger than its screen has room for, and then in the middle of it; one that fits stays. Where the
    screen has no room for its least size nothing is changed."""
    room = window.screen().availableGeometry()
    least = window.minimumSize()
    if room.width() < least.width() or room.height() < least.height():
        return
    size = window.size().boundedTo(room.size() - _FRAME).expandedTo(least)
    if size != window.size():
        window.setGeometry(_centred(size, room))


def open_over(window: QWidget, below: QWidget) -> None:
    """Come up in the middle of another window, no larger than its screen has room for and wholly on it."""
    room = below.screen().availableGeometry()
    size = window.size().boundedTo(room.size() - _FRAME)
    window.setGeometry(brought_back(_centred(size, below.geometry()), [room]))
    window.show()


def put_back(window: QWidget, geometry: str) -> bool:
    """Stand where it was left, on a screen that is there; False where nothing can be read of it."""
    if not window.restoreGeometry(QByteArray.fromHex(geometry.encode())):
        return False
    if not window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        place = brought_back(window.geometry(), screens)
        if place != window.geometry():
            window.setGeometry(place)
    return True


def kept(window: QWidget) -> str:
    """What `open_at` reads."""
    return bytes(window.saveGeometry().toHex().data()).decode()


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())


def _centred(size: QSize, within: QRect) -> QRect:
    spare = within.size() - size
    return QRect(within.topLeft() + QPoint(spare.width() // 2, spare.height() // 2), size)
