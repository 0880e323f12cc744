"""Questions of the room: merged by sense, counted in people, bounded, answered and asked again."""

from __future__ import annotations

import pytest

from liveconsole.views import room_questions
from liveconsole.views.questions import one_of
from liveconsole.views.room_questions import (
    LATER,
    PEOPLE_MAX,
    QUESTIONS_MAX,
    SHOWN,
    SPAN,
    WAITS,
    RoomQuestions,
    sense,
)

SAME = (
    ("165 52公斤穿什么码", "158 48kg 穿啥码呀", "身高165体重52公斤穿什么码？", "我160 110斤穿几码"),
    ("什么时候发货", "多久发货啊", "几天发货呢", "啥时候能发货？"),
    ("有没有黑色XL", "黑色xl有没有", "有黑色 XL 吗"),
    ("能和大衣一起发货吗", "可以和大衣一起发货吗"),
    ("起球吗", "会不会起球"),
    ("可以机洗吗", "能机洗吗"),
    ("多少钱", "价格多少", "怎么卖"),
)
APART = (
    ("有没有黑色", "有没有白色"),
    ("有没有大码", "有没有小码"),
    ("L码有吗", "M码有吗"),
    ("3号什么价", "5号什么价"),
    ("什么料子", "什么码"),
    ("能机洗吗", "能手洗吗"),
    ("什么时候发货", "什么时候开播"),
    ("会不会起球", "会不会掉色"),
)


def asked_by(questions: RoomQuestions, *texts: str, second: int = 1_000, first: int = 1) -> None:
    for n, text in enumerate(texts, first):
        questions.comment(n, second, f"p{n}", text)


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts[0])
def test_one_question_however_it_is_put(texts: tuple[str, ...]) -> None:
    questions = RoomQuestions()
    asked_by(questions, *texts)
    (one,) = questions.asked(1_001)
    assert (one.people, one.question_id) == (len(texts), 1)
    assert one.text in texts


@pytest.mark.parametrize("texts", APART, ids=lambda texts: texts[0])
def test_two_questions_that_have_two_answers(texts: tuple[str, ...]) -> None:
    questions = RoomQuestions()
    asked_by(questions, *texts)
    assert [one.text for one in questions.asked(1_001)] == list(texts)


def test_without_what_tells_apart_black_is_white(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: by letters alone the two would be one."""
    monkeypatch.setattr(room_questions, "_TELLS_APART", one_of(()))
    monkeypatch.setattr(room_questions, "_ALIKE", 0.3)
    questions = RoomQuestions()
    asked_by(questions, "有没有黑色的围巾", "有没有白色的围巾")
    assert len(questions) == 1


def test_people_count_once_and_leave_after_five_minutes() -> None:
    questions = RoomQuestions()
    for _ in range(5):
        questions.comment(1, 1_000, "a", "起球吗")
    questions.comment(2, 1_200, "b", "起球吗？")
    assert [one.people for one in questions.asked(1_200)] == [2]
    assert [one.people for one in questions.asked(1_000 + SPAN)] == [1]
    assert questions.asked(1_200 + SPAN) == []
    assert len(questions) == 1, "two people asked, and nobody answered"
    questions.asked(1_000 + WAITS)
    assert len(questions) == 0


def test_what_does_not_ask_is_no_question() -> None:
    questions = RoomQuestions()
    asked_by(questions, "已拍", "1", "好看", "？？？", "哈哈哈")
    assert questions.asked(1_001) == []


def test_answered_sinks_until_it_is_asked_again() -> None:
    questions = RoomQuestions()
    asked_by(questions, "起球吗", "会起球吗", "起球吗", "什么时候发货")
    questions.answer(1_010, "会不会起球")
    assert [(one.text, one.people, one.answered) for one in questions.asked(1_011)] == [
        ("什么时候发货", 1, False),
        ("起球吗", 0, True),
    ]
    questions.comment(9, 1_012, "p9", "起球吗")  # may not have heard it yet
    assert [one.answered for one in questions.asked(1_013)] == [False, True]
    questions.comment(10, 1_010 + LATER, "p10", "起球吗")
    assert [(one.people, one.answered) for one in questions.asked(1_080)] == [(2, False), (1, False)]


def test_three_who_ask_bring_it_back_at_once() -> None:
    questions = RoomQuestions()
    asked_by(questions, "起球吗")
    questions.answer(1_010, "起球吗")
    asked_by(questions, "起球吗", "起球吗", second=1_012, first=20)
    assert [one.answered for one in questions.asked(1_013)] == [True]
    asked_by(questions, "起球吗", second=1_013, first=30)
    assert [(one.people, one.answered) for one in questions.asked(1_014)] == [(3, False)]


def test_nothing_grows_without_bound() -> None:
    questions = RoomQuestions()
    for n in range(3 * QUESTIONS_MAX):
        questions.comment(
            n, 1_000, f"p{n}", f"{chr(0x4E00 + 7 * n)}{chr(0x5E00 + 5 * n)}{chr(0x6E00 + 3 * n)}吗"
        )
    assert len(questions) == QUESTIONS_MAX
    assert len(questions.asked(1_001)) == SHOWN
    questions.clear()
    for n in range(PEOPLE_MAX + 50):
        questions.comment(n, 1_000, f"p{n}", "起球吗")
    assert [one.people for one in questions.asked(1_001)] == [PEOPLE_MAX]


def test_sense_leaves_what_is_asked() -> None:
    assert sense("主播，身高165 体重52公斤穿啥码呀？") == "#穿什么码"
    assert sense("起球吗") == "起球"
