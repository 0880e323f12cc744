"""The answer library: written, written over, bounded; drafts come of answers that were given."""

from __future__ import annotations

from msgspec.structs import replace

from liveconsole.domain.answers import ANSWERS_LIMIT, DRAFTS_KEPT
from liveconsole.messages.answers import ANSWER_LONG, QUESTION_LONG
from tests.unit.domain.desk import Desk, encoded, product


def library(desk: Desk) -> list[tuple[str | None, str, str, str]]:
    return [(one.product_id, one.question, one.zh, one.en) for one in desk.shown().answers]


def drafts(desk: Desk) -> list[tuple[str | None, str, str]]:
    return [(one.product_id, one.question, one.text) for one in desk.shown().drafts]


def test_of_one_product_and_question_there_is_one_answer() -> None:
    desk = Desk()
    first = desk.ok("answer.put", {"question": "起球吗", "zh": "不起球", "product_id": "scarf"}, "assistant")
    again = desk.ok("answer.put", {"question": "起球吗", "zh": "不会", "en": "No", "product_id": "scarf"})
    assert first == again
    desk.ok("answer.put", {"question": "起球吗", "zh": "看面料"})
    assert library(desk) == [("scarf", "起球吗", "不会", "No"), (None, "起球吗", "看面料", "")]
    desk.ok("answer.remove", {"answer_id": first["answer_id"]})
    desk.ok("answer.remove", {"answer_id": first["answer_id"]})
    assert library(desk) == [(None, "起球吗", "看面料", "")]
    assert encoded(desk.refold()) == encoded(desk.room)


def test_what_has_no_words_or_too_many_is_refused() -> None:
    desk = Desk()
    for data in (
        {"question": " ", "zh": "x"},
        {"question": "起球吗"},
        {"question": "问" * (QUESTION_LONG + 1), "zh": "x"},
        {"question": "起球吗", "zh": "答" * (ANSWER_LONG + 1)},
        {"question": "起球吗", "zh": "x", "en": "a" * (ANSWER_LONG + 1)},
    ):
        assert desk.no("answer.put", data) == "bad_shape"
    assert desk.no("answer.put", {"question": "起球吗", "zh": "x", "product_id": "no"}) == "unknown_product"
    assert desk.no("question.answer", {"text": "起球吗", "reply": "答" * (ANSWER_LONG + 1)}) == "bad_shape"


def test_the_library_is_full_before_it_forgets() -> None:
    desk = Desk()
    desk.ok("answer.put", {"answer_id": "a7", "question": "问题7", "zh": "x"})
    there = desk.room.comment_desk.answers
    there |= {
        f"b{n}": replace(there["a7"], answer_id=f"b{n}", question=f"{n}") for n in range(ANSWERS_LIMIT - 1)
    }
    assert desk.no("answer.put", {"question": "还有一个", "zh": "x"}) == "over_limit"
    desk.ok("answer.put", {"question": "问题7", "zh": "y"})
    assert len(library(desk)) == ANSWERS_LIMIT


def test_an_answer_that_was_given_is_a_draft_until_it_is_written() -> None:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.ok("question.answer", {"text": "起球吗", "reply": "羊绒的不起球"})
    desk.ok("question.answer", {"group": "shipping", "reply": "48 小时内"})
    desk.ok("question.answer", {"text": "多少钱"})
    assert drafts(desk) == [("scarf", "起球吗", "羊绒的不起球"), ("scarf", "shipping", "48 小时内")]
    desk.ok("answer.put", {"question": "起球吗", "zh": "羊绒的不起球", "product_id": "scarf"})
    assert drafts(desk) == [("scarf", "shipping", "48 小时内")]
    desk.ok("question.answer", {"text": "会起球吗", "reply": "羊绒的不起球"})
    assert len(drafts(desk)) == 1, "what the library says is no draft"
    for n in range(DRAFTS_KEPT + 5):
        desk.ok("question.answer", {"text": f"问题{n}", "reply": f"答{n}"})
    assert len(drafts(desk)) == DRAFTS_KEPT
    assert encoded(desk.refold()) == encoded(desk.room)


def test_a_product_has_parameters_and_a_size_table_of_bounded_length() -> None:
    desk = Desk()
    table = {"columns": ["尺码", "身高"], "rows": [["M", "155-165"]]}
    put = product("scarf", 9900, 10, parameters={"材质": "羊绒"}, size_table=table)
    desk.ok("catalogue.put", {"products": [put]})
    shown = next(one for one in desk.shown().catalogue.products if one.product_id == "scarf")
    assert shown.parameters == {"材质": "羊绒"}
    assert shown.size_table is not None
    assert shown.size_table.rows == [["M", "155-165"]]
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10)]})
    shown = next(one for one in desk.shown().catalogue.products if one.product_id == "scarf")
    assert shown.parameters == {"材质": "羊绒"}, "a field that is not sent stays"
    for wrong in (
        {"parameters": {str(n): "x" for n in range(41)}},
        {"size_table": {"columns": [], "rows": [["x"]] * 41}},
        {"size_table": {"columns": ["x"] * 13}},
    ):
        assert desk.no("catalogue.put", {"products": [product("scarf", 9900, 10, **wrong)]}) == "bad_shape"
