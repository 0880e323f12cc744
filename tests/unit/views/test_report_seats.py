"""Which shared seat gave a command, as the report says it."""

from __future__ import annotations

from liveconsole.reports.tables import timeline
from liveconsole.views.report import fold
from liveconsole.views.report.words import ReportWords
from tests.unit.domain.desk import Desk
from tests.unit.views.log_lines import lines_of


def test_what_a_shared_seat_did_says_which_seat_and_nothing_before_it() -> None:
    desk = Desk()
    desk.ok("pledge.put", {"text": "拍两件送袜子"})
    desk.ok("pledge.put", {"text": "送小样"}, "assistant")
    lines = lines_of(desk)
    seq, at = lines[-1]["seq"], lines[-1]["at"]
    data = {"seat_id": "3b8008e2", "type": "pledge.put", "events": 1}
    lines.append({"seq": seq + 1, "type": "seat.gave", "at": at, "actor": "assistant", "data": data})
    report = fold(lines)
    assert [a.seat for a in report.actions if a.type == "pledge.put"] == ["", "3b8008e2"]
    rows = [row[1] for row in timeline(report, ReportWords(english=True)).rows]
    assert rows[-2:] == ["Host", "Assistant · seat 3b8008e2"]
    assert not any("seat" in row for row in rows[:-1])
