"""Which letter or digit a key is by where it lies, for layouts that write none of ours there. No widgets.

Cyrillic, Greek, Hebrew or Arabic letters have no Ctrl+K of their own: there the key counts that is K on a
Latin keyboard. A layout that has the letter, wherever it has it, is taken at its word.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def _row(first: int, faces: str) -> dict[int, str]:
    return {first + n: face for n, face in enumerate(faces)}


_EVDEV: Final = {
    **_row(2, "123456789"), **_row(16, "QWERTYUIOP"), **_row(30, "ASDFGHJKL"), **_row(44, "ZXCVBNM"),
}  # fmt: skip
_X11: Final = 8
"""X11 and Wayland report the code of evdev and this."""
_MAC: Final = {
    0: "A", 11: "B", 8: "C", 2: "D", 14: "E", 3: "F", 5: "G", 4: "H", 34: "I", 38: "J", 40: "K", 37: "L",
    46: "M", 45: "N", 31: "O", 35: "P", 12: "Q", 15: "R", 1: "S", 17: "T", 32: "U", 9: "V", 13: "W", 7: "X",
    16: "Y", 6: "Z", 18: "1", 19: "2", 20: "3", 21: "4", 23: "5", 22: "6", 26: "7", 28: "8", 25: "9",
}  # fmt: skip
_FIRST_CHARACTER_BEYOND_ASCII: Final = 0x80
_FIRST_NAMED_KEY: Final = 0x0100_0000

_CURSOR_DIGITS: Final = {
    Qt.Key.Key_End: 1, Qt.Key.Key_Down: 2, Qt.Key.Key_PageDown: 3, Qt.Key.Key_Left: 4, Qt.Key.Key_Clear: 5,
    Qt.Key.Key_Right: 6, Qt.Key.Key_Home: 7, Qt.Key.Key_Up: 8, Qt.Key.Key_PageUp: 9,
}  # fmt: skip
"""What the keypad sends for its digits without NumLock."""


def placed(platform: str, scan: int, virtual: int) -> str:
    """The capital letter or digit, 1 to 9, that a Latin keyboard has at this key; empty where it has none.

    Args:
        platform: as `sys.platform` says it.
        scan: the native scan code, which counts on X11 and Wayland.
        virtual: the native virtual key, which counts on Windows (a VK) and macOS (a kVK).
    """
    if platform == "win32":
        return chr(virtual) if 0x31 <= virtual <= 0x39 or 0x41 <= virtual <= 0x5A else ""
    if platform == "darwin":
        return _MAC.get(virtual, "")
    return _EVDEV.get(scan - _X11, "")


def letter(event: QKeyEvent) -> int:
    """``event.key()``; for a letter of another script the Latin one of its place."""
    key = event.key()
    if not _FIRST_CHARACTER_BEYOND_ASCII <= key < _FIRST_NAMED_KEY:
        return key
    if unicodedata.name(chr(key), "").startswith("LATIN"):
        return key
    here = placed(sys.platform, event.nativeScanCode(), event.nativeVirtualKey())
    return ord(here) if here.isalpha() else key


def keypad_digit(
    platform: str, key: int, held: Qt.KeyboardModifier, *, num_lock: bool
) -> tuple[int, bool] | None:
    """(1 to 9, whether Shift is meant) of a keypad that sends its cursor keys; None for any other key.

    Windows sends them for Shift and a digit too, with Shift as if it were let go: with NumLock on that is
    what it was, and a number that is to be stopped must not be fired.
    """
    if not held & Qt.KeyboardModifier.KeypadModifier or platform == "darwin":
        return None  # arrows of a Mac say that they are of the keypad, which has no NumLock there
    number = next((n for cursor, n in _CURSOR_DIGITS.items() if cursor == key), None)
    if number is None:
        return None
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    return number, shift or (platform == "win32" and num_lock)


def num_lock_on() -> bool:
    """Whether NumLock is on, where only the system can tell (Windows)."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.user32.GetKeyState(0x90) & 1)
    return False
