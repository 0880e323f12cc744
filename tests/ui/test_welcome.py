"""The first window: three answers of one size, people with names, her shop's face, and Enter that opens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from liveconsole.messages.shop import ShopFace
from tests.ui.fake_bus import until
from tests.ui.layout.rules import faults
from tests.ui.layout.walk import SIZES
from tests.ui.test_firstrun import Started
from tests.ui.test_picture import RED, encoded, plain
from ui import i18n
from ui.seat import session, shop_kept
from ui.seat.session import RealRoom, Remembered, SeatPerson, StartChoice
from ui.seat.shop_kept import MODES, KeptShop
from ui.windows.welcome import Welcome
from ui.windows.welcome import page as welcome_page

FACE = ShopFace("暖屿羊绒", None, "#a0704a")
PEOPLE = [SeatPerson("云朵", "host"), SeatPerson("小林", "assistant")]


@pytest.fixture
def made(dressed: QApplication) -> Iterator[Callable[..., Welcome]]:
    kept: list[Welcome] = []

    def make(
        choice: StartChoice | None = None, then: Callable[[StartChoice], Any] = print, **more: Any
    ) -> Welcome:
        page = Welcome(choice or StartChoice(), then, **more)
        kept.append(page)
        page.resize(1366, 728)
        page.show()
        QApplication.processEvents()
        return page

    yield make
    for page in kept:
        page.deleteLater()


@pytest.fixture
def speak() -> Iterator[Callable[[str], None]]:
    yield i18n.use
    i18n.use("zh")


def scrolls(page: Welcome) -> int:
    """How far the questions can be scrolled."""
    area = page._pages.currentWidget()
    assert isinstance(area, QScrollArea)
    return area.verticalScrollBar().maximum()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_whole_in_every_size_and_choosing_changes_none(
    made: Callable[..., Welcome], speak: Callable[[str], None], language: str
) -> None:
    speak(language)
    page = made(people=PEOPLE, shop=KeptShop(FACE), keep_shop=print, first=True, stay=print)
    for size in SIZES:
        page.resize(*size)
        for _ in range(3):
            QApplication.processEvents()
        shapes = set()
        for mode in MODES:
            page.choose(mode)
            QApplication.processEvents()
            assert [str(fault) for fault in faults(page)] == [], (size, mode)
            assert scrolls(page) == 0, f"{size}: it scrolls"
            rooms = [card.geometry() for card in page._modes.values()]
            wide = [room.width() for room in rooms]
            assert max(wide) - min(wide) <= 1, "three equal cards"
            assert len({room.height() for room in rooms}) == 1, "three equal cards"
            placed = (*rooms, page.people.geometry(), page.begin.geometry())
            shapes.add(tuple((room.x(), room.y(), room.width(), room.height()) for room in placed))
        assert len(shapes) == 1, size


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_way_to_another_computers_room_is_whole_in_every_size(
    made: Callable[..., Welcome], speak: Callable[[str], None], language: str, tmp_path: Path
) -> None:
    speak(language)
    page = made(people=PEOPLE, stay=print, elsewhere=(tmp_path, print))
    assert page.joining is not None
    for size in SIZES:
        page.resize(*size)
        for _ in range(3):
            QApplication.processEvents()
        assert [str(fault) for fault in faults(page)] == [], size
        page._pages.setCurrentIndex(2)
        page.joining._show_digits("483291")
        for _ in range(3):
            QApplication.processEvents()
        assert [str(fault) for fault in faults(page)] == [], size
        page._pages.setCurrentIndex(0)


def test_twin_a_card_that_grew_is_seen_to_scroll(made: Callable[..., Welcome]) -> None:
    page = made()
    page.resize(960, 520)
    page._modes["tape"].setMinimumHeight(420)
    QApplication.processEvents()
    assert scrolls(page) > 0


def test_choosing_changes_the_words_below_and_the_label(made: Callable[..., Welcome]) -> None:
    page = made(StartChoice(name="云朵"), people=PEOPLE)
    said = {}
    for mode in MODES:
        page.choose(mode)
        said[mode] = (page._said.text(), page._then_words.text(), page.begin.accessibleName())
    assert said["rehearsal"][0] == "排练 · 云朵（主播）"
    assert [words[2] for words in said.values()] == ["进入排练", "进入直播间", "打开录像"]
    assert len({words[1] for words in said.values()}) == 3


@pytest.mark.parametrize(
    ("real", "fact"),
    [
        (None, "还缺：商品表、直播间"),
        (RealRoom(), "还缺：商品表"),
        (RealRoom(46, 3), "已有 46 件商品，播过 3 场"),
    ],
)
def test_a_card_says_what_is_still_missing(
    made: Callable[..., Welcome], real: RealRoom | None, fact: str
) -> None:
    assert made(real=real)._modes["manual"].facts[1] == fact
    assert made(StartChoice(tape="x/evening.jsonl"))._modes["tape"].facts[1] == "已选：evening.jsonl"
    past = "自己播过的 3 场，也可以选文件" if real == RealRoom(46, 3) else "自带一场样片，也可以选文件"
    assert made(real=real)._modes["tape"].facts[1] == past


def test_enter_opens_what_is_chosen_but_not_out_of_a_name(made: Callable[..., Welcome]) -> None:
    opened: list[StartChoice] = []
    page = made(StartChoice("manual"), opened.append)
    page.activateWindow()
    page.people.begin_adding()
    page.people.name.setText("阿强")
    QTest.keyClick(page.people.name, Qt.Key.Key_Return)
    assert opened == []
    assert page.choice.name == "阿强"
    assert page.choice.role == "assistant"
    page._modes["manual"].setFocus()
    QTest.keyClick(page._modes["manual"], Qt.Key.Key_Return)
    assert [(choice.mode, choice.name) for choice in opened] == [("manual", "阿强")]
    page.choose("tape")
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert [choice.mode for choice in opened] == ["manual", "tape"], "her own past, or the sample"


def test_a_rehearsal_promises_the_goods_that_it_brings(made: Callable[..., Welcome]) -> None:
    assert welcome_page.sample_goods() > 0
    assert str(welcome_page.sample_goods()) in made()._modes["rehearsal"].facts[1]


# Over rooms ------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def started(
    dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Started]:
    at = Started(tmp_path, monkeypatch)
    yield at
    await at.leave()


def in_room(at: Started, face: ShopFace) -> None:
    """The room's face is this."""
    state = at.bus.now_state
    at.bus.now_state = msgspec.structs.replace(
        state, room=msgspec.structs.replace(state.room, shop_face=face)
    )


async def test_people_are_remembered_with_what_they_do(started: Started) -> None:
    shell = started.shell
    shell.begin()
    assert shell.welcome is not None
    shell.welcome.people.name.setText("云朵")
    shell.welcome.people.roles["operator"].setChecked(True)
    shell.welcome.people.keep_new()
    shell.welcome.begin.click()
    await until(lambda: shell.seat is not None)
    kept = session.load(started.base)
    assert kept.people == [SeatPerson("云朵", "operator")]
    assert kept.choice is not None
    assert (kept.choice.name, kept.choice.role) == ("云朵", "operator")
    shell.ask()
    assert shell.welcome.choice.name == "云朵"


async def test_a_seat_without_a_name_does_not_keep_the_last_one(started: Started) -> None:
    shell = started.shell
    shell._remembered = Remembered(StartChoice("manual", "host", name="云朵"), name="云朵", people=PEOPLE)
    shell.ask()
    assert shell.welcome is not None
    assert shell.welcome.choice.name == "云朵"
    shell.welcome.people.choose("operator")
    shell.welcome.begin.click()
    await until(lambda: shell.seat is not None)
    assert shell.seat is not None
    assert shell.seat.name == ""
    assert session.load(started.base).name == ""


def test_a_name_of_the_settings_is_one_of_the_people() -> None:
    kept = Remembered(StartChoice("manual", "assistant"), name="小林")
    assert session.people_of(kept) == [SeatPerson("小林", "assistant")]
    kept = session.renamed(Remembered(StartChoice(name="云朵"), name="云朵", people=PEOPLE), "阿云")
    assert (kept.name, kept.choice and kept.choice.name, kept.people[0].name) == ("阿云", "阿云", "阿云")
    assert session.people_of(session.renamed(kept, "")) == PEOPLE[1:]


async def test_a_face_given_on_the_first_window_is_told_to_the_room_that_is_opened(
    started: Started, tmp_path: Path
) -> None:
    shell = started.shell
    shell.begin()
    assert shell.welcome is not None
    logo = tmp_path / "logo.png"
    logo.write_bytes(encoded(plain(600, 300, RED)))
    form = shell.welcome.form
    shell.welcome.top.edit.click()
    form.name.setText("暖屿羊绒")
    form.take_file(str(logo))
    await until(lambda: form.face.logo is not None)
    form.keep.click()
    assert shell.welcome.top.name.text() == "暖屿羊绒"
    assert shop_kept.load(started.base).untold == list(MODES)
    shell.welcome.choose("manual", "host")
    shell.welcome.begin.click()
    await until(lambda: any("shop_face" in data for _, data in started.bus.asked))
    told = next(data["shop_face"] for _, data in started.bus.asked if "shop_face" in data)
    assert told["name"] == "暖屿羊绒"
    assert told["logo"] in started.bus.pictures
    await until(lambda: shop_kept.load(started.base).untold == ["rehearsal", "tape"])


async def test_an_assistant_tells_the_room_nothing(started: Started) -> None:
    shop_kept.save(started.base, KeptShop(FACE, list(MODES)))
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "assistant")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.desk is not None and started.shell.seat.state is not None)  # type: ignore[union-attr]
    assert started.bus.asked == []


async def test_what_a_room_was_given_elsewhere_is_remembered_here(started: Started) -> None:
    in_room(started, FACE)
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "host")
    started.shell.welcome.begin.click()
    await until(lambda: shop_kept.load(started.base).face == FACE)
    assert shop_kept.load(started.base).untold == ["rehearsal", "tape"]
    started.shell.ask()
    assert started.shell.welcome.top.name.text() == "暖屿羊绒"


async def test_a_file_that_is_no_picture_is_refused_in_words(started: Started, tmp_path: Path) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    form = started.shell.welcome.form
    bad = tmp_path / "logo.png"
    bad.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    for path in (bad, tmp_path / "gone.png"):
        form.say("")
        form.take_file(str(path))
        await until(lambda: form.said.tone == "live")
        assert form.face.logo is None
        form.say("")


async def test_another_language_is_spoken_on_the_first_window_at_once(started: Started) -> None:
    started.shell.begin()
    before = started.shell.welcome
    assert before is not None
    before.top.languages[1].click()
    assert started.shell.welcome is not before
    assert started.shell.welcome is not None
    assert started.shell.welcome.begin.accessibleName() == "Open rehearsal"
    started.shell.welcome.top.languages[0].click()
    assert started.joined == []
