"""Asking for a file without holding anybody up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(
    owner: QWidget, title: str, kinds: Sequence[str], then: Callable[[str], object], *, save_as: str = ""
) -> None:
    """Ask which file to read, or with ``save_as`` (a name to begin with) where to write one.

    The chooser stands beside the desk and is not modal: 撤回 and 全停 can be pressed while it is open. A
    second ask brings the first one to the front.
    """
    for asked in owner.findChildren(QFileDialog, options=Qt.FindChildOption.FindDirectChildrenOnly):
        asked.raise_()
        asked.activateWindow()
        return
    asked = QFileDialog(owner, title)
    asked.setNameFilters(list(kinds))
    if save_as:
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix(save_as.rpartition(".")[2])
        asked.selectFile(save_as)
    else:
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
    asked.fileSelected.connect(then)
    asked.finished.connect(asked.deleteLater)
    # Not every system gives the keyboard back by itself, and the keys live where it is.
    asked.finished.connect(owner.window().activateWindow)
    asked.show()
