"""Ctrl+Z: an edit of cart, rundown or queue is taken back by the engine's own commands, or says why not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.state import State
from tests.ui.evening import SALE, Evening
from tests.ui.fake_bus import refuse, until
from tests.ui.rooms import planned, queue_of
from tests.ui.test_desk import CTRL, sit
from ui.windows.undo.edit import Edit, Undo
from ui.windows.undo.inverse import BACK, NEVER, CannotUndo, inverse
from ui.windows.undo.key import REMEMBERED

__all__ = ["sit"]

Room = Callable[[], Evening]
NEW_SALE = SALE | {"sku_id": "gloves", "price_fen": 5900, "quantity": 18}


def _queued() -> Evening:
    """Three sales wait; nothing has been said to the second."""
    at = Evening()
    for cue_id, product_id, fen in (("a", "scarf", 9900), ("b", "gloves", 5900), ("c", "coat", 128_000)):
        at.sale(cue_id, sku_id=product_id, price_fen=fen, quantity=5)
    return at


def _slipping() -> Evening:
    """The last segment will not begin at its moment as the clock runs."""
    at = planned()
    soon = (at.now + timedelta(minutes=7)).isoformat()
    at.ok("rundown.put", {"segments": [{"segment_id": "s8", "anchor_at": soon}]})
    return at


def _last(at: Evening) -> str:
    return list(at.room.rundown.segments)[-1]


EDITS: dict[str, tuple[Room, Callable[[Evening], dict[str, Any]]]] = {
    "cart.add": (
        lambda: _without(Evening(), "beret"),
        lambda _at: {"product_ids": ["beret", "scarf"]},
    ),
    "cart.remove": (Evening, lambda _at: {"product_id": "gloves"}),
    "cart.move": (Evening, lambda _at: {"product_id": "gloves", "to": 1}),
    "cue.add": (_queued, lambda _at: {"kind": "flash_sale", "spec": NEW_SALE}),
    "cue.edit": (_queued, lambda _at: {"cue_id": "b", "spec": NEW_SALE | {"quantity": 7}}),
    "cue.move": (_queued, lambda _at: {"cue_id": "a"}),
    "cue.remove": (_queued, lambda _at: {"cue_id": "a"}),
    "rundown.put": (
        planned,
        lambda _at: {
            "segments": [{"segment_id": "s5", "minutes": 3}, {"product_id": "beret", "title": "新"}]
        },
    ),
    "rundown.move": (planned, lambda at: {"segment_id": "s5", "before": _last(at)}),
    "rundown.remove": (planned, lambda at: {"segment_ids": ["s5", "s6", _last(at)]}),
    "rundown.duplicate": (planned, lambda _at: {"segment_id": "s5"}),
    "rundown.keep": (lambda: _slipping(), lambda _at: {"segment_id": "s8", "way": "swap"}),
    "viewer.mute": (Evening, lambda _at: {"viewer_id": "w", "block": True}),
    "viewer.unmute": (lambda: _with(Evening(), "viewer.mute", viewer_id="w"), lambda _at: {"viewer_id": "w"}),
    "answer.put": (Evening, lambda _at: {"question": "起球吗", "zh": "不起球"}),
    "answer.remove": (
        lambda: _with(Evening(), "answer.put", answer_id="a", question="起球吗", zh="不起球"),
        lambda _at: {"answer_id": "a"},
    ),
}


def _with(at: Evening, command: str, **data: Any) -> Evening:
    at.ok(command, data)
    return at


def _without(at: Evening, product_id: str) -> Evening:
    at.ok("cart.remove", {"product_id": product_id})
    return at


def _made(at: Evening, type_: str, data: dict[str, Any], role: str = "host") -> Undo | CannotUndo | None:
    before = at.shown(role)
    result = at.ok(type_, data, role)
    return inverse(Edit(type_, data, role, before, result, lambda: "c-new"))


def _like(state: State) -> dict[str, Any]:
    """What an edit changes, without ids that are given anew."""
    cues = [(cue.kind, cue.spec, cue.status, cue.slot) for cue in state.cues]
    plan = [
        (s.segment_id, s.product_id, s.title, s.script, s.minutes, s.cues, s.tag_told, s.skip, s.anchor_at)
        for s in state.rundown.segments
    ]
    muted = [(one.viewer_id, one.block, one.hidden) for one in state.muted]
    answers = [(one.question, one.zh, one.en) for one in state.answers]
    found = {"cart": state.cart, "cues": cues, "rundown": plan, "current": state.rundown.current}
    return found | {"muted": muted, "answers": answers}


def test_every_command_stands_in_one_of_the_tables() -> None:
    """A new one fails here until somebody has said what takes it back, or why nothing does."""
    assert set(BACK) | set(NEVER) == set(COMMANDS)
    assert set(BACK) & set(NEVER) == set()
    assert all(NEVER.values())
    assert set(EDITS) == set(BACK) - {"cue.again"}, "each is tried below"


@pytest.mark.parametrize("type_", list(EDITS))
def test_what_it_did_is_undone_by_the_engines_own_commands(type_: str) -> None:
    room, data = EDITS[type_]
    at = room()
    before = _like(at.shown())
    undo = _made(at, type_, data(at))
    assert isinstance(undo, Undo)
    assert _like(at.shown()) != before
    assert undo.stands(at.shown())
    for command, back in undo.commands:
        at.ok(command, msgspec.json.decode(msgspec.json.encode(back)))
    after = _like(at.shown())
    if type_ == "cue.edit":
        before["cues"] = [(kind, spec, "queued", slot) for kind, spec, _, slot in before["cues"]]
    if type_ == "cue.remove":  # its number goes to nobody else meanwhile here
        assert [c[:3] for c in after["cues"]] == [c[:3] for c in before["cues"]]
        return
    assert after == before


def test_a_return_is_taken_back_while_it_is_a_draft() -> None:
    at = _queued()
    at.fire("a")
    at.stop("a")
    undo = _made(at, "cue.again", {"cue_id": "a"})
    assert isinstance(undo, Undo)
    assert undo.stands(at.shown())
    [(command, data)] = undo.commands
    at.ok(command, data)
    assert not undo.stands(at.shown())


@pytest.mark.parametrize(
    ("type_", "since"),
    [
        ("cart.add", ("cart.remove", {"product_id": "beret"})),
        ("cart.remove", ("cart.add", {"product_ids": ["gloves"]})),
        ("cart.move", ("cart.move", {"product_id": "silk", "to": 1})),
        ("cue.edit", ("cue.edit", {"cue_id": "b", "spec": NEW_SALE | {"quantity": 9}})),
        ("cue.move", ("cue.move", {"cue_id": "b"})),
        ("cue.remove", ("cue.remove", {"cue_id": "b"})),
        ("rundown.put", ("rundown.put", {"segments": [{"segment_id": "s5", "minutes": 9}]})),
        ("rundown.move", ("rundown.move", {"segment_id": "s5"})),
        ("rundown.remove", ("rundown.remove", {"segment_ids": ["s7"]})),
        ("viewer.mute", ("viewer.unmute", {"viewer_id": "w"})),
        ("viewer.unmute", ("viewer.mute", {"viewer_id": "w", "block": True})),
        ("answer.put", ("answer.put", {"question": "起球吗", "zh": "会一点"})),
    ],
)
def test_what_somebody_else_has_touched_since_is_left_alone(
    type_: str, since: tuple[str, dict[str, Any]]
) -> None:
    room, data = EDITS[type_]
    at = room()
    undo = _made(at, type_, data(at))
    assert isinstance(undo, Undo)
    assert undo.stands(at.shown())
    at.ok(*since)
    assert not undo.stands(at.shown())


def test_a_yes_or_a_press_in_between_is_not_undone() -> None:
    """An assistant's draft that the host has agreed to, and what has been fired, are no edits any more."""
    at = _queued()
    undo = _made(at, "cue.add", {"kind": "flash_sale", "spec": NEW_SALE}, "assistant")
    assert isinstance(undo, Undo)
    [(_, data)] = undo.commands
    at.approve(data["cue_id"])
    assert not undo.stands(at.shown("assistant"))
    own = _made(at, "cue.add", {"kind": "flash_sale", "spec": NEW_SALE})
    assert isinstance(own, Undo)
    at.approve(own.commands[0][1]["cue_id"])
    assert own.stands(at.shown()), "her own yes is no other's"
    at.fire(own.commands[0][1]["cue_id"])
    assert not own.stands(at.shown())


def test_what_has_been_spoken_is_not_put_back_as_if_it_had_not() -> None:
    at = planned()
    found = _made(at, "rundown.remove", {"segment_ids": ["s1"]})
    assert isinstance(found, CannotUndo)
    assert "讲过" in found.why


def test_nothing_changed_is_no_edit() -> None:
    at = _queued()
    assert _made(at, "cart.add", {"product_ids": ["scarf"]}) is None
    assert _made(at, "cart.move", {"product_id": "gloves", "to": _place(at, "gloves")}) is None
    assert _made(at, "cue.edit", {"cue_id": "b", "spec": at.cue("b").spec_sent}) is None
    assert _made(at, "stock.add", {"sku_id": "scarf", "by": 5}) is None


def _place(at: Evening, product_id: str) -> int:
    return [item.product_id for item in at.room.cart].index(product_id) + 1


def test_a_number_comes_back_only_to_whom_it_was_given() -> None:
    at = Evening()
    number = next(i.number for i in at.room.cart if i.product_id == "gloves")
    at.ok("cart.remove", {"product_id": "gloves"})
    taken = next(i.number for i in at.room.cart if i.product_id == "scarf")
    for numbers in ([taken], [at.room.next_number], [number, number]):
        said = at.no("cart.add", {"product_ids": ["gloves"], "numbers": numbers})
        assert said in ("number_moved", "bad_shape")
    at.ok("cart.add", {"product_ids": ["gloves"], "numbers": [number], "to": 1})
    assert (at.room.cart[0].product_id, at.room.cart[0].number) == ("gloves", number)


# At the desk ---------------------------------------------------------------------------------------------


async def _moves(at: Any, evening: Evening, to: int) -> None:
    """The seat moves a product, and the room has it."""
    asked = len(at.bus.asked)
    at.desk.commands.move_product("gloves", to)
    await until(lambda: len(at.bus.asked) > asked)
    evening.ok("cart.move", {"product_id": "gloves", "to": to})
    await at.show(evening.shown())
    await until(lambda: not at.desk.undo.is_empty)


async def test_the_key_takes_the_last_edit_back_and_says_what(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    at.desk.setFocus()
    old = _place(evening, "gloves")
    await _moves(at, evening, 1)
    at.press(Qt.Key.Key_Z, CTRL)
    assert (await at.asked(2))[1] == ("cart.move", {"product_id": "gloves", "to": old})
    await until(lambda: at.desk.notice.said.startswith("撤销了：移动购物车 · "))
    at.press(Qt.Key.Key_Z, CTRL)
    await asyncio.sleep(0.05)
    assert len(at.bus.asked) == 2, "its own commands are no edits"
    assert at.desk.notice.said == "Ctrl+Z：没有可以撤销的改动"


async def test_an_edit_that_another_seat_has_gone_on_from_is_said_and_left(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    at.desk.setFocus()
    await _moves(at, evening, 1)
    evening.ok("cart.move", {"product_id": "silk", "to": 1}, "assistant")
    await at.show(evening.shown())
    at.press(Qt.Key.Key_Z, CTRL)
    assert at.desk.notice.said.startswith("没有撤销（移动购物车 · ")
    assert "后来又变了" in at.desk.notice.said
    await asyncio.sleep(0.05)
    assert len(at.bus.asked) == 1


async def test_what_the_engine_refuses_is_said_in_its_words(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    at.desk.setFocus()
    await _moves(at, evening, 1)
    at.bus.answer = refuse("not_in_cart", product_id="gloves")
    at.press(Qt.Key.Key_Z, CTRL)
    await until(lambda: at.desk.notice.said.startswith("没有撤销"))


@pytest.mark.parametrize("refused", [False, True])
async def test_what_takes_several_commands_is_taken_back_whole_though_its_desk_is_drawn_anew(
    sit: Any, caplog: pytest.LogCaptureFixture, refused: bool
) -> None:
    """Half of it would be a room as nobody left it: the language was changed, say, in the middle."""
    at = await sit(Evening().shown())
    at.desk.setFocus()
    back = tuple(("cart.remove", {"product_id": name}) for name in ("gloves", "silk", "pan"))
    at.desk.undo._edits.append((0, Undo("加进购物车", back, lambda _now: True)))
    at.bus.gate = asyncio.Event()
    at.press(Qt.Key.Key_Z, CTRL)
    await asyncio.sleep(0)
    shiboken6.delete(at.desk.undo)
    shiboken6.delete(at.desk.notice)
    if refused:
        at.bus.answer = refuse("not_in_cart", product_id="gloves")
    at.bus.gate.set()
    await until(lambda: len(at.bus.asked) == (1 if refused else 3))
    await asyncio.sleep(0.05)
    assert at.bus.asked == list(back[:1] if refused else back)
    assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []


async def test_in_a_line_the_key_is_the_lines_and_a_locked_seat_has_none(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    await _moves(at, evening, 1)
    at.shell.activateWindow()
    await until(lambda: QApplication.activeWindow() is at.shell)
    line = at.desk.proposals.line.line
    line.setFocus()
    line.insert("秒99")
    at.press(Qt.Key.Key_Z, CTRL)
    assert line.text() == ""
    at.desk.setFocus()
    at.desk.lock()
    at.press(Qt.Key.Key_Z, CTRL)
    await asyncio.sleep(0.05)
    assert len(at.bus.asked) == 1
    assert "锁着" in at.desk.notice.said


async def test_no_more_than_so_many_are_remembered(sit: Any) -> None:
    evening = Evening()
    at = await sit(evening.shown())
    for n in range(REMEMBERED + 5):
        await _moves(at, evening, 1 + n % 2)
    assert len(at.desk.undo._edits) == REMEMBERED


async def test_a_price_a_fire_and_a_yes_are_never_undone(sit: Any) -> None:
    at = await sit(queue_of(a="approved", b="queued"))
    at.desk.setFocus()
    for type_, data in (
        ("stock.add", {"sku_id": "coat", "by": 5}),
        ("cue.approve", {"cue_id": "b"}),
        ("cue.fire", {"cue_id": "a"}),
        ("cart.pin", {"product_id": "coat"}),
    ):
        at.desk.commands.ask(type_, data, "x")
    await at.asked(4)
    await asyncio.sleep(0.05)
    at.press(Qt.Key.Key_Z, CTRL)
    assert at.desk.notice.said == "Ctrl+Z：没有可以撤销的改动"
