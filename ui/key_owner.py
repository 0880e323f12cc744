"""Whose a key is while the keyboard is in something that has a use for it too: the one place that decides.

PgDn is 下一品 in every line, in the feed, on every button and sheet. It stays with what turns pages: text of
many lines, a list that is longer than it shows, and a menu that is open.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.i18n import t

TYPING: Final = ("?", "Ctrl+Backspace", "Ctrl+Y", "Ctrl+Z")
"""What typing needs itself."""
TURNING: Final = ("PgDn", "End")
SHARED: Final = (*TURNING, *TYPING)
"""The keys that something else may keep; all others are the desk's wherever the keyboard is."""


def is_text(widget: QWidget | None) -> bool:
    """Whether typing goes into `widget`."""
    return isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit | QAbstractSpinBox) or (
        isinstance(widget, QComboBox) and widget.isEditable()
    )


def kept(name: str, focus: QWidget | None) -> str:
    """Why the key is not the desk's now, as it stands at its cap; empty where it is."""
    if name in TYPING and is_text(focus):
        return t("光标在文字里，这个键是打字用的；Esc 出来")
    if name not in TURNING:
        return ""
    if QApplication.activePopupWidget() is not None:
        return t("菜单开着，这个键在那里翻页；Esc 关掉")
    if isinstance(focus, QTextEdit | QPlainTextEdit):
        return t("光标在多行文字里，这个键在那里翻页；Esc 出来")
    if isinstance(focus, QAbstractItemView) and focus.verticalScrollBar().maximum() > 0:
        return t("光标在列表里，这个键在那里翻页；Esc 出来")
    if name == "End" and not _at_the_end(focus):
        return t("光标不在行尾：先到行尾，再按一次")
    return ""


def _at_the_end(focus: QWidget | None) -> bool:
    """Whether End has nothing left to do in a line."""
    line = focus if isinstance(focus, QLineEdit) else None
    if isinstance(focus, QAbstractSpinBox):
        line = focus.findChild(QLineEdit)
    elif isinstance(focus, QComboBox):
        line = focus.lineEdit()
    return line is None or (not line.hasSelectedText() and line.cursorPosition() == len(line.text()))
