"""晒单 in the shop window: found by a word, agreed to, put on the picture and taken off it, by keys alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.messages.cases import CaseReview
from liveconsole.messages.reviews import ReviewBook, ReviewRowTold
from liveconsole.messages.state import PictureState
from tests.ui.committed import NOW
from tests.ui.fake_bus import refuse, until
from tests.ui.layout.resting import faults_at
from tests.ui.layout.rules import faults
from tests.ui.shop_rooms import card, shop_window, told
from tests.ui.shop_sitting import AtShop, at_shop
from ui import i18n, theme
from ui.windows.shop.review import ReviewOnPicture, row_of_review

K = Qt.Key
pytestmark = pytest.mark.usefixtures("dressed")


def review(n: int, agreed: bool | None, text: str = "很软，晒单") -> ReviewRowTold:
    return ReviewRowTold(n, "knit", "羊毛衫", 5, text, NOW, f"4400{n}", "林**", agreed)


class Written:
    """What buyers wrote, as the engine tells it, and which of it is on the picture."""

    def __init__(self, at: AtShop, agreed: bool | None, words: list[str] | None = None) -> None:
        self._at = at
        at.bus.answer = self.answer
        self.agreed, self.words = agreed, words or []
        self.rows = [review(2, agreed), review(1, None, "不错")]
        at.bus.books_told["cases"] = self.cases
        at.bus.books_told["reviews"] = self.reviews

    def answer(self, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        if type_ in ("review.show", "review.hide"):
            self.put(data.get("review_id"))
        return {"ok": True, "seq": 1, "result": {}}

    def put(self, review_id: int | None) -> None:
        """On the picture, by whichever seat."""
        bus, now = self._at.bus, self._at.seat.now()
        shown = None
        if review_id is not None:
            shown = PictureState(review_id, "knit", 5, "很软，晒单", now, now + timedelta(seconds=15))
        bus.now_state = replace(bus.now_state, room=replace(bus.now_state.room, picture=shown))
        bus.say({"seq": 900 + len(bus.asked), "type": "review.shown", "at": now.isoformat(), "data": {}})

    def reviews(self, query: dict[str, Any]) -> dict[str, Any]:
        rows = [row for row in self.rows if str(query.get("keyword", "")) in row.text]
        book = ReviewBook(NOW, len(rows), False, [0, 0, 0, 0, len(rows)], [], [], rows, 0)
        return msgspec.to_builtins(book)  # type: ignore[no-any-return]

    def cases(self, query: dict[str, Any]) -> dict[str, Any]:
        if not str(query.get("case", "")).startswith("review/"):
            return told(query)
        row = next(row for row in self.rows if f"review/{row.review_id}" == query["case"])
        found = card(replace(row_of_review(row), clock=None))
        said = CaseReview(row.review_id, row.text, self.agreed, self.words)
        return msgspec.to_builtins(replace(found, review=said, asks=[]))  # type: ignore[no-any-return]


async def listed(at: AtShop) -> ReviewOnPicture:
    """The group of reviews is listed, and the first one's card is there."""
    at.window.groups.choose("shown")
    await until(lambda: at.window.reading.case == "review/2")
    await until(at.window.card.review.isVisible)
    return at.window.card.review


async def test_p_puts_it_on_the_picture_and_takes_it_off() -> None:
    async with at_shop() as at:
        Written(at, agreed=True)
        shown = await listed(at)
        assert shown.chip.text() == "可以放上画面"
        at.press(K.Key_P)
        await until(lambda: shown.chip.text() == "在画面上")
        assert at.bus.asked == [("review.show", {"review_id": 2, "seconds": 15})]
        at.press(K.Key_P)
        await until(lambda: shown.chip.text() == "可以放上画面")
        assert at.bus.asked[1:] == [("review.hide", {})]
        assert faults(at.window) == []


async def test_it_leaves_the_picture_by_itself() -> None:
    async with at_shop() as at:
        Written(at, agreed=True)
        shown = await listed(at)
        at.press(K.Key_P)
        await until(lambda: shown.chip.text() == "在画面上")
        shown.tick(at.seat.now() + timedelta(seconds=16))
        assert shown.chip.text() == "可以放上画面"


async def test_what_another_seat_put_there_is_seen_here() -> None:
    async with at_shop() as at:
        written = Written(at, agreed=True)
        shown = await listed(at)
        written.put(1)
        await until(shown.other.isVisible)
        assert shown.other.text() == "画面上现在是另一条：很软，晒单"
        assert shown.chip.text() == "可以放上画面"
        written.put(2)
        await until(lambda: shown.chip.text() == "在画面上")
        assert not shown.other.isVisible()
        at.press(K.Key_P)
        await until(lambda: at.bus.asked == [("review.hide", {})])


@pytest.mark.parametrize(
    ("agreed", "words", "said"),
    [
        (None, [], "还没问过买家"),
        (False, [], "买家没同意"),
        (True, ["全网第一"], "有不能说的词：全网第一"),
    ],
)
async def test_why_it_cannot_be_shown_is_said(agreed: bool | None, words: list[str], said: str) -> None:
    async with at_shop() as at:
        Written(at, agreed, words)
        shown = await listed(at)
        assert shown.chip.text() == said
        assert not shown.show_key.isEnabled()


async def test_g_notes_what_the_buyer_says_and_a_no_of_the_engine_is_told() -> None:
    async with at_shop() as at:
        written = Written(at, agreed=None)
        shown = await listed(at)
        at.press(K.Key_G)
        await until(lambda: at.bus.asked)
        assert at.bus.asked == [("review.consent", {"review_id": 2, "agreed": True})]
        at.bus.answer = refuse("no_consent")
        at.press(K.Key_P)
        await until(lambda: at.window.said.text() == "他没有同意")
        assert shown.chip.text() == "还没问过买家"
        assert written.agreed is None


async def test_a_word_finds_them_and_no_other_case_has_the_keys() -> None:
    async with at_shop() as at:
        Written(at, agreed=True)
        await listed(at)
        assert [row.case_id for row in at.window.reading.rows] == ["review/2", "review/1"]
        at.window.list.search.setText("晒单")
        await until(lambda: [row.case_id for row in at.window.reading.rows] == ["review/2"])
        at.window.list.search.clear()
        at.window.groups.choose("urgent")
        await until(lambda: len(at.window.reading.rows) == 9)
        await at.chosen(4)
        assert not at.window.card.review.isVisible()
        at.window.setFocus()
        at.press(K.Key_P)
        assert at.window.said.text() == "这一单不是评价"
        assert at.bus.asked == []


async def test_a_locked_seat_puts_nothing_on_the_picture() -> None:
    async with at_shop() as at:
        Written(at, agreed=True)
        await listed(at)
        at.is_locked = True
        at.window._second = -1
        at.window.tick(at.seat.now() + timedelta(seconds=60))
        at.press(K.Key_P, K.Key_G)
        assert at.window.said.text() == "本席位锁着：只看；Ctrl+L 解锁"
        assert at.bus.asked == []


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 1.0), ("en", 2.0)])
async def test_its_part_of_the_card_has_room(dressed: QApplication, language: str, scale: float) -> None:
    i18n.use(language)
    theme.apply(dressed, "light", text_scale=scale)
    try:
        made = shop_window()
        made.show()
        found: list[str] = []
        for agreed, words in ((None, []), (True, []), (True, ["全网第一", "最好"])):
            row = row_of_review(review(1, agreed, "很软，" * 30))
            made.card.show_card(replace(card(row), review=CaseReview(1, row.reason, agreed, words)), NOW, "")
            found += await faults_at(made, *(((1366, 768),) if scale > 1 else ((960, 520), (1440, 900))))
        assert found == []
        made.close()
        made.deleteLater()
    finally:
        i18n.use("zh")
        theme.apply(dressed)
