"""福袋雨 at the desk: how far it is, its clock between two bags, its winners bag by bag."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from liveconsole.messages.specs import parse_spec
from liveconsole.messages.state import CueState
from tests.ui.committed import NOW
from tests.ui.evening import BAG, Evening
from tests.ui.fake_bus import until
from tests.ui.rooms import sample_state
from tests.ui.sitting import Sitting, joined
from tests.ui.test_desk import sit
from ui import i18n
from ui.kinds import lucky_bag as shown
from ui.kinds.phrases import clock_of
from ui.panels.composer.bag import BagForm
from ui.panels.queue.winners import WinnersSheet
from ui.seat.room import RoomView
from ui.windows.host import facts
from ui.windows.sheets import StopBagSheet
from ui.words import cues as words
from ui.words.winners import moment_of

__all__ = ["sit"]

SPEC = BAG | {"winners": 1, "seconds": 60, "series": {"count": 3, "gap_seconds": 40}}
NAMES = {"v1": "糖糖", "v2": "阿强", "v3": "小雨"}


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("zh")


def rain(ago: float, **spec: object) -> Evening:
    """A series that began so many seconds before now; everybody says it in each of its bags."""
    at = Evening(ago=ago)
    at.fire(at.add("c-bag", "lucky_bag", SPEC | spec))
    for since in (ago, ago - 100, ago - 200):
        if since > 0:
            at.until(since - 1)
            at.says("驼色好看", *NAMES)
    at.until(0)
    return at


def by_hand(ago: float) -> Evening:
    """A series of the platform's own bags, the first of which a person started so many seconds ago."""
    at = Evening(ago=ago, platform="manual")
    at.fire(at.add("c-bag", "lucky_bag", SPEC | {"draw": "platform"}))
    at.confirm("c-bag")
    at.until(0)
    return at


def room_of(at: Evening) -> RoomView:
    return RoomView(at.shown(people={who: (who, name) for who, name in NAMES.items()}))


def cue_of(room: RoomView) -> CueState:
    return room.cues["c-bag"]


def test_the_card_says_which_bag_runs_and_when_the_next_opens() -> None:
    room = room_of(rain(30))
    cue = cue_of(room)
    assert words.title(cue, room).startswith("福袋雨 × 3")
    assert "连发 3 个 · 间隔 40 秒 · 中过的不再中" in words.detail(cue)
    assert shown.counts(cue, cue.terms)[:2] == ["第 1/3 个", "3 人参与"]  # type: ignore[arg-type]
    assert clock_of(cue) == (NOW - timedelta(seconds=30), NOW + timedelta(seconds=30))
    between = cue_of(room_of(rain(80)))
    assert shown.counts(between, between.terms)[0] == "开过 1/3 个，等下一个"  # type: ignore[arg-type]
    assert clock_of(between) == (NOW - timedelta(seconds=20), NOW + timedelta(seconds=20))
    second = cue_of(room_of(rain(110)))
    assert shown.counts(second, second.terms)[:2] == ["第 2/3 个", "2 人参与"]  # type: ignore[arg-type]
    assert clock_of(second) == (NOW - timedelta(seconds=10), NOW + timedelta(seconds=50))
    over = cue_of(room_of(rain(300)))
    assert over.status == "ended"
    assert over.series is not None
    assert shown.outcome(over) == ["开过 3/3 个", f"整场收据 {over.series.receipt_code}"]


def test_it_is_said_in_english_too(english: None) -> None:
    cue = cue_of(room_of(rain(110)))
    assert shown.counts(cue, cue.terms)[0] == "Bag 2 of 3"  # type: ignore[arg-type]
    assert "3 bags · 40 s apart · everybody wins once" in words.detail(cue)


def test_the_host_sees_the_present_bag_and_waits_for_the_next() -> None:
    (card,) = facts.running(room_of(rain(110)))
    assert (card.says, card.ends) == ("第 2/3 个 · 2 人", NOW + timedelta(seconds=50))
    (card,) = facts.running(room_of(rain(80)))
    assert (card.says, card.ends) == ("等第 2/3 个", NOW + timedelta(seconds=20))
    assert card.waits == "第 2 个福袋还有"


def test_winners_of_the_first_bag_claim_while_the_next_runs() -> None:
    room = room_of(rain(110))
    moment = moment_of(room)
    assert moment is not None
    (winner,) = moment.open
    series = cue_of(room).series
    assert series is not None
    assert moment.entrants == 3, "of whom he was drawn, not of those who are in now"
    assert moment.code == series.bags[0].receipt_code
    assert moment.settling(ok=True) == {
        "cue_id": "c-bag",
        "ok": True,
        "viewer_id": winner.viewer_id,
        "bag": 1,
    }


def test_of_the_platforms_bags_the_card_says_which_to_start_on_the_phone() -> None:
    assert shown.heed(cue_of(room_of(rain(110)))) == ""
    assert shown.heed(cue_of(room_of(by_hand(30)))) == ""
    cue = cue_of(room_of(by_hand(110)))
    assert shown.heed(cue) == "手机上发起第 2/3 个"
    assert shown.counts(cue, cue.terms)[0] == "开过 1/3 个，等下一个"  # type: ignore[arg-type]


class AtSheets(Sitting):
    pass


@pytest_asyncio.fixture
async def sitting(dressed: QApplication) -> AsyncIterator[AtSheets]:
    async with joined(AtSheets()) as made:
        yield made


async def test_the_list_of_winners_says_which_bag_each_won(sitting: AtSheets) -> None:
    sheet = WinnersSheet(sitting.seat, "c-bag", room_of(rain(300)))
    sitting.side.open_sheet(sheet)
    said = [label.text() for label in sheet.findChildren(QLabel)]
    for bag in (1, 2, 3):
        assert any(text.startswith(f"第 {bag} 个 · ") for text in said)
    who = sheet._shown[1].viewer_id  # type: ignore[index]
    sheet.settle(who, ok=True, bag=2)
    await until(lambda: sitting.bus.asked)
    assert sitting.bus.asked == [("bag.settle", {"cue_id": "c-bag", "viewer_id": who, "ok": True, "bag": 2})]


async def test_names_of_the_platform_are_asked_for_bag_by_bag(sitting: AtSheets) -> None:
    at = rain(300, draw="platform")
    sheet = WinnersSheet(sitting.seat, "c-bag", room_of(at))
    sitting.side.open_sheet(sheet)
    for bag in (1, 2, 3):
        assert sheet._typed.names.placeholderText() == f"第 {bag} 个福袋平台开出的中奖人，一行一个"
        sheet._typed.names.setPlainText(f"名{bag}")
        sheet._typed._done.click()
        await until(lambda bag=bag: len(sitting.bus.asked) == bag)  # type: ignore[misc]
        assert sitting.bus.asked[-1] == (
            "bag.winners",
            {"cue_id": "c-bag", "names": [f"名{bag}"], "bag": bag},
        )
        at.ok(*sitting.bus.asked[-1])
        sheet.show_room(room_of(at), NOW)
    assert not sheet._typed.isVisibleTo(sheet)
    assert at.cue("c-bag").ended_because == "platform"
    assert list(sheet._corrections.keys) == [1, 2, 3]
    sheet._corrections.keys[2].click()
    assert sheet._typed.isVisibleTo(sheet)
    assert sheet._typed.names.toPlainText() == "名2"
    sheet._corrections.keys[2].click()
    assert not sheet._typed.isVisibleTo(sheet), "pressed again it stays as it is"
    sheet._corrections.keys[2].click()
    sheet._typed.names.setPlainText("名二")
    sheet.show_room(room_of(at), NOW)
    assert sheet._typed.names.toPlainText() == "名二", "what somebody is typing stays"
    sheet._typed._done.click()
    await until(lambda: len(sitting.bus.asked) == 4)
    assert sitting.bus.asked[-1] == ("bag.winners", {"cue_id": "c-bag", "names": ["名二"], "bag": 2})
    at.ok(*sitting.bus.asked[-1])
    sheet.show_room(room_of(at), NOW)
    assert list(sheet._corrections.keys) == [1, 3], "once, and no more"
    assert not sheet._typed.isVisibleTo(sheet)


async def test_each_next_bag_of_the_platform_is_a_card_that_says_what_to_press(sit: Any) -> None:
    evening = by_hand(110)
    at = await sit(evening.shown())
    (card,) = at.desk.left.owed.cards()
    assert card.face.title.startswith("第 2 个 · 福袋雨 × 3")
    assert "这是第 1 个" not in card.face.said
    assert [field.value for field in card.face.fields][:2] == ["羊毛贝雷帽", "1"]
    at.desk.left.owed.answered.emit("c-bag", "on_air", True, None)
    assert await at.asked() == [("cue.confirm", {"cue_id": "c-bag", "step": "on_air", "done": True})]


def test_the_form_makes_a_series_and_opens_one(qtbot: QtBot, dressed: QApplication) -> None:
    form = BagForm()
    qtbot.addWidget(form)
    form.show_room(RoomView(sample_state()))
    form.prize.setText("围巾")
    form.value.set_fen(19900)
    draft = form.draft()
    assert draft is not None
    assert "series" not in draft, "one bag is no series"
    assert not form.gap.isEnabled()
    form.bags.setValue(5)
    form.gap.setValue(40)
    draft = form.draft()
    assert draft is not None
    assert draft["series"] == {"count": 5, "gap_seconds": 40, "once": True}
    again = BagForm()
    qtbot.addWidget(again)
    again.show_room(RoomView(sample_state()))
    spec = {**draft, "series": {"count": 7, "gap_seconds": 0, "once": False}}
    again.fill(parse_spec("lucky_bag", spec))  # type: ignore[arg-type]
    assert again.draft() == spec
    names = [name for name, _ in again.templates()]
    dict(again.templates())[names[-1]]()
    assert again.bags.value() == 5


async def test_the_present_bag_is_made_the_last_and_drawn_all_the_same(sit: Any) -> None:
    at = await sit(rain(30).shown())
    at.desk.sheets.stop_bag("c-bag")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, StopBagSheet)
    assert sheet.no_more is not None
    sheet.no_more.click()
    assert await at.asked() == [("bag.no_more", {"cue_id": "c-bag"})]


async def test_between_two_bags_a_stop_says_that_the_rest_is_not_opened(sit: Any) -> None:
    at = await sit(rain(80).shown())
    at.desk.sheets.stop_bag("c-bag")
    sheet = at.desk.side.sheet
    assert isinstance(sheet, StopBagSheet)
    assert sheet.no_more is None
    assert sheet.stop.text() == "后面的不发了"
    sheet.reason.setText("够了")
    sheet.stop.click()
    assert await at.asked() == [("cue.stop", {"cue_id": "c-bag", "reason": "够了"})]
