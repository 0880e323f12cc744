"""The first run: two questions, a check, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from liveconsole import paths, tasks
from liveconsole.messages.commands import RoomSet
from liveconsole.messages.specs import CouponRule, ShopCoupon
from tests.ui.committed import comment
from tests.ui.fake_bus import FakeBus, until
from tests.ui.rooms import Evening, sample_state
from ui import i18n
from ui.beside.source_process import SourceProcess
from ui.program import start
from ui.seat import join, session
from ui.seat.seat import Frame
from ui.seat.session import Remembered, StartChoice
from ui.widgets import PlainLabel
from ui.windows.check import KEYS
from ui.windows.history.opener import PastWindows
from ui.windows.shell import Shell


class Started:
    """A shell whose engines are fakes: which folder it wanted, as whom, with what."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base = base
        self.bus = FakeBus(sample_state())
        self.joined: list[tuple[str, str, list[str]]] = []
        self.played: list[str] = []
        monkeypatch.setattr(join, "local", self._local)
        monkeypatch.setattr(SourceProcess, "_start", lambda _self, words: self.played.append(words[0]))
        self.shell = Shell(base, session.load(base))
        self.shell.show()

    def _local(
        self, folder: Path, role: str, options: list[str] | tuple[str, ...] = ("--with-desk",)
    ) -> Callable[[], object]:
        self.joined.append((str(folder.relative_to(self.base)), role, list(options)))

        async def joining() -> FakeBus:
            return self.bus

        return joining

    async def leave(self) -> None:
        await self.shell.leave()
        await tasks.cancel_all()
        self.shell.deleteLater()


@pytest_asyncio.fixture
async def started(
    dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Started]:
    made = Started(tmp_path, monkeypatch)
    yield made
    await made.leave()


async def test_it_asks_two_things_and_starts_nothing_before_the_answer(started: Started) -> None:
    started.shell.begin()
    await asyncio.sleep(0.05)
    assert started.shell.welcome is not None
    assert (started.joined, started.shell.seat) == ([], None)


async def test_a_rehearsal_has_a_folder_and_an_audience_of_its_own(started: Started) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("rehearsal", "operator")
    started.shell.welcome.begin.click()
    await until(lambda: started.played)
    assert started.joined == [("rehearsal/desk", "operator", ["--with-desk", "--rehearsal"])]
    assert started.played == ["rehearsal-world"]
    assert started.bus.asked == []


async def test_a_real_room_is_set_to_manual_with_the_chosen_sources(started: Started) -> None:
    started.shell.begin()
    welcome = started.shell.welcome
    assert welcome is not None
    welcome.choose("manual", "host")
    welcome._sources["oba"].setChecked(True)
    welcome.begin.click()
    await until(lambda: started.bus.asked)
    assert started.joined == [(".", "host", ["--with-desk"])]
    assert started.bus.asked == [
        ("room.set", {"platform": "manual", "sources": {"oba": True, "wxlivespy": False}})
    ]
    assert started.played == []


async def test_an_assistant_joins_without_changing_the_room(started: Started) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "assistant")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.seat is not None and started.shell.seat.link == "live")
    await asyncio.sleep(0.05)
    assert started.bus.asked == []


async def test_a_file_that_is_chosen_is_played_and_without_one_her_own_past(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(PastWindows, "play", lambda self, number: opened.append(number))
    started.shell.begin()
    welcome = started.shell.welcome
    assert welcome is not None
    welcome.choose("tape", "host")
    assert "样片" in welcome._then_words.text()
    welcome.begin.click()
    assert opened == [0], "nobody has broadcast here yet: the sample"
    assert started.shell.seat is None, "no room is joined for it, and none is checked"
    assert started.shell.check is None
    welcome.choose(tape=str(tmp_path / "evening.jsonl"))
    welcome.begin.click()
    await until(lambda: started.played)
    assert started.joined[0][0] == "tape"
    assert started.played == ["replay"]


async def test_the_check_shows_what_arrives_and_tests_the_keys(started: Started) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None and started.shell.seat.link == "live")  # type: ignore[union-attr]
    check = started.shell.check
    assert check is not None
    started.bus.say(comment(48300, "<b>1</b>"), comment(48301, "1"))
    await until(lambda: "2 条" in check.comments.words.text())
    await until(lambda: "底价" in check.floors.words.text())
    for name in KEYS:
        check.key_seen(name)
    assert check.keys.words.text() == "都灵。"
    assert started.bus.asked == []
    check.go.click()
    await until(lambda: started.shell.pages.currentWidget() is started.shell.desk)
    started.bus.say(comment(48302, "1"))
    await asyncio.sleep(0.1)  # the check is gone; nothing of it may be called


async def test_a_coupon_of_the_shop_is_recorded(started: Started) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "host")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None and started.bus.asked)
    coupons = started.shell.check._coupons  # type: ignore[union-attr]
    coupons.threshold.setText("199")
    coupons.off.setText("20")
    coupons.add.click()
    await until(lambda: len(started.bus.asked) == 2)
    type_, data = started.bus.asked[1]
    assert (type_, msgspec.convert(data, RoomSet).shop_coupons) == (
        "room.set",
        [ShopCoupon(CouponRule(off_fen=2000, threshold_fen=19900))],
    )


async def test_coupons_of_the_shop_are_said_in_the_words_of_their_rule(started: Started) -> None:
    rules = [{"threshold_fen": 29900, "off_fen": 2000}, {"zhe": "8.5"}]
    at = Evening(goods=False, open_=False, shop_coupons=[{"rule": rule} for rule in rules])
    started.bus.now_state = at.shown()
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None and started.shell.check._coupons._shown)
    coupons = started.shell.check._coupons  # type: ignore[union-attr]
    said = [label.text() for label in coupons.findChildren(PlainLabel)]
    assert [words for words in said if "减 2" in words or "折" in words] == ["满 299 减 20", "8.5 折"]


async def test_the_check_looks_again_only_when_something_of_it_moved(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None and started.shell.check._room is not None)
    check, seat = started.shell.check, started.shell.seat
    assert check is not None
    assert seat is not None
    shown: list[object] = []
    monkeypatch.setattr(check, "_show", shown.append)
    state = started.bus.now_state
    check._frame(Frame(seat.now(), state, [], frozenset({"orders", "cues"})))
    assert shown == []
    check._frame(Frame(seat.now(), state, [], frozenset({"audience"})))
    check._frame(Frame(seat.now(), None, [comment(48300, "1")]))
    assert len(shown) == 2


async def test_the_answer_is_remembered_and_not_asked_again(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "operator")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.check is not None)
    started.shell.check.go.click()  # type: ignore[union-attr]
    again = Started(started.base, monkeypatch)
    again.shell.begin()
    await until(lambda: again.shell.pages.currentWidget() is again.shell.desk and again.shell.desk)
    assert (again.shell.welcome, again.shell.check) == (None, None)
    assert again.joined[0][1] == "operator"
    await again.leave()


async def test_a_named_seat_joins_exactly_that_folder(started: Started) -> None:
    session.save(started.base, Remembered(StartChoice("tape", "host", tape="x")))
    started.shell.begin(role="assistant")
    await until(lambda: started.shell.desk is not None)
    assert started.joined == [(".", "assistant", ["--with-desk"])]


async def test_another_seat_can_be_taken_and_the_old_one_is_left(started: Started) -> None:
    started.shell.begin(role="host")
    await until(lambda: started.shell.desk is not None and started.shell.seat.link == "live")  # type: ignore[union-attr]
    first = started.shell.seat
    started.shell.ask()
    assert started.shell.welcome is not None
    started.shell.welcome.choose("manual", "assistant")
    started.shell.welcome.begin.click()
    await until(lambda: started.shell.seat is not None and started.shell.seat is not first)
    assert first is not None
    assert first.link == "closed"


async def test_a_change_of_seat_can_be_given_up(started: Started) -> None:
    shell = started.shell
    shell.begin(role="host")
    await until(lambda: shell.seat is not None and shell.seat.link == "live")
    seat, desk = shell.seat, shell.desk
    for give_up in (lambda: shell.welcome.stay.click(), lambda: shell._escape()):  # type: ignore[union-attr]
        shell.ask()
        assert shell.welcome is not None
        assert not shell.welcome.stay.isHidden()
        shell.welcome.choose("manual", "assistant")
        give_up()
        assert shell.pages.currentWidget() is desk
    assert shell.seat is seat
    assert shell.seat is not None
    assert shell.seat.link == "live"
    assert len(started.joined) == 1


async def test_the_first_questions_offer_no_way_back_to_nothing(started: Started) -> None:
    started.shell.begin()
    assert started.shell.welcome is not None
    assert started.shell.welcome.stay.isHidden()
    assert not started.shell._escape()


async def test_another_language_is_spoken_at_once_over_the_same_connection(started: Started) -> None:
    shell = started.shell
    session.save(started.base, Remembered(StartChoice("manual", "host", checked=True)))
    shell._remembered = session.load(started.base)
    shell.begin()
    await until(lambda: shell.seat is not None and shell.seat.link == "live")
    seat, desk = shell.seat, shell.desk
    assert desk is not None
    desk.lock()
    shell.toggle_settings()
    assert shell.settings is not None
    shown = shell.settings
    assert [chip.accessibleName() for chip in shown.computer.languages] == ["语言 中文", "语言 English"]
    shell.toggle_big_screen()
    shell.toggle_history()
    beside = (shell.big, shell.past.list)
    shown.computer.languages[1].click()
    assert shell.desk is not desk
    assert shell.big not in (None, beside[0])
    assert shell.past.list not in (None, beside[1])
    assert shell.seat is seat
    assert shell.desk is not None
    assert shell.desk.commands.locked, "a language is no way round the lock"
    assert shell.settings not in (None, shown)
    assert shell.settings.windowTitle() == "Settings"
    assert shell.windowTitle() == i18n.load("en")["直播中控台"]
    assert session.load(started.base).language == "en"
    assert len(started.joined) == 1
    started.bus.say(comment(48300, "hello"))
    await until(lambda: shell.desk is not None and shell.desk.feed.feed.begun)
    shell.settings.computer.languages[0].click()
    assert shell.settings.windowTitle() == "设置"


@pytest.mark.parametrize("content", [b"", b"{", b'{"choice": {"mode": "no"}}', b"\xff\xfe", b"[]"])
def test_a_file_that_cannot_be_read_asks_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.json").write_bytes(content)
    assert session.load(tmp_path) == Remembered()


def test_what_a_newer_desk_wrote_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "desk.json").write_bytes(b'{"choice": {"mode": "manual", "new": 1}, "also": []}')
    assert session.load(tmp_path).choice == StartChoice("manual")


def test_simulated_and_taped_rooms_never_share_a_folder_with_the_real_one(tmp_path: Path) -> None:
    folders = {session.folder(tmp_path, mode) for mode in ("rehearsal", "manual", "tape")}
    assert len(folders) == 3
    assert session.folder(tmp_path, "manual") == tmp_path
    assert paths.rehearsal_folder(tmp_path) in session.folder(tmp_path, "rehearsal").parents


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = start.read(["--data", str(tmp_path), "--role", "operator", "--seconds", "3", "--lang", "en"])
    assert (read.data, read.role, read.seconds, read.language) == (tmp_path, "operator", 3.0, "en")
    with pytest.raises(SystemExit):
        start.read(["--url", "http://127.0.0.1:1"])
    assert "--token-file" in capsys.readouterr().err
