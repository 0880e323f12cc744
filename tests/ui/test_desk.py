"""The desk as a whole, on a fake bus: keys become commands, roles have their buttons, text is letters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from liveconsole import tasks
from liveconsole.domain import roles
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.rights import may
from liveconsole.messages.state import State
from tests.ui.committed import NOW, comment, wire
from tests.ui.evening import SALE
from tests.ui.fake_bus import FakeBus, refuse, until
from tests.ui.fingers import stroke
from tests.ui.rooms import Evening, empty_state, queue_of, running, sample_state
from ui.seat import session
from ui.widgets import FireButton, HoldButton
from ui.windows.shell import Shell

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class AtDesk:
    def __init__(self, role: session.Role, state: State) -> None:
        self.bus = FakeBus(state)

        async def join() -> FakeBus:
            return self.bus

        self._join, self._role = join, role

    async def open(self, base: Any) -> None:
        self.shell = Shell(base, session.Remembered())
        self.shell.resize(1440, 900)
        self.shell.show()
        self.shell.activateWindow()
        self.shell._sit(session.StartChoice("manual", self._role, checked=True), self._join)
        await until(lambda: self.shell.desk is not None and self.shell.seat.state is not None)  # type: ignore[union-attr]
        self.desk = self.shell.desk
        assert self.desk is not None

    async def show(self, state: State) -> None:
        """The room becomes this, as after an event."""
        seq = self.bus.now_state.seq + 1
        self.bus.now_state = replace(state, seq=seq)
        self.bus.say({"seq": seq, "type": "room.set", "at": wire(NOW), "actor": "host", "data": {}})
        await until(lambda: self.shell.seat.state.seq == seq)  # type: ignore[union-attr]

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE, *, up: bool = False) -> None:
        kind = QEvent.Type.KeyRelease if up else QEvent.Type.KeyPress
        QCoreApplication.sendEvent(self.shell.windowHandle(), stroke(kind, key, held))

    async def asked(self, count: int = 1) -> list[tuple[str, dict[str, Any]]]:
        await until(lambda: len(self.bus.asked) >= count)
        return self.bus.asked

    async def nothing_asked(self) -> None:
        await asyncio.sleep(0.05)
        assert self.bus.asked == []


@asynccontextmanager
async def desks(folder: Path) -> AsyncIterator[Any]:
    """What opens a desk of a role on a state; all of them leave at the end."""
    opened: list[AtDesk] = []

    async def open_(state: State, role: session.Role = "host") -> AtDesk:
        made = AtDesk(role, state)
        opened.append(made)  # also one that does not come up in time is left
        await made.open(folder)
        return made

    yield open_
    for each in opened:
        await each.shell.leave()
        each.shell.deleteLater()
    await tasks.cancel_all()


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path) -> AsyncIterator[Any]:
    async with desks(tmp_path) as opens:
        yield opens


async def test_page_down_goes_to_the_product_that_the_key_names(sit: Any) -> None:
    at = await sit(queue_of())
    at.press(Qt.Key.Key_PageDown)
    assert await at.asked() == [("go.next", {"expect": "coat"})]


async def test_a_fire_carries_what_the_seat_showed(sit: Any) -> None:
    evening = Evening()
    evening.sale("a")
    evening.sale("b", sku_id="gloves", price_fen=5900, quantity=18)
    evening.approve("a", "b")
    at = await sit(evening.shown())
    at.press(Qt.Key.Key_2, CTRL)
    [(type_, data)] = await at.asked()
    sent = SALE | {"sku_id": "gloves", "price_fen": 5900, "quantity": 18}
    assert (type_, data["cue_id"], data["expect"]) == ("cue.fire", "b", sent)


async def test_a_key_without_its_cue_means_nothing(sit: Any) -> None:
    at = await sit(queue_of(a="approved"))
    at.press(Qt.Key.Key_5, CTRL)
    at.press(Qt.Key.Key_5, CTRL | SHIFT)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        at.press(key)
        at.press(key, CTRL)
    await at.nothing_asked()


async def test_a_desk_that_is_opened_later_numbers_promotions_as_the_others_do(sit: Any) -> None:
    evening = Evening()
    for cue_id, product_id, fen in (("a", "scarf", 9900), ("b", "gloves", 8900), ("c", "coat", 120_000)):
        evening.sale(cue_id, sku_id=product_id, price_fen=fen, quantity=5)
        evening.approve(cue_id)
    first = await sit(evening.shown())
    evening.ok("cue.remove", {"cue_id": "a"})
    await first.show(evening.shown())
    second = await sit(evening.shown())
    keys = [[at.desk.queue.row(cue_id).face.key for cue_id in ("b", "c")] for at in (first, second)]
    assert keys == [["Ctrl+2", "Ctrl+3"]] * 2
    second.press(Qt.Key.Key_3, CTRL)
    assert [data["cue_id"] for _, data in await second.asked()] == ["c"]


async def test_a_blocked_row_has_no_key_either(sit: Any) -> None:
    evening = Evening()
    for cue_id in ("a", "b"):
        evening.sale(cue_id)
        evening.approve(cue_id)
    at = await sit(evening.shown())
    assert not at.desk.queue.row("b").fire.reason
    evening.fire("a")
    await at.show(evening.shown())
    await until(lambda: at.desk.queue.row("b").fire.reason)
    at.press(Qt.Key.Key_2, CTRL)
    await at.nothing_asked()


async def test_on_a_locked_seat_every_key_can_be_tried_and_nothing_is_sent(sit: Any) -> None:
    at = await sit(queue_of(a="approved", b="queued"))
    at.press(Qt.Key.Key_L, CTRL)
    at.desk.show_keys()
    sheet = at.desk.side.sheet
    for key, held, name in (
        (Qt.Key.Key_PageDown, NONE, "PgDn"),
        (Qt.Key.Key_1, CTRL, "Ctrl+1"),
        (Qt.Key.Key_1, CTRL | SHIFT, "Ctrl+Shift+1"),
        (Qt.Key.Key_Return, CTRL, "Ctrl+Enter"),
        (Qt.Key.Key_Backspace, CTRL, "Ctrl+Backspace"),
        (Qt.Key.Key_F12, NONE, "F12"),
    ):
        at.press(key, held)
        assert sheet.heard == f"收到 {name}"
        at.press(key, held, up=True)
    await at.nothing_asked()


async def test_escape_recalls_first_and_then_closes_the_sheet(sit: Any) -> None:
    at = await sit(queue_of(a="recallable"))
    at.desk.sheets.keys()
    at.press(Qt.Key.Key_Escape)
    assert await at.asked() == [("cue.recall", {"cue_id": "a"})]
    assert at.desk.side.sheet is not None
    await at.show(queue_of())
    at.press(Qt.Key.Key_Escape)
    assert at.desk.side.sheet is None


async def test_stopping_by_key_and_a_bag_with_a_reason_only(sit: Any) -> None:
    at = await sit(sample_state())
    cues = at.desk.commands.room.cues
    sale, bag = cues["c-sale"].slot, cues["c-bag"].slot
    at.press(Qt.Key(Qt.Key.Key_0 + sale), CTRL | SHIFT)
    assert await at.asked() == [("cue.stop", {"cue_id": "c-sale"})]
    at.press(Qt.Key(Qt.Key.Key_0 + bag), CTRL | SHIFT)
    sheet = at.desk.side.sheet
    assert not sheet.stop.isEnabled()
    sheet.reason.setText("口令写错了")
    sheet.stop.click()
    await at.asked(2)
    assert at.bus.asked[1] == ("cue.stop", {"cue_id": "c-bag", "reason": "口令写错了"})


async def test_halt_needs_its_second(sit: Any) -> None:
    at = await sit(sample_state())
    at.press(Qt.Key.Key_F12)
    at.press(Qt.Key.Key_F12, up=True)
    await until(lambda: at.desk.strip.halt.progress == 0)
    await at.nothing_asked()
    at.press(Qt.Key.Key_F12)
    assert await at.asked() == [("room.halt", {})]
    at.press(Qt.Key.Key_F12, up=True)


async def test_a_locked_seat_recalls_and_halts_and_nothing_else(sit: Any) -> None:
    at = await sit(queue_of(a="recallable", b="approved"))
    at.press(Qt.Key.Key_L, CTRL)
    at.press(Qt.Key.Key_2, CTRL)
    at.press(Qt.Key.Key_PageDown)
    at.desk.queue.add.click()
    await at.nothing_asked()
    assert at.desk.side.sheet is None
    at.press(Qt.Key.Key_Escape)
    assert [type_ for type_, _ in await at.asked()] == ["cue.recall"]
    at.press(Qt.Key.Key_L, CTRL)
    at.press(Qt.Key.Key_2, CTRL)
    assert [type_ for type_, _ in await at.asked(2)] == ["cue.recall", "cue.fire"]


async def test_a_refusal_is_said_beside_the_row_and_goes_with_the_next_yes(sit: Any) -> None:
    at = await sit(queue_of(a="approved"))
    at.bus.answer = refuse("changed")
    at.press(Qt.Key.Key_1, CTRL)
    await until(lambda: at.desk.queue.row("a").said)
    assert at.desk.queue.row("a").said == "内容已经变了，请再看一眼"
    at.bus.answer = lambda _t, _d: {"ok": True, "seq": 1, "result": {}}
    at.press(Qt.Key.Key_1, CTRL)
    await until(lambda: not at.desk.queue.row("a").said)


async def test_what_belongs_to_no_row_is_said_in_the_notice(sit: Any) -> None:
    at = await sit(queue_of())
    at.bus.answer = refuse("nothing_next")
    at.press(Qt.Key.Key_PageDown)
    await until(lambda: at.desk.notice.said)
    assert at.desk.notice.said == "后面没有商品了"


async def test_a_lost_engine_is_said_and_taken_back(sit: Any) -> None:
    at = await sit(queue_of())
    at.bus.die()
    await until(lambda: "引擎没有回应" in at.desk.notice.said)
    await until(lambda: not at.desk.notice.said)


async def test_an_empty_room_says_what_to_do_and_opens(sit: Any) -> None:
    at = await sit(empty_state())
    assert at.desk.opening.isVisible()
    at.desk.opening.title.setText("秋冬")
    at.desk.opening.open.click()
    assert await at.asked() == [("broadcast.open", {"title": "秋冬"})]


async def test_a_broadcast_is_ended_by_a_hold_that_says_what_it_ends(sit: Any) -> None:
    at = await sit(sample_state())
    over, seconds = at.desk.footer._over, [0.0]
    over._clock = lambda: seconds[0]
    assert "3 个促销在进行" in over.accessibleDescription()
    over.setFocus()
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    release = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(over, press)
    assert "3 个促销在进行" in at.desk.notice.said
    seconds[0] = 1.9
    over.advance()
    QApplication.sendEvent(over, release)
    seconds[0] = 2.5
    over.advance()  # it is up, and no repeat of a held key so far
    await until(lambda: not at.desk.notice.said)
    await at.nothing_asked()
    QApplication.sendEvent(over, press)
    seconds[0] += 2.0
    over.advance()
    assert await at.asked() == [("broadcast.close", {})]


@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
async def test_a_seat_sees_only_the_buttons_of_its_role(sit: Any, role: session.Role) -> None:
    at = await sit(queue_of(role, a="approved"), role)
    everything = role != "assistant"
    assert at.desk.strip.halt.isVisible() == everything
    assert at.desk.cart.next.isVisible() == everything
    assert at.desk.queue.row("a").fire.isVisible() == everything
    assert at.desk.footer._over.isVisible() == everything
    at.press(Qt.Key.Key_1, CTRL)
    at.press(Qt.Key.Key_PageDown)
    at.press(Qt.Key.Key_F12)
    if not everything:
        await at.nothing_asked()


def test_what_a_seat_shows_is_what_the_rules_allow() -> None:
    room = Evening().room
    for role in session.ROLES:
        assert {name for name in COMMANDS if may(role, name, "coupon")} == {
            name for name in COMMANDS if roles.denial(room, role, name, {}) is None
        }
    assert not may("assistant", "cue.stop", "lucky_bag")
    assert not may("viewer", "cart.add")


async def test_leaving_on_air_asks_and_off_air_does_not(sit: Any) -> None:
    at = await sit(sample_state())
    at.shell.close()
    assert at.shell.isVisible()
    at.desk.side.sheet.stay.click()
    await until(at.shell.left.is_set)
    off = await sit(empty_state())
    off.shell.close()
    assert off.shell.left.is_set()


async def test_the_engine_can_be_taken_down_with_the_desk(sit: Any) -> None:
    at = await sit(sample_state())
    at.shell.close()
    at.desk.side.sheet.stop.click()
    await until(at.shell.left.is_set)
    assert at.bus.stopped


async def test_the_strip_says_when_the_keyboard_is_elsewhere(sit: Any) -> None:
    at = await sit(sample_state())
    at.desk.keyboard_here(False)
    assert at.desk.strip.keyboard.isVisible()
    at.desk.keyboard_here(True)
    assert not at.desk.strip.keyboard.isVisible()


async def test_money_never_has_the_focus(sit: Any) -> None:
    at = await sit(sample_state())
    money = [w for w in at.shell.findChildren(QAbstractButton) if isinstance(w, FireButton | HoldButton)]
    assert len(money) > 5
    money.remove(at.desk.footer._over)  # ends a broadcast, spends nothing, and is held
    assert {w.focusPolicy() for w in money} == {Qt.FocusPolicy.NoFocus}
    assert not any(getattr(w, "isDefault", bool)() for w in at.shell.findChildren(QAbstractButton))


async def test_everything_that_can_be_used_has_a_name(sit: Any) -> None:
    evening = running()
    evening.bag("a")
    at = await sit(evening.shown())
    at.desk.sheets.compose()
    used = QAbstractButton | QLineEdit | QPlainTextEdit | QComboBox | QAbstractSpinBox
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in at.shell.findChildren(QWidget)
        if isinstance(widget, used)
        and widget.isVisible()
        and not _inside_another(widget)
        and not _name(widget)
    ]
    assert nameless == []


def _inside_another(widget: QWidget) -> bool:
    return isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QScrollBar)


def _name(widget: QWidget) -> str:
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip()


async def test_text_from_outside_is_letters_everywhere(sit: Any) -> None:
    evil = "<img src=x onerror=1>&amp;\u202eevil"
    evening = Evening(open_=False)
    evening.ok("broadcast.open", {"title": evil, "override": True})
    evening.ok(
        "catalogue.put",
        {
            "products": [
                {"product_id": p, "title": evil, "price_fen": 9900, "stock": 5} for p in ("scarf", "gloves")
            ]
        },
    )
    evening.coupon("a", name=evil)
    evening.ok("cue.reject", {"cue_id": "a", "reason": evil})
    state = evening.shown()
    assert state.catalogue.products[2].title == evil
    at = await sit(state)
    at.bus.say(comment(state.seq + 1, evil, name=evil))
    at.desk.sheets.compose()
    await asyncio.sleep(0.1)
    labels = at.shell.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    shown = [label.text() for label in labels if "onerror" in label.text()]
    assert shown
    assert not any("\u202e" in text for text in shown)
    tips = [w.toolTip() for w in at.shell.findChildren(QWidget) if "onerror" in w.toolTip()]
    assert not any("<img" in tip for tip in tips)
