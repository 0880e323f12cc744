"""The comment desk on a seat: hiding by a key, answers by a key, wishes open a form, files of answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from liveconsole.messages.state import AnswerState, DraftState, MutedState
from tests.ui.committed import NOW
from tests.ui.committed import event as committed
from tests.ui.fake_bus import until
from tests.ui.rooms import rundown_state
from tests.ui.test_desk import CTRL, sit
from ui.panels.comments import CommentSheet
from ui.panels.composer import ComposerSheet
from ui.panels.products import StockSheet

__all__ = ["sit"]

ANSWER = {"source": "library", "zh": "不起球", "en": "It does not pill", "answer_id": "a1"}


def said(seq: int, who: str, text: str) -> dict[str, Any]:
    return committed(seq, "comment.posted", {"viewer": {"id": who, "name": f"<b>{who}"}, "text": text})


def muted(who: str, *, block: bool = False, hidden: bool = True, step: Any = None) -> MutedState:
    return MutedState(who, f"<b>{who}", "assistant", NOW, "刷屏", block, hidden, step)


async def spoken(at: Any, *lines: tuple[str, str]) -> Any:
    """The feed with these comments; the newest stands in the frame."""
    at.bus.say(*(said(101 + n, who, text) for n, (who, text) in enumerate(lines)))
    await until(lambda: len(at.desk.feed.feed) == len(lines))
    at.desk.feed.view.choose(-1)
    return at.desk.feed.view


async def opened(at: Any) -> CommentSheet:
    at.press(Qt.Key.Key_O, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, CommentSheet)
    return sheet


async def test_m_and_b_hide_whoever_said_the_framed_comment(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    view = await spoken(at, ("甲", "起球吗"), ("坏", "加我便宜"))
    QTest.keyClick(view, Qt.Key.Key_M)
    QTest.keyClick(view, Qt.Key.Key_B)
    assert await at.asked() == [
        ("viewer.mute", {"viewer_id": "坏", "block": False}),
        ("viewer.mute", {"viewer_id": "坏", "block": True}),
    ]
    await until(lambda: "拉黑" in at.desk.notice._words.text())


async def test_who_is_hidden_is_read_nowhere_and_comes_back(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    view = await spoken(at, ("坏", "起球吗"), ("甲", "多少钱"))
    state = at.bus.now_state
    at.bus.now_state = replace(state, muted=[muted("坏")])
    at.bus.say(committed(103, "viewer.muted", {"viewer_id": "坏"}))
    await until(lambda: "已禁言" in view.sentences()[0])
    assert "起球" not in "".join(view.sentences())
    assert "坏" not in view.sentences()[0]
    at.bus.say(said(104, "坏", "又来了"), said(105, "乙", "起球吗"), said(106, "乙", "好看"))
    await until(lambda: len(at.desk.feed.feed) == 4)
    assert "又来了" not in "".join(view.sentences())
    assert "起球吗" in view.sentences()[2], "what others say like him is theirs"
    at.desk.feed.choose("question")
    assert len(view.sentences()) == 2
    at.desk.feed.choose("all")
    view.follow()
    QTest.keyClick(view, Qt.Key.Key_Up)
    at.bus.now_state = replace(state, muted=[muted("坏", hidden=False, step="lift")])
    at.bus.say(committed(107, "viewer.unmuted", {"viewer_id": "坏"}))
    await until(lambda: "起球吗" in view.sentences()[0])


async def test_the_list_says_what_to_press_on_the_phone(sit: Any) -> None:
    at = await sit(
        replace(rundown_state(), muted=[muted("甲"), muted("乙", block=True, step="block")]), "host"
    )
    sheet = await opened(at)
    QTest.keyClick(sheet, Qt.Key.Key_3)
    rows = sheet.hidden.texts
    assert "<b>乙" in rows[0]
    assert "→ 拉黑" in rows[0]
    assert "刷屏" in rows[1]
    done, lift = sheet.hidden.keys[0]
    done.click()  # type: ignore[attr-defined]
    lift.click()  # type: ignore[attr-defined]
    assert await at.asked() == [
        ("viewer.confirm", {"viewer_id": "乙"}),
        ("viewer.unmute", {"viewer_id": "乙"}),
    ]
    at.press(Qt.Key.Key_O, CTRL)
    assert at.desk.side.sheet is None


async def test_c_copies_the_answer_and_ticks_the_question_off(sit: Any) -> None:
    at = await sit(rundown_state(), "assistant")
    asked = [
        {"question_id": 1, "text": "多久发货", "people": 9},
        {"question_id": 2, "text": "起球吗", "people": 4, "answer": ANSWER},
    ]
    at.bus.questions_asked = asked
    at.desk.feed.show_questions({"questions": asked, "left_out": 0})
    view = await spoken(at, ("甲", "会不会起球"))
    QTest.keyClick(view, Qt.Key.Key_C)
    assert await at.asked() == [("question.answer", {"text": "起球吗", "reply": "不起球"})]
    assert QGuiApplication.clipboard().text() == "不起球"
    at.bus.asked.clear()
    view.follow()
    await spoken(at, ("甲", "会不会起球"), ("乙", "好看"))
    view.choose(1)
    QTest.keyClick(view, Qt.Key.Key_C)
    await at.nothing_asked()
    first, second = at.desk.feed.asked.buttons[:2]
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_C)
    assert len(await at.asked()) == 1
    assert "不起球" in second.toolTip()
    assert "不起球" not in first.toolTip()


async def test_how_long_the_oldest_waits_is_counted_here(sit: Any) -> None:
    at = await sit(rundown_state(), "host")
    now = datetime.now(UTC)
    waits = {
        "question_id": 1,
        "text": "起球吗",
        "people": 3,
        "since": (now - timedelta(seconds=190)).isoformat(),
        "rings_at": (now - timedelta(seconds=70)).isoformat(),
    }
    at.desk.feed.show_questions({"questions": [], "left_out": 0, "waits": waits})
    at.desk.feed.tick(now)
    assert "3:10" in at.desk.feed.asked._how.text()
    at.desk.feed.tick(now + timedelta(seconds=5))
    assert "3:15" in at.desk.feed.asked._how.text()


async def test_a_wish_opens_the_filled_form_and_fires_nothing(sit: Any) -> None:
    at = await sit(rundown_state(), "operator")
    at.bus.wishes = [
        {"product_id": "gloves", "people": 5, "want": 1, "back": 4, "more": 0, "proposal": "back"},
        {"product_id": "scarf", "people": 4, "want": 0, "back": 0, "more": 4, "proposal": "more"},
        {"product_id": "coat", "people": 1, "want": 1, "back": 0, "more": 0, "proposal": None},
    ]
    sheet = await opened(at)
    sheet.tick(datetime.now(UTC))
    await until(lambda: len(sheet.wishes.texts) == 3)
    assert "返场 4 人" in sheet.wishes.texts[0]
    assert "模拟" in sheet.wishes.texts[0]
    assert [len(keys) for keys in sheet.wishes.keys] == [1, 1, 0]
    sheet.wishes.keys[0][0].click()  # type: ignore[attr-defined]
    composer = at.desk.side.sheet
    assert isinstance(composer, ComposerSheet)
    assert composer.form.subject.chosen == "gloves"  # type: ignore[union-attr]
    await at.nothing_asked()
    at.desk.side.close_sheet()
    sheet = await opened(at)
    sheet.tick(datetime.now(UTC))
    await until(lambda: len(sheet.wishes.texts) == 3)
    sheet.wishes.keys[1][0].click()  # type: ignore[attr-defined]
    assert isinstance(at.desk.side.sheet, StockSheet)


async def test_answers_are_written_edited_and_go_to_a_file_and_back(sit: Any, tmp_path: Path) -> None:
    written = AnswerState("a1", "scarf", "起球吗", "=不起球", "No", "host", NOW)
    given = DraftState("scarf", "shipping", "48 小时内", NOW)
    at = await sit(replace(rundown_state(), answers=[written], drafts=[given]), "assistant")
    sheet = await opened(at)
    QTest.keyClick(sheet, Qt.Key.Key_2)
    library = sheet.answers
    assert "=不起球 / No" in library.answers.texts[0]
    library.drafts.keys[0][0].click()  # type: ignore[attr-defined]
    assert (library.question.text(), library.zh.text()) == ("发货", "48 小时内")
    QTest.keyClick(library.zh, Qt.Key.Key_Return)
    assert await at.asked() == [
        ("answer.put", {"question": "shipping", "zh": "48 小时内", "en": "", "product_id": "scarf"})
    ]
    at.bus.asked.clear()
    file = tmp_path / "answers.csv"
    library.save(file)
    await until(file.is_file)
    assert "'=不起球" in file.read_text("utf-8-sig"), "no spreadsheet takes it for a formula"
    file.write_bytes(file.read_bytes() + b"nobody,x,y,\r\n")
    library.load(file)
    await until(lambda: "导入 1 条" in sheet.said.text())
    assert "第 2 行：没有这个商品" in sheet.said.text()
    assert await at.asked() == [
        ("answer.put", {"question": "起球吗", "zh": "=不起球", "en": "No", "product_id": "scarf"})
    ]


async def test_a_products_parameters_and_sizes_are_typed_as_lines(sit: Any) -> None:
    at = await sit(rundown_state(), "operator")
    sheet = await opened(at)
    QTest.keyClick(sheet, Qt.Key.Key_2)
    library = sheet.answers
    assert not library.facts.isVisible(), "answers for all have no parameters"
    library.product.choose("scarf")
    assert library.facts.isVisible()
    library.facts.parameters.setPlainText("材质：羊绒\n产地 = 内蒙古\n没有值\n")
    library.facts.table.setPlainText("尺码 | 身高 | 体重\nM\t155-165\t90-105\n\nL，165-175，105-120")
    library.facts.keep.click()
    table = {
        "columns": ["尺码", "身高", "体重"],
        "rows": [["M", "155-165", "90-105"], ["L", "165-175", "105-120"]],
    }
    row = {"product_id": "scarf", "parameters": {"材质": "羊绒", "产地": "内蒙古"}, "size_table": table}
    assert await at.asked() == [("catalogue.put", {"products": [row]})]
    library.product.choose("")
    library.facts.parameters.setPlainText("x：y")
    library.facts.save()
    assert len(at.bus.asked) == 1
