"""Nothing of the desk is shown before it has a place; a guard over all tests of the desk sees it if it is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from tests.ui.stray import strays
from ui.widgets import PlainLabel

pytestmark = pytest.mark.usefixtures("dressed")


def test_what_the_desk_shows_without_a_place_is_seen() -> None:
    """The twin: a label of the desk's own file that shows itself as it is made."""
    made = compile(
        "def show(label):\n    label.setVisible(True)\n", PlainLabel.__init__.__code__.co_filename, "exec"
    )
    names: dict[str, object] = {}
    exec(made, names)
    with strays() as seen:
        label, placed, window = QLabel("x"), QLabel("y"), QWidget()
        window.setWindowTitle("a window")
        placed.setParent(window)
        for each in (label, placed, window):
            names["show"](each)  # type: ignore[operator]
        label.hide()
        window.hide()
    assert [one.rpartition(" ")[2] for one in seen] == ["QLabel"]
