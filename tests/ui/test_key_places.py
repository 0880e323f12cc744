"""A key by where it lies, on every platform, for layouts that write another script there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.key_places import keypad_digit, letter, placed

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PAD = Qt.KeyboardModifier.KeypadModifier
X11_CODES = {"K": 45, "L": 46, "M": 58, "J": 44, "Y": 29, "N": 57, "Q": 24, "P": 33, "1": 10, "9": 18}
WINDOWS_CODES = {face: ord(face) for face in X11_CODES}
MAC_CODES = {
    "K": 40, "L": 37, "M": 46, "J": 38, "Y": 16, "N": 45, "Q": 12, "P": 35, "1": 18, "9": 25,
}  # fmt: skip


@pytest.mark.parametrize("face", list(X11_CODES))
def test_every_platform_knows_the_place(face: str) -> None:
    assert placed("linux", X11_CODES[face], 0) == face
    assert placed("win32", 0, WINDOWS_CODES[face]) == face
    assert placed("darwin", 0, MAC_CODES[face]) == face


def test_each_place_is_another_face() -> None:
    faces = sorted(filter(None, (placed("linux", scan, 0) for scan in range(8, 256))))
    assert faces == sorted("123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert sorted(filter(None, (placed("darwin", 0, code) for code in range(128)))) == faces
    assert sorted(filter(None, (placed("win32", 0, code) for code in range(256)))) == faces


@pytest.mark.skipif("sys.platform in ('win32', 'darwin')", reason="scan codes of X11 and Wayland")
@pytest.mark.parametrize(
    ("written", "scan", "means"),
    [
        ("Л", 45, "K"),  # Russian
        ("κ".upper(), 45, "K"),  # Greek
        ("ל", 45, "K"),  # Hebrew
        ("ن", 45, "K"),  # Arabic
        ("ت", 44, "J"),
        ("Ы", 39, "S"),
    ],
)
def test_a_letter_of_another_script_counts_by_its_place(written: str, scan: int, means: str) -> None:
    pressed = QKeyEvent(QEvent.Type.KeyPress, ord(written), CTRL, scan, 0, 0, written)
    assert letter(pressed) == ord(means)


@pytest.mark.parametrize(("key", "scan"), [(Qt.Key.Key_A, 24), (ord("Ö"), 47), (Qt.Key.Key_F9, 75)])
def test_a_latin_letter_is_taken_at_its_word(key: int, scan: int) -> None:
    """AZERTY has A where Q lies, and German its own letters: neither is moved, and no named key is."""
    assert letter(QKeyEvent(QEvent.Type.KeyPress, int(key), CTRL, scan, 0, 0, "")) == int(key)


def test_a_keypad_without_num_lock_still_has_its_digits() -> None:
    cursor = [
        Qt.Key.Key_End, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Left, Qt.Key.Key_Clear,
        Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Up, Qt.Key.Key_PageUp,
    ]  # fmt: skip
    found = [keypad_digit("linux", key, CTRL | PAD, num_lock=False) for key in cursor]
    assert found == [(n, False) for n in range(1, 10)]
    assert keypad_digit("linux", Qt.Key.Key_End, CTRL | SHIFT | PAD, num_lock=False) == (1, True)


def test_windows_sends_a_shifted_digit_as_a_cursor_key_without_shift() -> None:
    """Ctrl, Shift and 1 of the keypad with NumLock on come as Ctrl and End: that stops, and never fires."""
    assert keypad_digit("win32", Qt.Key.Key_End, CTRL | PAD, num_lock=True) == (1, True)
    assert keypad_digit("win32", Qt.Key.Key_End, CTRL | PAD, num_lock=False) == (1, False)


def test_cursor_keys_of_their_own_are_no_digits() -> None:
    assert keypad_digit("linux", Qt.Key.Key_PageDown, CTRL, num_lock=False) is None
    assert keypad_digit("darwin", Qt.Key.Key_Up, CTRL | PAD, num_lock=False) is None
    assert keypad_digit("linux", Qt.Key.Key_Plus, CTRL | PAD, num_lock=False) is None
