"""更新 at the desk: nothing before a yes, nothing on air, one line off air, only the release host's page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from liveconsole.paths import FolderNewer
from liveconsole.updates import checking, fetching, kept
from liveconsole.updates.notice import UpdateRefused
from tests.ui.fake_bus import until
from tests.ui.layout.rules import faults
from tests.ui.rooms import sample_state
from tests.ui.sitting import Sitting, joined
from tests.ui.test_desk import AtDesk
from tests.unit.updates.made_notices import SOURCE, signed
from ui import i18n, theme
from ui.preferences import Preferences
from ui.preferences.about import AboutPage
from ui.preferences.updates import UpdatePage
from ui.preferences.window import SettingsWindow
from ui.program.refused import RefusedWindow
from ui.windows.update_hint import UpdateHint

pytestmark = pytest.mark.usefixtures("dressed")


class ReleaseHost:
    """What the release host answers, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.on_air = 0
        self.opened: list[str] = []
        now = datetime.now(UTC)
        self.says: dict[str, Any] = {"date": now - timedelta(hours=1), "expires": now + timedelta(days=3)}
        self.fails = ""

    async def fetch(self, _address: str) -> bytes:
        self.asked += 1
        if self.fails:
            raise UpdateRefused(self.fails)
        return signed(**self.says)

    def open(self, url: QUrl) -> bool:
        self.opened.append(url.toString())
        return True

    async def rooms(self, _base: Path) -> int:
        return self.on_air


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> ReleaseHost:
    made = ReleaseHost()
    monkeypatch.setattr(fetching, "fetch", made.fetch)
    monkeypatch.setattr(checking, "rooms_on_air", made.rooms)
    monkeypatch.setattr(checking, "built_in", lambda: SOURCE)
    monkeypatch.setattr(QDesktopServices, "openUrl", made.open)
    return made


async def rested(eyes: Preferences) -> None:
    await until(lambda: not eyes.updates.asking)


async def test_nobody_is_asked_before_a_yes_and_then_once_a_day(
    eyes: Preferences, host: ReleaseHost, qtbot: Any, tmp_path: Path
) -> None:
    page = UpdatePage()
    qtbot.addWidget(page)
    assert not page.may.isChecked()
    eyes.updates._by_itself()
    await rested(eyes)
    assert host.asked == 0
    page.may.click()
    await until(lambda: host.asked == 1)
    await rested(eyes)
    assert kept.load(tmp_path).agreed
    assert "9.9.9" in page.said.text()
    assert page.notes.text() == "新的\n- 好用"
    eyes.updates._by_itself()
    await rested(eyes)
    assert host.asked == 1
    page.may.click()
    await until(lambda: not kept.load(tmp_path).agreed)
    known = kept.load(tmp_path)
    kept.save(tmp_path, replace(known, asked_at=datetime.now(UTC) - timedelta(days=2)))
    eyes.updates._by_itself()
    await rested(eyes)
    assert host.asked == 1, "a yes can be taken back"


async def test_a_yes_that_is_taken_back_while_it_is_asked_stays_taken_back(
    eyes: Preferences, host: ReleaseHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of the site is kept beside what the person said meanwhile, not over it."""
    goes_on = asyncio.Event()

    async def slow(_address: str) -> bytes:
        await goes_on.wait()
        return await host.fetch(_address)

    monkeypatch.setattr(fetching, "fetch", slow)
    eyes.updates.agree(True)
    await until(lambda: eyes.updates.asking)
    eyes.updates.agree(False)
    await until(lambda: not kept.load(tmp_path).agreed)
    goes_on.set()
    await rested(eyes)
    assert kept.load(tmp_path).notice
    assert not kept.load(tmp_path).agreed
    for yes in (True, False, True, False):
        eyes.updates.agree(yes)
    await until(lambda: not eyes.updates._keeping.locked())
    await asyncio.sleep(0.05)
    assert not kept.load(tmp_path).agreed, "what was said last"


async def test_what_is_new_is_letters_and_the_page_is_opened_by_a_person_alone(
    eyes: Preferences, host: ReleaseHost, qtbot: Any
) -> None:
    lines = "\n".join(f"- 第 {n} 条" + "好" * 60 for n in range(30))
    host.says["notes"] = {"zh": f"<b>粗</b>\u202e倒\n{'长' * 900}\n{lines}", "en": "<b>bold</b>"}
    page = UpdatePage()
    qtbot.addWidget(page)
    assert page.page.isHidden()
    page.ask.click()
    assert not page.ask.isEnabled()
    await rested(eyes)
    assert "<b>粗</b>倒" in page.notes.text()
    assert max(map(len, page.notes.text().splitlines())) <= 200
    assert "第 29 条" in page.notes.text(), "all that is new, not the first 500 characters of it"
    assert host.opened == []
    page.page.click()
    assert host.opened == ["https://release.example/download/9.9.9/"]


async def test_what_is_refused_is_said_where_a_person_asked_and_nowhere_else(
    eyes: Preferences, host: ReleaseHost, qtbot: Any, tmp_path: Path
) -> None:
    host.fails = "no_network"
    kept.save(tmp_path, kept.KeptUpdate(agreed=True))
    page = UpdatePage()
    qtbot.addWidget(page)
    eyes.updates._by_itself()
    await rested(eyes)
    assert (host.asked, page.said.text()) == (1, ""), "silence: nothing of hers is wrong"
    page.ask.click()
    await rested(eyes)
    assert "大概没有网" in page.said.text()
    assert page.ask.isEnabled()
    host.fails = ""
    host.on_air = 2
    page.ask.click()
    await rested(eyes)
    assert "下播以后" in page.said.text()
    assert host.asked == 2


async def test_a_question_that_broke_off_never_says_that_this_is_the_newest(
    eyes: Preferences, host: ReleaseHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_base: Path) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(checking, "rooms_on_air", broken)
    with pytest.raises(ZeroDivisionError):
        await eyes.updates._ask(lambda: checking.look(Path("none")), says=True)
    assert eyes.updates.words == ""
    assert not eyes.updates.asking


async def test_the_line_is_there_off_air_and_nothing_is_asked_while_the_desk_is_on_air(
    eyes: Preferences, host: ReleaseHost, tmp_path: Path, qtbot: Any
) -> None:
    kept.save(tmp_path, kept.KeptUpdate(agreed=True))
    state = sample_state()
    desk = AtDesk("host", state)
    await desk.open(tmp_path)
    assert state.broadcast.status == "open"
    assert desk.shell.desk is not None
    opening = desk.shell.desk.opening
    hint = opening.update_hint
    eyes.updates._by_itself()
    await rested(eyes)
    assert host.asked == 0, "this desk's room is on air, wherever its engine is"
    page = UpdatePage()
    qtbot.addWidget(page)
    page.ask.click()
    await rested(eyes)
    assert "下播以后" in page.said.text()
    await desk.show(replace(state, broadcast=replace(state.broadcast, status="closed")))
    await until(opening.isVisible)
    assert not hint.isVisible()
    eyes.updates._by_itself()
    await rested(eyes)
    assert host.asked == 1
    assert hint.isVisible()
    assert "9.9.9" in hint.words.text()
    hint.more.click()
    assert desk.shell.settings is not None
    assert desk.shell.settings.pages[desk.shell.settings.at] is desk.shell.settings.updates
    await desk.shell.leave()
    desk.shell.deleteLater()


@pytest.mark.parametrize("lacking", ["keys", "address"])
def test_a_build_of_a_publisher_who_set_up_nothing_says_so_and_promises_nothing(
    lacking: str, eyes: Preferences, host: ReleaseHost, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        checking, "built_in", lambda: replace(SOURCE, **{lacking: type(getattr(SOURCE, lacking))()})
    )
    page, about = UpdatePage(), AboutPage()
    for each in (page, about):
        qtbot.addWidget(each)
    assert not page.may.isEnabled()
    assert not page.ask.isEnabled()
    for said in (page.said, about.updates):
        assert "没有设置更新" in said.text()


def test_the_page_of_a_build_that_can_ask_says_where(
    eyes: Preferences, host: ReleaseHost, qtbot: Any
) -> None:
    about = AboutPage()
    qtbot.addWidget(about)
    assert "release.example" in about.updates.text()


def test_a_desk_that_is_gone_holds_nothing_up(eyes: Preferences, qapp: QApplication) -> None:
    hint = UpdateHint()
    hint.show_on_air(True)
    assert eyes.updates._open
    hint.deleteLater()
    qapp.sendPostedEvents(hint, 52)  # QEvent.DeferredDelete
    assert not eyes.updates._open


@pytest.mark.parametrize(("language", "scale"), [("zh", 1.0), ("en", 2.0)])
async def test_both_pages_stand_in_every_size_and_language(
    eyes: Preferences, host: ReleaseHost, qapp: QApplication, language: str, scale: float
) -> None:
    """With an offer that needs another version first, and the window of a program that must not go on."""
    words = FolderNewer("~/.local/share/LiveConsole", "9.1.0").words
    host.says["oldest_schema"] = 9_999
    i18n.use(language)
    theme.apply(qapp, text_scale=scale)
    eyes.updates.look()
    await rested(eyes)
    async with joined(Sitting()) as at:
        settings, refused = SettingsWindow(at.seat, "host"), RefusedWindow(words)
        settings.go_to("update")
        try:
            for widget, size in ((settings, (640, 400)), (settings, (944, 480)), (refused, (1, 1))):
                widget.resize(*size)
                widget.show()
                for _ in range(3):
                    qapp.sendPostedEvents()
                assert [str(fault) for fault in faults(widget)] == [], size
            page = settings.updates
            assert page.page.isVisible()
            assert page.height() >= page.body.totalHeightForWidth(page.width())
        finally:
            settings.deleteLater()
            refused.deleteLater()
            i18n.use("zh")
            theme.apply(qapp)
