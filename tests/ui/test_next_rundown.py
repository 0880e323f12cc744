"""What a report proposes for the next rundown: nothing is ticked by itself, what is goes as commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.views.report import Proposal, Report
from liveconsole.views.report.fold import fold
from tests.unit.domain.desk import Desk
from tests.unit.domain.test_rundown import planned, segment
from tests.unit.views.log_lines import lines_of
from tests.unit.views.test_report_rundown import evening
from ui.windows.history.proposals import ProposalList
from ui.windows.history.report import ReportPage

LONGER = Proposal("a/length", "longer", "a", "围巾", 480, 1, "rundown.put",
                  {"segments": [{"segment_id": "a", "minutes": 8.0}]})  # fmt: skip
MORE = Proposal("a/sold_out", "sold_out", "a", "围巾", 9, 2, "rundown.put",
                {"segments": [{"segment_id": "a", "cues": []}]})  # fmt: skip
EARLIER = Proposal("b/moment", "missed", "b", "帽子", 120, 1, "rundown.move",
                   {"segment_id": "b", "before": "a"})  # fmt: skip


@pytest.fixture
def proposals(dressed: QApplication) -> Iterator[ProposalList]:
    page = QWidget()
    made = ProposalList(page)
    page.show()
    made.show_proposals([LONGER, MORE, EARLIER])
    yield made
    page.close()
    page.deleteLater()


def test_nothing_is_ticked_by_itself_and_nothing_is_asked(proposals: ProposalList) -> None:
    assert (proposals.commands, proposals.write.isEnabled()) == ([], False)


def test_what_is_ticked_goes_as_commands_the_changes_of_one_segment_together(proposals: ProposalList) -> None:
    asked: list[Any] = []
    proposals.asked.connect(asked.append)
    for tick, _ in proposals.ticks:
        tick.setChecked(True)
    proposals.write.click()
    assert asked == [[
        ("rundown.put", {"segments": [{"segment_id": "a", "minutes": 8.0, "cues": []}]}),
        ("rundown.move", {"segment_id": "b", "before": "a"}),
    ]]  # fmt: skip
    proposals.written("")
    assert not any(tick.isEnabled() for tick, _ in proposals.ticks), "it is not written twice"
    assert proposals.said.text() == "写进排品表了"


def test_a_refusal_is_said_and_it_may_be_tried_again(proposals: ProposalList) -> None:
    proposals.ticks[0][0].setChecked(True)
    proposals.write.click()
    proposals.written("促销不对")
    assert (proposals.said.text(), proposals.write.isEnabled()) == ("促销不对", True)


def told() -> tuple[Desk, Report]:
    desk = planned(segment("a", "scarf", 5), segment("b", "hat", 5))
    evening(desk, 8, 8)
    return desk, fold(lines_of(desk))


def test_of_the_page_only_segments_that_are_there_are_offered(dressed: QApplication, qtbot: Any) -> None:
    desk, report = told()
    page = ReportPage(None)
    qtbot.addWidget(page)
    page.show_report(report, {"a"})
    assert [each.segment_id for _, each in page.proposals.ticks] == ["a"]
    asked: list[Any] = []
    page.proposals.asked.connect(asked.append)
    page.proposals.ticks[0][0].setChecked(True)
    page.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier, "w"))
    for type_, data in asked[0]:
        desk.ok(type_, data)
    desk.ok("broadcast.open", {})
    assert desk.room.rundown.segments["a"].written.minutes == 8.0
