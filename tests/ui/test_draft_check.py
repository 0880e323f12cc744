"""Words looked at before they leave: seen where they stand, kept with a second press, and then on the log."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from liveconsole.messages.fields import Override
from liveconsole.messages.verdicts import Verdict, WarnedWord
from tests.ui.fake_bus import until
from tests.ui.rooms import Evening, planned, queue_of, rundown_state, sample_state
from tests.ui.test_desk import sit
from ui.panels.composer.card import CardSheet
from ui.panels.rundown.sheet import SegmentSheet
from ui.sheets.draft_check import DraftCheck, by_row, mark_words
from ui.windows.sheets import StopBagSheet

__all__ = ["sit"]

BAD = "最好"


def finds(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """Every 最好 of a command, as the engine finds it."""
    found: list[dict[str, Any]] = []

    def look(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                look(inner, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                look(inner, f"{path}.{place}")
        elif isinstance(value, str) and BAD in value:
            start = value.index(BAD)
            word = {"field": path, "term": BAD, "start": start, "end": start + 2, "text": BAD}
            found.append(word | {"zh": "绝对化用语", "en": "absolute", "suggestion": "很好"})

    look(data, "")
    return {"ok": True, "words": found}


async def edited(at: Any) -> SegmentSheet:
    at.bus.judged = finds
    assert at.desk.segments.edit("s4")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, SegmentSheet)
    return sheet


async def test_a_script_says_what_is_wrong_where_it_stands_with_reason_and_suggestion(sit: Any) -> None:
    at = await sit(rundown_state())
    sheet = await edited(at)
    sheet.script.setPlainText("🎁🎁这是最好的围巾")
    sheet.name.setText("最好的")
    await until(lambda: sheet.script_field.answered)
    assert sheet.script_field.answered == "「最好」：绝对化用语，可以说「很好」"
    assert sheet.name_field.answered.startswith("「最好」")
    [mark] = sheet.script.extraSelections()
    assert mark.cursor.selectedText() == BAD
    sheet.script.setPlainText("这是很好的围巾")
    await until(lambda: not sheet.script_field.answered)
    assert sheet.script.extraSelections() == []


async def test_a_word_that_was_seen_is_kept_with_one_press_and_named(sit: Any) -> None:
    at = await sit(rundown_state())
    sheet = await edited(at)
    sheet.script.setPlainText("最好的围巾")
    await until(lambda: sheet.script_field.answered)
    QTest.keyClick(sheet.save, Qt.Key.Key_Space)
    [(type_, data)] = await at.asked()
    assert (type_, data["override"]) == ("rundown.put", [BAD])


async def test_a_word_that_nobody_has_seen_waits_for_a_second_press(sit: Any) -> None:
    at = await sit(rundown_state())
    sheet = await edited(at)
    sheet.script.setPlainText("最好的围巾")
    QTest.keyClick(sheet.save, Qt.Key.Key_Space)  # quicker than the answer
    await until(lambda: "再按一次" in sheet.said.text())
    assert at.bus.asked == []
    assert sheet.script_field.answered
    QTest.keyClick(sheet.save, Qt.Key.Key_Space)
    [(_, data)] = await at.asked()
    assert data["override"] == [BAD]


async def test_nothing_wrong_is_saved_at_the_first_press_and_without_an_answer_too(sit: Any) -> None:
    at = await sit(rundown_state())
    sheet = await edited(at)
    sheet.script.setPlainText("很好的围巾")
    QTest.keyClick(sheet.save, Qt.Key.Key_Space)
    [(_, data)] = await at.asked()
    assert "override" not in data

    async def nobody(type: str, data: Any) -> None:
        return None

    at.shell.seat.judge = nobody
    assert at.desk.segments.edit("s4")
    again = at.desk.side.sheet
    again.script.setPlainText("最好的围巾")
    QTest.keyClick(again.save, Qt.Key.Key_Space)
    assert len(await at.asked(2)) == 2


async def test_what_stood_there_is_looked_at_when_the_sheet_opens_with_the_lists_of_now(sit: Any) -> None:
    evening = planned()
    evening.ok("rundown.put", {"segments": [{"segment_id": "s4", "script": "最好的围巾"}]})
    at = await sit(evening.shown())
    sheet = await edited(at)
    await until(lambda: sheet.script_field.answered)
    at.bus.judged = lambda _type, _data: {"ok": True}  # the list was edited meanwhile
    at.desk.side.close_sheet()
    assert at.desk.segments.edit("s4")
    again = at.desk.side.sheet
    rounds = len(at.bus.judgements)
    await until(lambda: len(at.bus.judgements) > rounds)
    await asyncio.sleep(0.02)
    assert again.script_field.answered == ""


async def test_the_name_of_a_broadcast(sit: Any) -> None:
    at = await sit(Evening(open_=False).shown())
    at.bus.judged = finds
    bar = at.desk.opening
    bar.title.setText("最好的一场")
    await until(lambda: bar.counsel.said)
    assert bar.counsel.said == ["「最好」：绝对化用语，可以说「很好」"]
    QTest.keyClick(bar.open, Qt.Key.Key_Space)
    assert await at.asked() == [("broadcast.open", {"title": "最好的一场", "override": [BAD]})]
    bar.title.clear()
    assert bar.counsel.said == []
    QTest.keyClick(bar.open, Qt.Key.Key_Space)
    assert (await at.asked(2))[1] == ("broadcast.open", {})


async def test_the_reason_of_a_bag_that_is_stopped_is_shown_to_everybody(sit: Any) -> None:
    at = await sit(sample_state())
    at.bus.judged = finds
    assert at.desk.stop("c-bag")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, StopBagSheet)
    sheet.reason.setText("最好的原因")
    sheet.submit()
    await until(lambda: sheet.counsel.said)
    assert [type_ for type_, _ in at.bus.asked] == []
    sheet.submit()
    assert await at.asked() == [("cue.stop", {"cue_id": "c-bag", "reason": "最好的原因", "override": [BAD]})]


async def test_a_sentence_that_is_read_out(sit: Any) -> None:
    at = await sit(queue_of(a="approved"))
    at.bus.judged = lambda type_, data: {"words": [
        {"field": "text", "term": "x", "text": data["text"][:2], "zh": "不行", "en": "no"}]}  # fmt: skip
    assert at.desk.sheets.card("a")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, CardSheet)
    await until(lambda: sheet.counsel.said)
    assert [type_ for type_, _ in at.bus.judgements if type_ == "text"] == ["text"]


class _Judge:
    def __init__(self, *, answers: bool = True) -> None:
        self.sizes: list[int] = []
        self._answers = answers

    async def judge(self, type: str, data: dict[str, Any]) -> Verdict | None:
        self.sizes.append(len(data["products"]))
        return msgspec.convert(finds(type, data), Verdict) if self._answers else None


async def looked_at(seat: Any, rows: list[dict[str, Any]]) -> tuple[dict[int, str], list[str]]:
    owner = QObject()
    shown: list[Any] = []
    wording = DraftCheck(seat, owner, shown.append, rows="products")
    wording.look("catalogue.put", {"products": rows})
    went = asyncio.Event()
    wording.settle(went.set, went.set)
    await went.wait()
    return by_row(shown[-1]), wording.terms


async def test_a_long_list_is_looked_at_piece_by_piece(dressed: QApplication) -> None:
    rows: list[dict[str, Any]] = [{"title": "围巾"} for _ in range(450)]
    rows[3] = {"title": "最好的", "points": "最好"}
    rows[449] = {"title": "最好", "stock": 3, "image": "x" * 9000}
    seat = _Judge()
    found, terms = await looked_at(seat, rows)
    assert seat.sizes == [200, 200, 50]
    assert (sorted(found), terms) == ([3, 449], [BAD])
    assert len(found[3].splitlines()) == 2
    assert await looked_at(_Judge(answers=False), rows) == ({}, [])


async def test_long_texts_go_in_small_pieces_and_an_override_names_no_more_than_it_may(
    dressed: QApplication,
) -> None:
    seat = _Judge()
    await looked_at(seat, [{"title": "围" * 3000} for _ in range(5)])
    assert seat.sizes == [2, 2, 1]
    many = [WarnedWord(field=f"products.{n}.title", term=str(n)) for n in range(150)]
    owner = QObject()
    wording = DraftCheck(seat, owner, lambda _words: None)  # type: ignore[arg-type]
    wording.answered(Verdict(words=many))
    assert len(wording.terms) == 100 == _most(Override)


def _most(override: Any) -> int:
    """How many words the door takes."""
    taken = 0
    for count in range(1, 1000):
        try:
            msgspec.convert(["x"] * count, override)
        except msgspec.ValidationError:
            break
        taken = count
    return taken


@pytest.mark.parametrize("span", [(0, 99), (-1, 2), (2, 2), (5, 3)])
def test_a_span_that_is_none_marks_nothing(dressed: QApplication, qtbot: Any, span: tuple[int, int]) -> None:
    editor = QPlainTextEdit("最好的")
    qtbot.addWidget(editor)
    mark_words(editor, [WarnedWord(start=span[0], end=span[1])])
    assert editor.extraSelections() == []
