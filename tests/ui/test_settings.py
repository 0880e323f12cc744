"""设置: what each page shows and asks, what another seat sets meanwhile, who may set, and who is online."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSpinBox, QWidget

from liveconsole import tasks
from liveconsole.advice import limits
from liveconsole.messages.commands import RECALL_MOST
from liveconsole.messages.state import ListState, SeatState, State
from tests.ui.committed import NOW, wire
from tests.ui.fake_bus import FakeBus, until
from tests.ui.fingers import stroke
from tests.ui.layout.rules import faults
from tests.ui.rooms import queue_of, sample_state
from tests.ui.sitting import Sitting, joined
from tests.ui.test_desk import AtDesk
from ui import i18n, preferences, theme
from ui.panels.health import HealthPanel
from ui.preferences import Preferences
from ui.preferences.list_pages import facts_of
from ui.preferences.setting import NumberSetting
from ui.preferences.window import SettingsWindow
from ui.seat import session
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.widgets import PlainLabel
from ui.words.online import online_words

pytestmark = pytest.mark.usefixtures("dressed")


class AtSettings(AtDesk):
    """A desk whose settings are open."""

    @property
    def window(self) -> SettingsWindow:
        assert self.shell.settings is not None
        return self.shell.settings

    async def open(self, base: Any) -> None:
        await super().open(base)
        assert self.shell.toggle_settings()


class AloneAtSettings:
    """The window alone, over a seat."""

    def __init__(self, state: State) -> None:
        self.bus = FakeBus(state)

        async def join() -> FakeBus:
            return self.bus

        self.seat = Seat(join)
        self._living = tasks.spawn(self.seat.run(), name="seat")

    async def open(self, role: str, folder: Path | None) -> None:
        await until(lambda: self.seat.state is not None)
        self.window = SettingsWindow(self.seat, role, folder=folder)
        self.window.show()

    async def close(self) -> None:
        self.window.deleteLater()
        await self.seat.close()
        await tasks.cancel_all([self._living])

    async def show(self, state: State) -> None:
        """The room becomes this, as after an event."""
        seq = self.bus.now_state.seq + 1
        self.bus.now_state = replace(state, seq=seq)
        self.bus.say({"seq": seq, "type": "room.set", "at": wire(NOW), "actor": "host", "data": {}})
        await until(lambda: self.seat.state is not None and self.seat.state.seq == seq)
        self.seat.frame()

    async def set_elsewhere(self, **values: Any) -> None:
        """Another seat sets something."""
        state = self.bus.now_state
        await self.show(replace(state, room=replace(state.room, **values)))

    async def asked(self) -> tuple[str, dict[str, Any]]:
        """What was asked for first."""
        await until(lambda: self.bus.asked)
        return self.bus.asked[0]


@pytest_asyncio.fixture
async def alone(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Any]:
    made: list[AloneAtSettings] = []

    async def open_(
        role: session.Role = "host", state: State | None = None, folder: Path | None = None
    ) -> AloneAtSettings:
        made.append(AloneAtSettings(state or sample_state()))
        await made[-1].open(role, folder)
        return made[-1]

    before = preferences.current()
    preferences.use(Preferences(tmp_path)).sounds.on = False
    yield open_
    for each in made:
        await each.close()
    preferences.current().flush()
    preferences.use(before)


@pytest_asyncio.fixture
async def opened(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Any]:
    made: list[AtSettings] = []

    async def open_(role: session.Role = "host", state: State | None = None) -> AtSettings:
        made.append(AtSettings(role, state or sample_state()))
        await made[-1].open(tmp_path)
        return made[-1]

    before = preferences.current()
    preferences.use(Preferences(tmp_path)).sounds.on = False
    yield open_
    for each in made:
        await each.shell.leave()
        each.shell.deleteLater()
    preferences.current().flush()
    preferences.use(before)


def typed(entry: QSpinBox | QLineEdit, text: str, qtbot: Any) -> None:
    entry.selectAll()
    qtbot.keyClicks(entry, text)


def words_in(top: QWidget) -> list[str]:
    return [label.text() for label in top.findChildren(PlainLabel) if label.text()]


def refused(code: str, **params: Any) -> Any:
    return lambda _type, _data: {"ok": False, "code": code, "params": params, "text": ""}


def with_health(state: State, **fields: Any) -> State:
    return replace(state, health=replace(state.health, **fields))


# The window -------------------------------------------------------------------------------------------


async def test_one_key_opens_and_closes_it_and_esc_closes_it(opened: Any) -> None:
    at = await opened()
    assert at.window.isVisible()
    at.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert at.shell.settings is None
    at.press(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    QCoreApplication.sendEvent(
        at.window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    )
    assert at.shell.settings is None
    at.desk.footer.look_wanted.emit()
    assert at.window.isVisible()


async def test_the_keys_of_the_desk_act_from_here_too(opened: Any) -> None:
    at = await opened("host", queue_of("host", a="approved", b="recallable"))
    at.window.activateWindow()
    await until(lambda: QApplication.focusWindow() is at.window.windowHandle())

    def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(at.window.windowHandle(), stroke(kind, key, held))

    press(Qt.Key.Key_Escape)  # what can be taken back comes before the window
    assert at.window.isVisible()
    assert (await at.asked())[0] == ("cue.recall", {"cue_id": "b"})
    press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert [type_ for type_, _ in await at.asked(2)] == ["cue.recall", "cue.fire"]


async def test_every_control_of_every_page_has_a_name_and_is_reached_by_keys(alone: Any) -> None:
    at = await alone()
    window: SettingsWindow = at.window
    window.resize(QSize(640, 400))
    seen = 0
    for number in range(len(window.pages)):
        window.go(number)
        page = window.pages[number]
        assert page.accessibleName()
        area = page.parentWidget()
        assert area is not None
        assert page.minimumSizeHint().width() <= area.width(), page.accessibleName()
        for each in page.findChildren(QWidget):
            inner = isinstance(each.parentWidget(), QSpinBox)
            if isinstance(each, QAbstractButton | QLineEdit | QSpinBox) and each.isVisible() and not inner:
                assert each.accessibleName(), each
                assert each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.accessibleName()
                seen += 1
    assert seen > 40
    assert len({name.text() for name in window.names}) == len(window.pages)


# The room ---------------------------------------------------------------------------------------------


async def test_a_number_is_asked_for_by_enter_and_saved_is_said_behind_the_answer(
    alone: Any, qtbot: Any
) -> None:
    at = await alone()
    recall = at.window.room.settings["recall_seconds"]
    typed(recall.entry, "7", qtbot)
    assert at.bus.asked == []
    qtbot.keyClick(recall.entry, Qt.Key.Key_Return)
    assert "已保存" not in recall.answered
    assert await at.asked() == ("room.set", {"recall_seconds": 7})
    await until(lambda: recall.answered == "已保存")
    await at.set_elsewhere(recall_seconds=7)
    assert recall.answered == "已保存"
    await at.set_elsewhere(recall_seconds=4)
    assert recall.entry.value() == 4
    assert recall.answered != "已保存", "that was another change"


async def test_what_is_being_typed_is_not_taken_away_by_another_seat(alone: Any, qtbot: Any) -> None:
    at = await alone()
    hold = at.window.room.settings["hold_seconds"]
    typed(hold.entry, "60", qtbot)
    await at.set_elsewhere(hold_seconds=1200, recall_seconds=9)
    assert hold.entry.text().startswith("60")
    assert "1,200" in hold.answered
    assert at.window.room.settings["recall_seconds"].entry.value() == 9, "the others follow at once"
    # Esc gives it up and closes nothing yet.
    qtbot.keyClick(hold.entry, Qt.Key.Key_Escape)
    assert at.window.isVisible()
    assert hold.entry.value() == 1200
    assert at.bus.asked == []


async def test_without_asking_whether_somebody_types_the_number_would_be_gone(
    alone: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above: it sees the fault."""
    monkeypatch.setattr(NumberSetting, "editing", lambda _self: False)
    at = await alone()
    hold = at.window.room.settings["hold_seconds"]
    typed(hold.entry, "60", qtbot)
    await at.set_elsewhere(hold_seconds=1200)
    assert hold.entry.value() == 1200


async def test_a_refusal_stands_beside_what_was_asked_for(alone: Any, qtbot: Any) -> None:
    at = await alone()
    page = at.window.room
    at.bus.answer = refused("no_public_randomness")
    randomness = page.settings["randomness"]
    randomness.chips[1].click()
    await until(lambda: "pyblst" in randomness.answered)
    assert [chip.isChecked() for chip in randomness.chips] == [True, False], "nothing stands yet"
    assert all("pyblst" not in other.answered for other in page.settings.values() if other is not randomness)
    title = page.settings["title"]
    at.bus.answer = refused("too_long", field="title", limit=5)
    typed(title.typed, "Cashmere", qtbot)
    qtbot.keyClick(title.typed, Qt.Key.Key_Return)
    await until(lambda: title.answered != "")
    assert title.typed.text() == "Cashmere", "it stays to be mended"


async def test_bounds_are_the_engines_own_and_zero_waits_for_ever(alone: Any, qtbot: Any) -> None:
    state = sample_state()
    at = await alone("host", replace(state, room=replace(state.room, proposal_seconds=60)))
    page = at.window.room
    assert page.settings["recall_seconds"].entry.maximum() == RECALL_MOST
    waits = page.settings["proposal_seconds"]
    typed(waits.entry, "0", qtbot)
    qtbot.keyClick(waits.entry, Qt.Key.Key_Return)
    assert await at.asked() == ("room.set", {"proposal_seconds": None})


async def test_a_coupon_of_the_shop_that_is_refused_stays_to_be_mended(alone: Any, qtbot: Any) -> None:
    at = await alone()
    coupons = at.window.room.coupons
    typed(coupons.off, "20", qtbot)
    at.bus.answer = refused("below_price_floor", sku_id="scarf")
    coupons.add.click()
    asked = await at.asked()
    assert asked[1]["shop_coupons"][-1]["rule"]["off_fen"] == 2000
    await until(coupons._said.text)
    assert coupons.off.text() == "20"
    at.bus.answer = lambda _type, _data: {"ok": True, "seq": 1, "result": {}}
    coupons.add.click()
    await until(lambda: coupons.off.text() == "")
    assert coupons._said.text() == ""


async def test_an_assistant_sees_every_value_and_sets_none(alone: Any) -> None:
    at = await alone("assistant")
    page = at.window.room
    for name, setting in page.settings.items():
        assert not [
            each for each in setting.findChildren(QWidget)
            if isinstance(each, QAbstractButton | QLineEdit | QSpinBox) and each.isVisibleTo(page)
        ], name  # fmt: skip
        assert setting.plain.text() not in ("", "—")
    assert "只看" in page.rights.text()
    assert page.settings["recall_seconds"].plain.text() == "3 秒"


async def test_a_locked_seat_sets_nothing(opened: Any) -> None:
    at = await opened()
    at.desk.lock()
    four = at.window.room.settings["four_eyes"]
    four.chips[1].click()
    assert "锁定" in four.answered
    await at.nothing_asked()
    at.desk.lock()
    four.chips[1].click()
    assert (await at.asked())[0] == ("room.set", {"four_eyes": True})


# Sources ----------------------------------------------------------------------------------------------


async def test_a_source_is_turned_on_here_and_stays_on_at_the_next_start(
    opened: Any, qtbot: Any, tmp_path: Path
) -> None:
    capture: dict[str, dict[str, Any]] = {"oba": {"state": "off"}, "wxlivespy": {"state": "port_taken"}}
    state = with_health(sample_state(), capture=capture)
    at = await opened("host", replace(state, room=replace(state.room, simulated=False, sources={})))
    at.shell._remember(session.StartChoice("manual", "host", checked=True))
    page = at.window.sources
    assert set(page.captures) == {"oba", "wxlivespy"}
    assert "占着" in page.captures["wxlivespy"].state.text()
    switch = page.captures["oba"].switch
    switch.click()
    assert not switch.isChecked(), "it stands once the engine has it"
    assert (await at.asked())[0] == ("room.set", {"sources": {"oba": True}})
    await until(switch.isChecked)
    choice = session.load(tmp_path).choice
    assert choice is not None
    assert choice.sources == {"oba": True}
    health = HealthPanel()  # the same facts in the same rows
    qtbot.addWidget(health)
    health.show_state(RoomView(at.bus.now_state), at.shell.seat.now())
    at.window.sources.show_room(RoomView(at.bus.now_state), at.shell.seat.now())
    assert words_in(page.list) == words_in(health.sources) != []


# Who is online ----------------------------------------------------------------------------------------


async def test_who_is_online_stands_in_the_settings_and_in_the_footer(opened: Any) -> None:
    at = await opened()
    own = at.shell.seat.id
    here = [
        SeatState("assistant", NOW - timedelta(minutes=3), "小林", "b"),
        SeatState("host", NOW - timedelta(minutes=1), "云朵", own),
    ]
    await at.show(with_health(at.bus.now_state, seats=here))
    at.shell.seat.frame()
    rows = at.window.online.rows
    assert [(row.name.text(), row.role.text()) for row in rows] == [
        ("云朵", "主播 · 本窗口"), ("小林", "助理"),
    ]  # fmt: skip
    assert at.desk.footer._seat.text() == "云朵（主播，本窗口） · 小林（助理） 在线"
    await at.show(with_health(at.bus.now_state, seats=here[1:]))
    at.shell.seat.frame()
    assert at.desk.footer._seat.text() == "云朵（主播，本窗口） 在线"
    assert [row.name.isVisibleTo(at.window.online) for row in rows] == [True, False]


async def test_a_name_from_outside_is_shown_as_plain_letters(alone: Any) -> None:
    at = await alone()
    name = "<b>x</b>\u202e&\n"
    await at.show(with_health(at.bus.now_state, seats=[SeatState("producer-x", NOW, name, "c")]))
    row = at.window.online.rows[0]
    assert (row.name.text().strip(), row.role.text()) == ("<b>x</b>&", "producer-x")
    assert "\u202e" not in online_words(at.seat.state.health.seats, "")


def test_of_many_three_are_named_and_the_rest_counted() -> None:
    seats = [SeatState("viewer", NOW, f"窗口{n}", str(n)) for n in range(6)]
    assert online_words([], "x") == ""
    words = online_words(seats, "5", more=4)
    assert words == "窗口5（只读，本窗口） · 窗口0（只读） · 窗口1（只读） 等 10 个席位在线"


async def test_a_name_is_told_over_the_same_connection_and_remembered(
    opened: Any, qtbot: Any, tmp_path: Path
) -> None:
    at = await opened()
    at.shell._remember(session.StartChoice("manual", "host", checked=True))
    assert at.bus.introduced == [(at.shell.seat.id, "")]
    entry = at.window.computer.name
    typed(entry, "  Yun  Duo ", qtbot)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    await until(lambda: len(at.bus.introduced) == 2)
    assert at.bus.introduced[1] == (at.shell.seat.id, "Yun Duo")
    kept = session.load(tmp_path)
    assert kept.choice is not None
    assert kept.choice.name == kept.name == "Yun Duo"


async def test_another_seat_is_chosen_from_here_and_can_be_given_up(opened: Any) -> None:
    at = await opened()
    desk = at.shell.desk
    at.window.computer.change.click()
    assert at.shell.settings is None
    assert at.shell.welcome is not None
    at.shell.welcome.stay.click()
    assert at.shell.pages.currentWidget() is desk


# Files ------------------------------------------------------------------------------------------------


async def test_the_pages_say_what_is_read_and_open_a_copy(
    alone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[str] = []

    def open_url(url: QUrl) -> bool:
        files.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    at = await alone("host", None, preferences.current().base)
    lists = [ListState("limits/wechat.toml", 9, checked=date(2026, 8, 1))]
    await at.show(with_health(at.bus.now_state, lists=lists))
    row = at.window.limits.rows["limits/wechat.toml"]
    assert row.facts.text() == "9 条 · 2026-08-01 核对过"
    assert not row.folder.isEnabled(), "there is no own copy yet"
    row.edit.click()
    base = preferences.current().base
    assert base is not None
    assert files == [str(limits.path(base))]
    assert (base / "limits" / "wechat.toml").exists()
    questions = at.window.lists.rows["questions.toml"]
    await until(lambda: "条" in questions.facts.text())
    assert questions.place.text() == "程序自带的一份"
    (base / "questions.toml").write_text("[[group]\n", "utf-8")
    states = at.bus.states
    at.window.lists.again.click()
    await until(lambda: questions.facts.text().startswith("用不了"))
    await until(lambda: at.bus.states > states)
    assert questions.place.text() == str(base / "questions.toml")


async def test_at_an_engine_elsewhere_its_lists_are_not_edited_from_here(alone: Any) -> None:
    at = await alone()  # no folder
    lists = at.window.lists
    assert not lists.rows["words/absolute.txt"].edit.isEnabled()
    assert lists.rows["questions.toml"].edit.isEnabled(), "the desk reads that itself"


def test_old_figures_are_amber_and_a_broken_file_is_red() -> None:
    made = ListState("limits/wechat.toml", 9, True, datetime(2026, 11, 1, tzinfo=UTC), date(2026, 8, 1))
    assert facts_of(made)[1] == "fg1"
    words, tone = facts_of(replace(made, old=True))
    assert (tone, "90 天" in words) == ("warn", True)
    assert facts_of(replace(made, old=True, wrong="line 3"))[1] == "live"


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("zh", 2.0), ("en", 1.5), ("en", 2.0)])
async def test_every_page_is_laid_out_whole_at_the_smallest_window(
    qapp: QApplication, language: str, scale: float
) -> None:
    """With names, broken and old files, at the least size of the window and at that of a small screen."""
    i18n.use(language)
    theme.apply(qapp, text_scale=scale)
    async with joined(Sitting()) as at:
        seats = [SeatState("host", NOW, "云朵", at.seat.id), SeatState("assistant", NOW, "小林", "b")]
        wrong = ListState("words/allow.txt", 9, True, NOW, wrong="line 3: " + "a word too many " * 9)
        old = ListState("limits/wechat.toml", 9, True, NOW, date(2026, 8, 1), old=True)
        at.seat.state = with_health(sample_state(), seats=seats, lists=[wrong, old])
        window = SettingsWindow(at.seat, "host")
        window.show()
        for size in (QSize(640, 400), QSize(944, 480)):
            window.resize(size)
            for number, page in enumerate(window.pages):
                window.go(number)
                for _ in range(3):
                    QApplication.sendPostedEvents()
                assert [str(fault) for fault in faults(window)] == [], (size.toTuple(), page.TITLE)
                assert page.height() >= page.body.totalHeightForWidth(page.width()), page.TITLE
                assert page.body.totalMinimumSize().width() <= page.width(), page.TITLE
        # What the rules would say of a page that is lower than what stands on it.
        window.overlay.setMaximumHeight(60)
        window.go(window.pages.index(window.overlay))
        QApplication.sendPostedEvents()
        assert faults(window) != []
        window.deleteLater()
    i18n.use("zh")
    theme.apply(qapp)
