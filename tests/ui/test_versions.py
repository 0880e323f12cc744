"""Desk and engine of different versions: an upgrade under both, and two that do not understand each other."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from liveconsole import __version__, tasks
from liveconsole.bus.client import Client
from liveconsole.bus.errors import OtherVersion
from liveconsole.bus.wire import NOW_HEADER, WireAnswer
from liveconsole.cli import joining
from liveconsole.exits import Exit
from liveconsole.messages.cases import CasePage
from liveconsole.messages.state import State
from tests.ui.fake_bus import FakeBus, until
from tests.ui.rooms import sample_state
from tests.ui.sitting import Sitting, joined
from tests.ui.test_desk import AtDesk
from ui import i18n
from ui.preferences import Preferences
from ui.preferences.installed_watch import InstalledWatch
from ui.preferences.updates import UpdatePage
from ui.seat import seat as seats
from ui.seat.elsewhere import lost_why
from ui.seat.join import _greeted
from ui.seat.seat import Seat
from ui.seat.told import as_told
from ui.windows.customers.reading import CustomerReading
from ui.windows.prepare.window import PrepareWindow
from ui.words.lost import version_words

pytestmark = pytest.mark.usefixtures("dressed")
NEWER = "99.0.0"
ROOT = Path(__file__).resolve().parents[2]


class OtherEngine:
    """A way to an engine whose state has the given fields; what it says of itself is its version alone."""

    url, far, late = "http://127.0.0.1:1", False, False

    def __init__(self, body: dict[str, Any], version: str = NEWER) -> None:
        self.body, self.version = body, version
        self.asked: list[Mapping[str, str]] = []

    async def health(self) -> dict[str, Any]:
        return {"version": self.version}

    async def call(self, _method: str, path: str, **how: Any) -> WireAnswer:
        self.asked.append(how.get("params") or {})
        body = msgspec.json.encode(self.body if path == "/v1/state" else 7)
        return WireAnswer(200, body, {NOW_HEADER: datetime.now(UTC).isoformat()})

    async def close(self) -> None:
        pass


def body() -> dict[str, Any]:
    return dict(msgspec.to_builtins(sample_state()))


async def joined_to(engine: OtherEngine) -> State | OtherVersion:
    """What a seat comes to: the state, or why there is none."""
    seat = Seat(lambda: _greeted(Client(wire=engine)))  # type: ignore[arg-type]
    try:
        client = await _greeted(Client(wire=engine))  # type: ignore[arg-type]
        await seat._fetch(client)
    except OtherVersion as why:
        return why
    assert seat._known is not None
    return seat._known


# Who understands whom -------------------------------------------------------------------------------


async def test_a_newer_engine_with_more_to_say_is_understood() -> None:
    more = body() | {"holograms": [1]}
    more["health"] = {**more["health"], "version": NEWER, "warp": 9}
    more["revisions"] = {**more["revisions"], "holograms": 4}
    state = await joined_to(OtherEngine(more))
    assert isinstance(state, State)
    assert state.health.version == NEWER


async def test_an_older_engine_without_what_came_later_is_understood() -> None:
    """Its body was asked for whole, and asking again for what it does not have would never end."""
    less = body()
    for late in ("law", "sharing", "stories"):
        del less[late]
        del less["revisions"][late]
    engine = OtherEngine(less, "0.1.0")
    state = await joined_to(engine)
    assert isinstance(state, State)
    assert state.stories == State.__struct_defaults__[-1]
    assert len(engine.asked) == 2, "once to be let in, once for the seat"


@pytest.mark.parametrize("lacking", ["orders", "health", "revisions"])
async def test_one_that_lacks_what_is_needed_is_refused_with_its_version(lacking: str) -> None:
    less = body()
    del less[lacking]
    engine = OtherEngine(less, "0.1.0")
    why = await joined_to(engine)
    assert isinstance(why, OtherVersion)
    assert why.engine in ("0.1.0", "")
    assert len(engine.asked) <= 2


async def test_one_that_says_it_otherwise_is_refused_with_its_version() -> None:
    other = body()
    other["seq"] = {"now": "an object"}
    why = await joined_to(OtherEngine(other))
    assert isinstance(why, OtherVersion)
    assert why.engine == NEWER
    strange = await joined_to(OtherEngine(other, "<b>\u202e" * 40))
    assert isinstance(strange, OtherVersion)
    assert strange.engine == "", "what is no version is not shown as one"


async def test_other_answers_of_a_type_of_ours_are_refused_the_same_way() -> None:
    async with Client(wire=OtherEngine(body())) as client:  # type: ignore[arg-type]
        for asked in (client.share(), client.shop_differences(), client.act("obs", "check")):
            with pytest.raises(OtherVersion):
                await asked
    seat = Seat(lambda: _greeted(client))
    seat._client = client
    assert await seat.viewer("v1") is None


def test_a_command_says_it_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert joining.complain(OtherVersion(NEWER)) == Exit.FAILED
    said = capsys.readouterr().err
    assert f"引擎是 {NEWER} 版，这里是 {__version__} 版" in said
    assert f"The engine is version {NEWER}, this is {__version__}" in said


async def test_a_seat_says_it_goes_on_trying_and_joins_when_they_understand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seats, "_WAITS", (0.01,))
    strange = OtherEngine(body() | {"seq": "many"})
    bus, owner, said, tries = FakeBus(sample_state()), QObject(), [], []

    async def join() -> Any:
        tries.append(1)
        return await _greeted(Client(wire=strange)) if len(tries) < 3 else bus  # type: ignore[arg-type]

    seat = Seat(join)
    seat.on_link(owner, lambda state, why: said.append((state, version_words(why))))
    living = tasks.spawn(seat.run(), name="seat")
    await until(lambda: seat.link == "live")
    assert [state for state, _ in said] == ["lost", "lost", "live"]
    assert NEWER in said[0][1]
    assert __version__ in said[0][1]
    await seat.close()
    await tasks.cancel_all([living])


async def test_a_state_that_is_not_understood_any_more_is_no_live_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands there would grow old under a sign that says it is live."""
    monkeypatch.setattr(seats, "_WAITS", (0.01,))

    class Turning(FakeBus):
        strange = False

        async def state_part(self, have: str = "") -> Any:
            if self.strange:
                raise OtherVersion(NEWER)
            return await super().state_part(have)

        async def close(self) -> None:
            self.die()

    bus, owner, said = Turning(sample_state()), QObject(), []

    async def join() -> Any:
        return await _greeted(bus)

    seat = Seat(join)
    seat.on_link(owner, lambda _state, why: said.append(why))
    living = tasks.spawn(seat.run(), name="seat")
    await until(lambda: seat.link == "live")
    bus.strange = True
    seat.look_again()
    await until(lambda: any(version_words(why) for why in said))
    assert seat.link == "lost"
    await seat.close()
    await tasks.cancel_all([living])


# An upgrade under them ------------------------------------------------------------------------------


async def test_what_is_installed_counts_when_it_was_seen_twice(qapp: QApplication) -> None:
    on_disk, moved = [__version__], []
    watch = InstalledWatch(read=lambda: on_disk[0])
    watch.moved.connect(lambda: moved.append(watch.newer))
    for version, told in ((NEWER, ""), ("99.0.1", ""), ("99.0.1", "99.0.1"), ("", "99.0.1"), ("", "")):
        on_disk[0] = version
        await watch._look()
        assert watch.newer == told
    assert moved == ["99.0.1", ""]
    on_disk[0] = "0.0.1"
    for _ in range(2):
        await watch._look()
    assert watch.newer == "", "an older one is nothing to start anew for"


async def test_a_disk_that_does_not_answer_is_waited_for_once(qapp: QApplication) -> None:
    goes_on, asked = threading.Event(), []

    def read() -> str:
        asked.append(threading.current_thread())
        assert goes_on.wait(20)
        return NEWER

    watch = InstalledWatch(read=read)
    try:
        for _ in range(5):
            watch.look()
            await asyncio.sleep(0)
        await until(lambda: asked)
        watch.look()
        await asyncio.sleep(0.05)
        assert len(asked) == 1
    finally:
        goes_on.set()
    await until(lambda: watch._looking is not None and watch._looking.done())
    watch.look()
    await until(lambda: watch.newer == NEWER)
    assert len(asked) == 2


async def opened(folder: Path, status: str, *, engine: str = __version__, role: Any = "host") -> AtDesk:
    state = sample_state()
    state = replace(
        state,
        broadcast=replace(state.broadcast, status=status),
        health=replace(state.health, version=engine),
        cues=[cue for cue in state.cues if cue.status not in ("on_air", "firing", "recallable", "unknown")],
    )
    desk = AtDesk(role, state)
    await desk.open(folder)
    return desk


def installed(eyes: Preferences, version: str) -> None:
    eyes.installed.newer = version
    eyes.installed.moved.emit()


async def left(desk: AtDesk) -> None:
    await desk.shell.leave()
    desk.shell.deleteLater()


async def test_off_air_a_restart_is_offered_and_the_desk_comes_up_again(
    eyes: Preferences, tmp_path: Path
) -> None:
    desk = await opened(tmp_path, "closed")
    assert desk.desk is not None
    hint = desk.desk.opening.versions
    assert hint.isHidden()
    installed(eyes, NEWER)
    assert hint.isVisible()
    assert NEWER in hint.words.text()
    assert hint.again.isVisible()
    hint.again.click()
    await until(desk.shell.left.is_set)
    assert desk.shell.again
    assert not desk.bus.stopped, "its engine is elsewhere: this desk has no folder"
    await left(desk)


async def test_on_air_nothing_is_offered_and_no_press_that_came_late_ends_anything(
    eyes: Preferences, tmp_path: Path
) -> None:
    desk = await opened(tmp_path, "open")
    assert desk.desk is not None
    installed(eyes, NEWER)
    hint = desk.desk.opening.versions
    assert not hint.isVisible()
    assert hint.again.isHidden()
    hint.again.clicked.emit()
    assert not desk.shell.again
    assert not desk.shell.left.is_set()
    await left(desk)


async def test_an_older_engine_of_this_computer_is_started_anew_by_its_host_alone(
    eyes: Preferences, tmp_path: Path
) -> None:
    for role, may in (("host", True), ("assistant", False)):
        desk = await opened(tmp_path, "closed", engine="0.1.0", role=role)
        assert desk.desk is not None
        hint = desk.desk.opening.versions
        assert hint.isHidden(), "of an engine elsewhere this computer's package says nothing"
        desk.desk.versions._here = True
        desk.desk.versions._show()
        assert "0.1.0" in hint.words.text()
        assert hint.again.isVisible() is may
        if may:
            hint.again.click()
            stopped = partial(getattr, desk.bus, "stopped")
            await until(stopped)
            assert not desk.shell.left.is_set(), "the desk stays, and joins it again"
            assert not desk.shell.seat._closed  # type: ignore[union-attr]
        await left(desk)


async def test_a_restart_takes_an_engine_of_this_computer_with_it(eyes: Preferences, tmp_path: Path) -> None:
    desk = await opened(tmp_path, "closed")
    assert desk.desk is not None
    desk.desk.versions._here = True
    installed(eyes, NEWER)
    desk.desk.opening.versions.again.click()
    await until(desk.shell.left.is_set)
    assert desk.bus.stopped
    assert desk.shell.again
    await left(desk)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_where_they_do_not_understand_each_other_the_desk_says_so_and_offers_what_helps(
    eyes: Preferences, tmp_path: Path, language: str
) -> None:
    i18n.use(language)
    desk = await opened(tmp_path, "closed")
    assert desk.desk is not None
    assert desk.shell.seat is not None
    desk.shell.seat._say("lost", lost_why(OtherVersion(NEWER)))
    notice = desk.desk.notice
    assert NEWER in notice.said
    assert __version__ in notice.said
    assert NEWER in desk.desk.footer._link.text()
    assert notice._act.isHidden(), "to start this program again changes nothing"
    installed(eyes, NEWER)
    desk.shell.seat._say("lost", lost_why(OtherVersion(NEWER)))
    notice._act.click()
    await until(desk.shell.left.is_set)
    assert desk.shell.again
    await left(desk)


def test_the_page_of_updates_says_it_on_air_too_to_whoever_opens_it(eyes: Preferences, qtbot: Any) -> None:
    page = UpdatePage()
    qtbot.addWidget(page)
    before = page.said.text()
    installed(eyes, NEWER)
    assert page.said.text().splitlines()[0].startswith(f"新版本 {NEWER} 已经装好")
    installed(eyes, "")
    assert page.said.text() == before


# What books say ---------------------------------------------------------------------------------------


def test_an_answer_that_cannot_be_read_is_none(caplog: pytest.LogCaptureFixture) -> None:
    assert as_told(None, CasePage) is None
    assert caplog.records == []
    assert as_told({"counts": "many"}, CasePage) is None
    assert ["no CasePage" in line.message for line in caplog.records] == [True]
    assert as_told([1, 2], list[int]) == [1, 2]


def test_every_answer_of_a_book_is_read_by_it() -> None:
    """As an exception it would end the reader's task, and its window would stand still without a word."""
    bare = re.compile(r"msgspec\.convert\W+(told|found|answer|await)\b")
    files = [path for path in sorted((ROOT / "ui").rglob("*.py")) if path.parent != ROOT / "ui" / "seat"]
    assert len(files) > 200
    assert [path.name for path in files if bare.search(path.read_text("utf-8"))] == []
    assert bare.search("page = msgspec.convert(told, CasePage)")
    assert bare.search("await asyncio.to_thread(msgspec.convert, told, BoardPage)")


async def test_a_window_whose_book_says_it_otherwise_says_that_it_cannot_be_read() -> None:
    async with joined(Sitting()) as at:
        lost: list[bool] = []
        for name in ("customers", "prepare"):
            at.bus.books_told[name] = lambda _query: {"rows": "a word", "page": 3}
        reading = CustomerReading(at.seat)
        reading.lost.connect(lambda: lost.append(True))
        await reading._page(reading._turn, 0)
        assert lost == [True]
        window = PrepareWindow(at.seat, "host")
        await window._ask()
        assert "读不到" in window.line.text()
        window.deleteLater()
        reading.deleteLater()
