"""The law at the desk: every part of its sheet does what its keys say, and shows what the engine says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from liveconsole.advice import law_files
from liveconsole.domain.law import reviews
from tests.ui.evening import COUPON, Evening
from tests.ui.fake_bus import until
from tests.ui.test_desk import CTRL, sit
from ui import i18n
from ui.panels.cart.rows import CartRow
from ui.panels.law import LawSheet, QualificationSheet
from ui.panels.law.rights_list import read_day
from ui.words.law import law_said

RULES = {"rules": msgspec.to_builtins(law_files.load().rules)}
__all__ = ["sit"]


def ruled(**settings: Any) -> Evening:
    at = Evening()
    at.ok("law.read", RULES, "platform")
    at.ok("room.set", settings or {"review": "warn"})
    return at


async def opened(sit: Any, evening: Evening, part: str = "") -> tuple[Any, LawSheet]:
    at = await sit(evening.shown())
    at.press(Qt.Key.Key_U, CTRL)
    sheet = at.desk.side.sheet
    assert isinstance(sheet, LawSheet)
    if part:
        sheet.turn(part)
    return at, sheet


async def last(at: Any, type_: str) -> dict[str, Any]:
    """What was asked of this kind, the newest."""
    await until(lambda: any(name == type_ for name, _ in at.bus.asked))
    found: dict[str, Any] = next(data for name, data in reversed(at.bus.asked) if name == type_)
    at.bus.asked.clear()
    return found


def press(key: Any) -> None:
    assert isinstance(key, QAbstractButton)
    key.click()


async def test_ctrl_u_opens_it_and_closes_it_and_numbers_turn_it(sit: Any) -> None:
    at, sheet = await opened(sit, ruled())
    for key, page in (
        (Qt.Key.Key_2, sheet.reviews),
        (Qt.Key.Key_3, sheet.rights),
        (Qt.Key.Key_4, sheet.warned),
    ):
        QTest.keyClick(sheet, key)
        assert page.isVisible()
    at.press(Qt.Key.Key_U, CTRL)
    assert at.desk.side.sheet is None


async def test_what_fails_comes_first_and_the_article_is_named(sit: Any) -> None:
    evening = ruled(review="required")
    _, sheet = await opened(sit, evening)
    first = sheet.checks.checks.texts[0]
    assert "没过" in first
    assert "《直播电商监督管理办法》第三十条" in first
    assert "条文以公布文本为准" in first


async def test_the_files_of_rules_stand_below_with_their_dates(sit: Any) -> None:
    evening = ruled()
    lists = [{"name": "law/articles.toml", "entries": 7, "checked": "2026-08-01", "old": True}]
    evening.health = {"lists": msgspec.convert(lists, list[Any])}
    _, sheet = await opened(sit, evening)
    (line,) = sheet.checks.files.texts
    assert all(said in line for said in ("law/articles.toml", "2026-08-01", "太久了"))


async def test_a_person_and_a_lawyer_pass_what_stands_there(sit: Any) -> None:
    """The hash of what was read goes along; without a name the lawyer's key asks for it."""
    at, sheet = await opened(sit, ruled(review="required"), "reviews")
    review = at.desk.commands.room.law.reviews[0]
    passes, _back, legal = sheet.reviews.rows.keys[0]
    press(passes)
    sent = await last(at, "review.note")
    assert sent == {"subject": review.subject, "step": "person", "verdict": "passed", "sha256": review.sha256}
    press(legal)
    assert sheet.said.text() == "先写法务姓名"
    sheet.reviews.name.setText("林律师")
    press(sheet.reviews.rows.keys[0][2])
    sent = await last(at, "review.note")
    assert (sent["step"], sent["name"]) == ("legal", "林律师")


async def test_an_assistant_has_no_lawyers_key(sit: Any) -> None:
    at = await sit(ruled(review="warn").shown("assistant"), "assistant")
    at.press(Qt.Key.Key_U, CTRL)
    sheet = at.desk.side.sheet
    sheet.turn("reviews")
    assert len(sheet.reviews.rows.keys[0]) == 2
    assert not sheet.reviews.name.isVisible()


async def test_a_licence_is_written_and_taken_off(sit: Any) -> None:
    evening = ruled()
    until = (evening.now + timedelta(days=3)).date().isoformat()
    evening.ok("right.put", {"title": "片头曲", "kind": "music", "until": until})
    at, sheet = await opened(sit, evening, "rights")
    assert "还有" in sheet.rights.rows.texts[0]
    sheet.rights.title.setText("模特图")
    sheet.rights.until.setText("2027/1/31")
    sheet.rights.kind.choose("picture")
    press(sheet.rights.put)
    sent = await last(at, "right.put")
    assert (sent["title"], sent["kind"], sent["until"]) == ("模特图", "picture", "2027-01-31")
    sheet.rights.title.setText("模特图")
    sheet.rights.until.setText("下个月")
    press(sheet.rights.put)
    assert "2027-01-31" in sheet.said.text()
    press(sheet.rights.rows.keys[0][0])
    assert "right_id" in await last(at, "right.remove")


async def test_a_warning_is_noted_by_one_press_and_led_to_its_end(sit: Any) -> None:
    evening = ruled()
    evening.ok("cart.pin", {"product_id": "scarf"})
    evening.ok("violation.note", {"text": "说了「最」", "appeal_hours": 48})
    at, sheet = await opened(sit, evening, "warned")
    line = sheet.warned.rows.texts[0]
    assert all(said in line for said in ("说了「最」", "在讲：", "申诉到", "下一步：先停说"))
    press(sheet.warned.rows.keys[0][0])
    assert (await last(at, "violation.step"))["step"] == "stopped"
    sheet.warned.hours.setValue(72)
    press(sheet.warned.note)
    assert await last(at, "violation.note") == {"text": "", "appeal_hours": 72}


async def test_category_and_licence_of_a_product(sit: Any) -> None:
    """From the mark in the cart over the sheet to what is sent; the day in whatever form people type."""
    evening = ruled()
    evening.ok("catalogue.put", {"products": [{"product_id": "scarf", "category": "食品"}]})
    at = await sit(evening.shown())
    row: CartRow = next(row for row in at.desk.cart.model.rows if row.product_id == "scarf")
    assert row.marks() == [("缺资质", "live")]
    at.desk.sheets.qualifications("scarf")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, QualificationSheet)
    assert "食品经营许可证" in sheet.lacks.text()
    (need,) = sheet.needs
    need.number.setText("JY1")
    need.until.setText("20270131")
    need.show_picture("a" * 64)
    press(sheet.keep)
    (put,) = (await last(at, "catalogue.put"))["products"]
    licence = {"kind": "food_licence", "number": "JY1", "image": "a" * 64, "until": "2027-01-31"}
    assert put == {"product_id": "scarf", "category": "food", "qualifications": [licence]}
    sheet.category.choose("ccc")
    sheet.category.activated.emit(sheet.category.currentIndex())
    assert [line.need.kinds for line in sheet.needs] == [["ccc_certificate"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_looks_before_a_broadcast_say_what_fails_in_both_languages(language: str) -> None:
    i18n.use(language)
    try:
        said, well = law_said(ruled(review="required").shown().law.checks)
        assert well is False
        article = "第三十条" if language == "zh" else "article 30"
        assert article in said.splitlines()[0]
        assert law_said([]) == (i18n.t("还没有检查。"), None)
    finally:
        i18n.use("zh")


@pytest.mark.parametrize("bad", ["soon", "2027-13-01", "2027-02-30", "1", "2027", "2027-1"])
def test_what_is_no_day_is_told(bad: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_day(bad)


def read_by_all(evening: Evening, subject: str) -> None:
    text = reviews.reading(evening.room, subject)
    assert text is not None
    evening.ok("review.machine", {"read": [{"subject": subject, "sha256": text.sha256}]}, "platform")
    evening.ok("review.note", {"subject": subject, "step": "person", "verdict": "passed"})
    evening.ok("review.note", {"subject": subject, "step": "legal", "verdict": "passed", "name": "林"})


async def test_what_was_not_read_is_marked_in_cart_and_queue(sit: Any) -> None:
    evening = ruled(review="warn")
    evening.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    at = await sit(evening.shown())

    def seen() -> tuple[bool, bool]:
        row = next(row for row in at.desk.cart.model.rows if row.product_id == "beret")
        return row.marks() == [("没审完", "warn")], "没审完" in at.desk.queue.rows()[0].heed

    assert seen() == (True, True)
    for subject in ("product:beret", "cue:c"):
        read_by_all(evening, subject)
    await at.show(evening.shown())
    assert seen() == (False, False)


async def test_a_script_that_was_not_read_is_marked_in_the_rundown(sit: Any) -> None:
    evening = ruled(review="warn")
    evening.ok("rundown.put", {"segments": [{"segment_id": "s", "title": "开场", "script": "大家好"}]})
    at = await sit(evening.shown())
    assert ("没审完", "warn") in at.desk.rundown.model.rows[0].marks()
    read_by_all(evening, "segment:s")
    await at.show(evening.shown())
    assert ("没审完", "warn") not in at.desk.rundown.model.rows[0].marks()
