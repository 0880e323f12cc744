"""The rules of painted text find what they are for: each is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.layout.painted import painted
from tests.ui.layout.painted_rules import painted_faults

Draw = Callable[[QPainter], object]
INK, QUIET = QColor("#eaf0f7"), QColor("#444c58")


class _Painted(QWidget):
    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self.resize(200, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#121722"))
        painter.setPen(INK)
        self._draw(painter)
        painter.end()


def _text(at: QRect, words: str, ink: QColor = INK) -> Draw:
    def draw(painter: QPainter) -> None:
        painter.setPen(ink)
        painter.drawText(at, 0, words)

    return draw


def _two(painter: QPainter) -> None:
    _text(QRect(10, 10, 150, 24), "one price")(painter)
    _text(QRect(30, 12, 150, 24), "another")(painter)


@pytest.mark.parametrize(
    ("draw", "rules"),
    [
        (_text(QRect(10, 10, 150, 24), "well 好"), set()),
        (_text(QRect(150, 10, 150, 24), "beyond the edge"), {"painted_text_is_seen"}),
        (_two, {"painted_texts_meet"}),
        (_text(QRect(10, 10, 150, 24), "a long na…"), {"elided_has_a_tip"}),
        (_text(QRect(10, 10, 150, 24), "hardly read", QUIET), {"text_has_contrast"}),
        (_text(QRect(10, 10, 150, 24), " · ", QUIET), set()),
    ],
)
def test_each_rule_sees_what_it_forbids(
    qtbot: QtBot, dressed: QApplication, draw: Draw, rules: set[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 60)
    inside = _Painted(draw)
    inside.setParent(window)
    window.show()
    assert {fault.rule for fault in painted_faults(window)} == rules
    assert {run.owner for run in painted(window)} == {inside}
