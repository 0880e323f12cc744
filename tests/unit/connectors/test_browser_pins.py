"""讲解 on a console: done is what the page itself says, over any mood of it; each obstacle has its word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from liveconsole.connectors.browser import carry, pin
from liveconsole.connectors.browser.carry import carry_out, joined
from liveconsole.connectors.browser.maps import PageMap, load
from liveconsole.connectors.browser.pin import Came, Goal
from liveconsole.connectors.browser.reading import PageLook, Row, same_title, word
from tests.worlds.console.paper import PaperPage

WECHAT = load("wechat_channels")
BUYIN = load("buyin")
KUAISHOU = load("kuaishou")


def go(page: PaperPage, goal: Goal) -> Came:
    return asyncio.run(carry_out(page, goal, page.map, clock=page.clock, sleep=page.sleep))


def page_of(page_map: PageMap = WECHAT, mood: str = "well", *, count: int = 40, seed: int = 1) -> PaperPage:
    page = PaperPage(page_map, seed, count=count, moods=(mood,))
    page.on, page.dialogs = set(), 0
    return page


def goal_of(page: PaperPage, number: int = 7, *, on: bool = True, again: bool = False) -> Goal:
    return Goal(number, page.titles[number - 1], on, again)


def says(page: PaperPage, title: str, on: bool) -> bool:
    """The page's own state is what was wanted."""
    return page.on == {title} if on else title not in page.on


@given(
    seed=st.integers(0, 2**32),
    page_map=st.sampled_from([WECHAT, BUYIN, KUAISHOU]),
    number=st.integers(1, 40),
    on=st.booleans(),
    again=st.booleans(),
)
def test_done_is_never_said_where_the_page_says_otherwise(
    seed: int, page_map: PageMap, number: int, on: bool, again: bool
) -> None:
    page = PaperPage(page_map, seed)
    goal = goal_of(page, number, on=on, again=on and again)
    came = go(page, goal)
    assert page.now < 45
    if came.outcome == "done":
        assert says(page, goal.title, on), page.on
    elif came.outcome == "refused":
        assert came.said
    else:
        assert came.code


def test_twin_one_that_trusts_its_press_says_done_where_nothing_came_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = pin.next_act

    def trusting(goal: Goal, shown: PageLook, course: pin.Course, page_map: PageMap, now: float) -> pin.Act:
        return Came("done") if course.pressed_at is not None else real(goal, shown, course, page_map, now)

    monkeypatch.setattr(carry, "next_act", trusting)
    wrong = 0
    for seed in range(60):
        page = PaperPage(WECHAT, seed)
        goal = goal_of(page)
        wrong += go(page, goal).outcome == "done" and not says(page, goal.title, True)
    assert wrong > 5


@pytest.mark.parametrize("page_map", [WECHAT, BUYIN])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_product_is_found_wherever_its_row_stands(page_map: PageMap, backwards: bool) -> None:
    page = page_of(page_map, count=300)
    page.reversed = backwards
    page.on = {page.titles[2]}
    goal = goal_of(page, 288)
    assert go(page, goal) == Came("done", pressed=True)
    assert page.on == {goal.title}
    assert go(page, goal_of(page, 288, on=False)).outcome == "done"
    assert page.on == set()


def test_what_is_so_already_is_not_pressed() -> None:
    page = page_of()
    page.on = {page.titles[6]}
    assert go(page, goal_of(page)) == Came("done", pressed=False)
    assert page.presses == 0


@pytest.mark.parametrize(
    ("mood", "came"),
    [
        ("ignores", Came("unknown", "stuck", pressed=True)),
        ("refuses", Came("refused", "platform_said", "操作太频繁", pressed=True)),
        ("both stay on", Came("unknown", "two_shown", pressed=True)),
        ("renames", Came("unknown", "changed", pressed=True)),
        ("logs out", Came("unknown", "logged_out", pressed=True)),
        ("captcha", Came("unknown", "captcha", pressed=True)),
        ("takes the row away", Came("unknown", "other_product", pressed=True)),
        ("goes away", Came("unknown", "page_gone", pressed=True)),
    ],
)
def test_each_obstacle_after_the_press_has_its_word(mood: str, came: Came) -> None:
    page = page_of(mood=mood)
    assert go(page, goal_of(page)) == came


def test_each_obstacle_before_the_press_has_its_word_and_nothing_is_pressed() -> None:
    def prepared(change: str) -> tuple[PaperPage, Goal]:
        page = page_of()
        goal = goal_of(page)
        if change == "row_missing":
            goal = replace(goal, number=99)
        elif change == "other_product":
            goal = replace(goal, title="别的商品")
        elif change == "ambiguous":
            page.numbers[9] = 7
        elif change == "disabled":
            page.grey.add(goal.title)
        elif change == "dialogs":
            page.dialogs = 50
        else:
            page.state = change
        return page, goal

    for change, code in [
        ("row_missing", "row_missing"),
        ("other_product", "other_product"),
        ("ambiguous", "ambiguous"),
        ("disabled", "disabled"),
        ("dialogs", "dialogs"),
        ("logged_out", "logged_out"),
        ("captcha", "captcha"),
        ("gone", "page_gone"),
        ("renamed", "changed"),
    ]:
        page, goal = prepared(change)
        came = go(page, goal)
        assert (came.outcome, came.code, came.pressed) == ("unknown", code, False), change
        assert page.presses == 0, change


def test_dialogs_are_closed_and_the_question_answered() -> None:
    page = page_of(KUAISHOU, "asks first")
    page.dialogs = 3
    goal = goal_of(page)
    assert go(page, goal).outcome == "done"
    assert page.on == {goal.title}


def test_a_repeated_pin_waits_as_long_as_the_platform_would_hide_it() -> None:
    page = page_of()
    goal = goal_of(page, again=True)
    page.on = {goal.title}
    moments: dict[str, float] = {}

    def noted(name: str, real: Callable[[str], None]) -> Callable[[str], None]:
        def note(title: str) -> None:
            moments[name] = page.now
            real(title)

        return note

    for name in ("_ended", "_began"):
        setattr(page, name, noted(name, getattr(page, name)))
    assert go(page, goal).outcome == "done"
    assert page.on == {goal.title}
    assert moments["_began"] - moments["_ended"] >= WECHAT.again_after_seconds - 1 >= 9


def test_one_that_ended_just_now_waits_too() -> None:
    page = page_of()
    goal = replace(goal_of(page), not_before=8.0)
    assert go(page, goal).outcome == "done"
    assert page.now >= 8.0


@pytest.mark.parametrize(
    ("shown", "title", "same"),
    [
        (Row(1, "蓝色 保温杯", "", "讲解"), "蓝色保温杯", True),
        (Row(1, "ＡＢＣ杯", "", "讲解"), "abc 杯", True),
        (Row(1, "蓝色保温杯 500m…", "", "讲解"), "蓝色保温杯 500ml", True),
        (Row(1, "蓝色保温…", "", "讲解"), "蓝色保温杯 500ml", False),
        (Row(1, "蓝色保温...", "", "讲解"), "红色保温杯", False),
        (Row(1, "…", "", "讲解"), "蓝色保温杯", False),
        (Row(1, "保温杯大号", "", "讲解"), "保温杯", False),
        (Row(1, "", "1 保温杯 库存 3", "讲解", ["1", "保温杯", "库存 3"]), "保温杯", True),
        (Row(1, "", "1 保温杯2 库存 3", "讲解", ["1", "保温杯2", "库存 3"]), "保温杯", False),
        (Row(1, "", "1 大号保温杯", "讲解", ["1", "大号保温杯"]), "保温杯", False),
        (Row(1, "", "1 茶杯", "讲解", ["1", "茶杯"]), "保温杯", False),
        (Row(1, "杯", "", "讲解"), "", False),
    ],
)
def test_titles_are_compared_as_people_read_them(shown: Row, title: str, same: bool) -> None:
    assert same_title(shown, title) is same


def test_a_page_has_one_word() -> None:
    good = PageLook(WECHAT.goods, [Row(1, "", "1 杯", "讲解", ["杯"])], area=True)
    assert word(good, WECHAT) == "ready"
    assert word(replace(good, captcha=True), WECHAT) == "captcha"
    assert word(replace(good, rows=[Row(None, "", "杯", "讲解")]), WECHAT) == "changed"
    assert word(replace(good, rows=[Row(1, "", "杯", None)]), WECHAT) == "changed"
    assert word(replace(good, rows=[], strays=2), WECHAT) == "changed"
    assert word(replace(good, rows=[], area=False), WECHAT) == "changed"
    assert word(replace(good, rows=[], area=False), WECHAT, settled=False) == "loading"
    assert word(replace(good, rows=[]), WECHAT) == "empty"
    assert (
        word(replace(good, url="https://channels.weixin.qq.com.evil.example/platform"), WECHAT) == "changed"
    )


def test_a_row_that_was_drawn_twice_is_one_and_two_of_one_number_are_two() -> None:
    one, other, late = Row(1, "", "a", "讲解"), Row(2, "", "b", "讲解"), Row(1, "", "a", "结束讲解")
    last = PageLook(BUYIN.goods, [late], whole=False, area=True)
    assert joined(carry.Swept([[one, other], [one]], last, True)).rows == [late, other]
    twice = joined(carry.Swept([[one, replace(one, text="c")]], last, True)).rows
    assert [row.number for row in twice] == [1, 1]
