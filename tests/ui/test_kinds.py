"""Every kind of promotion has its part at the desk, and one more kind is its own files and nothing else."""

from __future__ import annotations

import inspect
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liveconsole.domain.kind import kinds
from liveconsole.messages.commands import CueAdd
from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.specs import SPECS
from liveconsole.messages.state import CueState, MeasuredState
from liveconsole.overlay.view import CARDS
from liveconsole.views.feed import SYSTEM, FeedRow
from liveconsole.views.kinds import WORDS
from tests.ui import made_up_shown
from tests.ui.committed import NOW
from tests.ui.looking import look
from tests.ui.made_up_form import DoorForm
from tests.ui.rooms import Evening, sample_state
from tests.unit import made_up, made_up_kind
from ui.kinds import KINDS, kind_of, unknown
from ui.kinds.kind import MEMBERS, Shown
from ui.panels.cart.rows import cart_rows
from ui.panels.composer.forms import FORMS
from ui.panels.feed.words import says
from ui.panels.owed.measure import needs_measuring
from ui.panels.queue.rows import faces, just_ended
from ui.panels.rundown.rows import segment_rows
from ui.panels.stage import StagePanel
from ui.seat.room import RoomView
from ui.theme.tokens import TEXT_TONES
from ui.windows.host import facts
from ui.words.next import plan

DOOR = {"sku_id": "scarf", "price_fen": 9900, "quantity": 2, "seconds": 60}
each_part = pytest.mark.parametrize("shown", [*KINDS.values(), unknown], ids=lambda shown: shown.NAME or "?")

# The tables ------------------------------------------------------------------------------------------


def _lacking() -> dict[str, set[str]]:
    """Of every table, the kinds that only it or only the domain has."""
    ruled = {kind.NAME for kind in kinds()}
    tables = {"specs": set(SPECS), "words": set(WORDS), "desk": set(KINDS), "forms": set(FORMS)}
    return {name: ruled ^ there for name, there in tables.items()}


def test_the_tables_have_the_same_kinds() -> None:
    assert not any(_lacking().values())
    assert set(CARDS) == {name for name, shown in KINDS.items() if shown.LISTED}
    assert {name: form.kind for name, form in FORMS.items()} == {name: name for name in FORMS}


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@each_part
@pytest.mark.parametrize("member", MEMBERS)
def test_a_kinds_part_has_everything(shown: Shown, member: str) -> None:
    asked, found = vars(Shown)[member], getattr(shown, member)
    if isinstance(asked, property):
        assert not inspect.isfunction(found)
    else:
        assert _parameters(found) == _parameters(asked)


@each_part
def test_a_kinds_part_is_made_of_what_there_is(shown: Shown) -> None:
    assert shown.TONE in TEXT_TONES
    assert (
        set(shown.MEASURED)
        <= set(MeasuredState.__struct_fields__)
        <= {*CueState.__struct_fields__, "at", "by"}
    )
    assert all(shown.TITLE + shown.FIRE)
    if shown is not unknown:
        words = WORDS[shown.NAME]
        assert (shown.TITLE, shown.LISTED) == (words.TITLE, words.LISTED)


@pytest.mark.parametrize("member", MEMBERS)
def test_twin_a_part_that_lacks_something_is_seen(member: str) -> None:
    there = {name: getattr(made_up_shown, name) for name in MEMBERS if name != member}
    with pytest.raises(AttributeError, match=member):
        test_a_kinds_part_has_everything(SimpleNamespace(**there), member)


def test_twin_a_kind_without_its_part_at_the_desk_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.take_in(monkeypatch)
    assert _lacking() == {"specs": set(), "words": set(), "desk": {"early_door"}, "forms": {"early_door"}}
    room = RoomView(_evening("on_air").shown())
    assert kind_of("early_door") is unknown
    assert [running.name for running in facts.running(room)] == ["促销"]
    assert room.products_of(room.cues["door"]) == []


# One kind more ---------------------------------------------------------------------------------------


@pytest.fixture
def early_door(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A kind that the program does not have, complete."""
    made_up.take_in(monkeypatch)
    monkeypatch.setitem(KINDS, made_up_shown.NAME, made_up_shown)
    monkeypatch.setitem(FORMS, made_up_shown.NAME, DoorForm)
    return made_up_shown


def _evening(status: str, platform: str = "own") -> Evening:
    """One of it, called ``door``, in a status."""
    at = Evening(platform)
    at.ok("cue.add", CueAdd(made_up_shown.NAME, DOOR, "door"), "assistant")  # type: ignore[arg-type]
    if status != "queued":
        at.ok("cue.approve", {"cue_id": "door"})
    if status == "on_air":
        at.fire("door")
        if platform == "manual":
            at.confirm("door")
    return at


def test_one_kind_more_stands_in_every_table(early_door: ModuleType) -> None:
    assert not any(_lacking().values())


def test_one_kind_more_waits_in_the_queue(early_door: ModuleType, dressed: QApplication) -> None:
    room = RoomView(_evening("approved").shown())
    (row,) = faces(room, "host", {})
    assert (row.title, row.detail, row.fire) == (
        "早鸟 100% 山羊绒围巾 驼色 200×70 ¥99", "2 件，先到先得", "开门",
    )  # fmt: skip
    assert row.lowest_fen == 9900
    assert row.cost is not None
    assert row.cost.words == "最多让利 ¥200"
    assert "早鸟 3 号 待上" in plan(_next_is("scarf")).steps
    assert [r.kinds for r in cart_rows(room) if r.product_id == "scarf"] == [("early_door",)]


def _next_is(product_id: str) -> RoomView:
    """The product before it is explained, so that 下一品 goes to it."""
    at = _evening("queued")
    at.pin("silk")
    room = RoomView(at.shown())
    assert room.cart.next is not None
    assert room.cart.next.product_id == product_id
    return room


def test_one_kind_more_runs_on_the_stage(qtbot: QtBot, early_door: ModuleType, dressed: QApplication) -> None:
    at = _evening("on_air")
    at.pin("scarf")
    stage = StagePanel()
    qtbot.addWidget(stage)
    stage.resize(900, 400)
    look(stage, at.shown())
    (card,) = stage.cards()
    assert (card.title.text(), card.counts.text()) == ("早鸟 3 号", "进门 0 / 2")
    assert stage.product.price.text() == "¥99.00"
    assert stage.product.price_kind.text() == "早鸟价 · 七日最低 ¥199"
    assert (stage.product.left.shown, stage.product.left_label.text()) == ("2 / 2", "促销余量")
    at.buys("o1", "scarf", 9900)
    at.buys("o2", "scarf", 9900, paid=False)
    look(stage, at.shown())
    assert (card.counts.text(), card.state.text()) == ("进门 1 / 2", "门里满了")


def test_one_kind_more_is_before_the_host(early_door: ModuleType) -> None:
    at = _evening("on_air")
    at.pin("scarf")
    room = RoomView(at.shown())
    (running,) = facts.running(room)
    assert (running.name, running.says) == ("早鸟", "剩 2")
    stage = facts.on_stage(room)
    assert stage is not None
    assert (stage.price_fen, stage.left, stage.whole, stage.per_buyer) == (9900, 2, 2, None)


def test_one_kind_more_is_told_when_it_has_ended(early_door: ModuleType) -> None:
    at = _evening("on_air")
    at.until(-61)
    room = RoomView(at.shown())
    assert [cue.cue_id for cue in just_ended(room)] == ["door"]
    told = FeedRow(1, NOW.isoformat(), SYSTEM, made_up_shown.NAME, "3", what="cue.on_air")
    assert says(told) == "早鸟 3 开始"


def test_one_kind_more_is_measured_where_a_person_does_it(early_door: ModuleType) -> None:
    room = RoomView(_evening("on_air", "manual").shown())
    assert needs_measuring(room.cues["door"], room)


def test_one_kind_more_has_its_price_in_the_rundown(early_door: ModuleType) -> None:
    at = _evening("queued")
    at.ok("rundown.put", {"segments": [{"segment_id": "s1", "product_id": "scarf", "minutes": 5}]})
    state = at.shown()
    (segment,) = state.rundown.segments
    cue = CueTemplate(made_up_shown.NAME, DOOR)  # type: ignore[arg-type]
    rundown = msgspec.structs.replace(state.rundown, segments=[msgspec.structs.replace(segment, cues=[cue])])
    (row,) = segment_rows(RoomView(msgspec.structs.replace(state, rundown=rundown)))
    assert (row.flash_fen, row.kinds) == (9900, (made_up_shown.NAME,))


def test_one_kind_more_is_composed(early_door: ModuleType, qtbot: QtBot, dressed: QApplication) -> None:
    form = FORMS[made_up_shown.NAME]()
    qtbot.addWidget(form)
    form.show_room(RoomView(sample_state()))
    form.fill(made_up_kind.DoorSpec("scarf", 9900, 2, 60))
    assert form.draft() == DOOR
