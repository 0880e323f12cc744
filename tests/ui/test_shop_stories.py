"""故事 in the shop window: a word is put out, one is agreed to and put on the picture, by keys alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.messages.cases import CaseReview
from liveconsole.messages.state import StoriesState, StoryState
from tests.ui.committed import NOW
from tests.ui.fake_bus import refuse, until
from tests.ui.layout.resting import faults_at
from tests.ui.layout.rules import faults
from tests.ui.shop_rooms import shop_window
from tests.ui.shop_sitting import AtShop, at_shop
from ui import i18n, theme

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")


def told(agreed: bool | None, text: str = "我的故事 三年前买的第一条围巾") -> StoriesState:
    rows = [
        StoryState(42, "v1", "林小姐", text, NOW, agreed),
        StoryState(41, "v2", "", "我的故事 送妈妈的", NOW - timedelta(minutes=1), None),
    ]
    return StoriesState("我的故事", True, NOW, 5, rows)


def say(at: AtShop, stories: StoriesState) -> None:
    """The state moves, and the list looks again."""
    at.bus.now_state = replace(at.bus.now_state, stories=stories)
    event = {"seq": 900 + at.bus.states, "type": "story.told", "at": NOW.isoformat(), "data": {}}
    at.bus.say(event)


@pytest.fixture
async def at() -> AsyncIterator[AtShop]:
    async with at_shop() as made:
        say(made, told(None))
        await until(lambda: made.seat.state is not None and made.seat.state.stories.heard == 5)
        made.window.groups.choose("stories")
        await until(lambda: made.window.reading.case == "story/42")
        await until(made.window.card.review.isVisible)
        yield made


async def test_they_are_listed_with_who_told_them_and_found_by_a_word(at: AtShop) -> None:
    assert [row.buyer for row in at.window.reading.rows] == ["林小姐", "v2"]
    assert at.window.groups.keys["stories"].shown == "2"
    assert at.window.list.stories.chip.text() == "在收：我的故事"
    assert not at.window.card.order.isVisible(), "it is about no order"
    assert faults(at.window) == []
    at.press(K.Key_Slash)
    assert at.window.focusWidget() is at.window.list.search
    at.window.list.search.setText("妈妈")
    await until(lambda: [row.case_id for row in at.window.reading.rows] == ["story/41"])
    assert not [
        found for _name, found in at.bus.books_asked if str(found.get("case", "")).startswith("story")
    ]


async def test_g_notes_his_yes_and_p_puts_it_on_the_picture(at: AtShop) -> None:
    card = at.window.card.review
    assert (card.title.text(), card.chip.text()) == ("故事", "还没问过本人")
    assert not card.show_key.isEnabled()
    at.press(K.Key_G)
    await until(lambda: at.bus.asked == [("review.consent", {"review_id": 42, "agreed": True})])
    say(at, told(True))
    await until(lambda: card.chip.text() == "可以放上画面")
    at.press(K.Key_P)
    await until(lambda: at.bus.asked[1:] == [("review.show", {"review_id": 42, "seconds": 15})])
    at.bus.answer = refuse("no_consent")
    at.press(K.Key_P)
    await until(lambda: at.window.said.text() == "他没有同意")
    say(at, replace(told(True), rows=told(True).rows[1:]))
    await until(lambda: not card.isVisible())
    at.window.setFocus()
    assert card.review is None, "he was forgotten: no key acts"


async def test_words_that_must_not_be_said_are_marked_before_it_is_shown(at: AtShop) -> None:
    """As in every text that leaves: the engine's lists are asked, and the key is no key."""
    card = at.window.card.review
    found = {"words": [{"text": "最便宜", "term": "最便宜", "field": "text", "start": 0, "end": 3}]}
    at.bus.judged = lambda type_, data: found if "最便宜" in data.get("text", "") else {}
    say(at, told(True, "我的故事 全网最便宜"))
    await until(lambda: card.chip.text() == "有不能说的词：最便宜")
    assert not card.show_key.isEnabled()
    say(at, told(True, "我的故事 第二条"))
    await until(lambda: card.chip.text() == "可以放上画面")


async def test_c_writes_the_word_and_an_empty_line_ends_it(at: AtShop) -> None:
    bar = at.window.list.stories
    at.press(K.Key_C)
    assert at.window.focusWidget() is bar.line
    bar.line.setText("第一次")
    at.press(K.Key_Return)
    await until(lambda: at.bus.asked == [("story.collect", {"keyword": "第一次"})])
    at.press(K.Key_Return)
    await until(lambda: at.bus.asked[1:] == [("story.collect", {"keyword": None})])
    at.press(K.Key_Escape)
    assert at.window.focusWidget() is at.window.list.rows
    at.window.groups.choose("urgent")
    assert not bar.isVisible()
    at.window.setFocus()
    at.press(K.Key_C)
    assert at.window.said.text() == "C 在故事里写口令"


async def test_a_locked_seat_collects_nothing(at: AtShop) -> None:
    at.is_locked = True
    at.press(K.Key_C)
    at.window.list.stories.line.setText("第一次")
    at.press(K.Key_Return)
    assert at.window.said.text() == "本席位锁着：只看；Ctrl+L 解锁"
    assert at.bus.asked == []


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 2.0)])
async def test_it_has_room(dressed: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(dressed, "light", text_scale=scale)
    try:
        made = shop_window()
        made.show()
        made.list.show_order(all_orders=False, stories=True)
        found: list[str] = []
        for stories in (told(None), replace(told(True), open=False), StoriesState()):
            made.list.stories.show_stories(stories)
            text = stories.rows[0].text * 6 if stories.rows else ""
            agreed = stories.rows[0].agreed if stories.rows else None
            made.card.show_story(CaseReview(1, text, agreed, []), "")
            found += await faults_at(made, *(((1366, 768),) if scale > 1 else ((960, 520), (1440, 900))))
        assert found == []
        made.close()
        made.deleteLater()
    finally:
        i18n.use("zh")
        theme.apply(dressed)
