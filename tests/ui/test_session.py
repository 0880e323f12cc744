"""Which seat a window opens with next day: its own, whoever sat beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from liveconsole import tasks
from tests.ui.fake_bus import FakeBus, until
from tests.ui.rooms import sample_state
from ui.program import start
from ui.seat import join, session, window_place
from ui.seat.session import Remembered, SeatPerson, StartChoice
from ui.seat.window_place import Place
from ui.windows.shell import Shell


class Evenings:
    """One computer: windows are opened on its folder and closed again."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.open_: list[tuple[Shell, Place]] = []

    def open(self) -> Shell:
        place = Place(self.base)
        shell = Shell(self.base, session.load(self.base, place.number), place.number)
        shell.show()
        shell.begin()
        self.open_.append((shell, place))
        return shell

    async def close(self) -> None:
        for shell, place in self.open_:
            await shell.leave()
            shell.deleteLater()
            place.leave()
        self.open_ = []
        await tasks.cancel_all()


@pytest_asyncio.fixture
async def evenings(
    dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Evenings]:
    async def joining() -> FakeBus:
        return FakeBus(sample_state())

    monkeypatch.setattr(join, "local", lambda *_args: joining)
    made = Evenings(tmp_path)
    yield made
    await made.close()


async def _sit(shell: Shell, role: session.Role) -> None:
    """Answer the questions, and the check where it comes."""
    assert shell.welcome is not None
    shell.welcome.choose("manual", role)
    shell.welcome.begin.click()
    await until(lambda: shell.desk is not None and shell.desk.commands.role == role)
    if shell.check is not None:
        shell.check.go.click()


async def _two_at_one_computer(evenings: Evenings) -> str:
    """Host and assistant sit down side by side and leave; the role of the first window next day."""
    await _sit(evenings.open(), "host")
    beside = evenings.open()
    if beside.welcome is None:
        beside.ask()
    await _sit(beside, "assistant")
    await evenings.close()
    next_day = evenings.open()
    await until(lambda: next_day.desk is not None)
    assert next_day.desk is not None
    return next_day.desk.commands.role


async def test_a_second_window_does_not_take_the_hosts_seat_for_next_day(evenings: Evenings) -> None:
    assert await _two_at_one_computer(evenings) == "host"
    beside = evenings.open()
    await until(lambda: beside.desk is not None)
    assert beside.desk is not None
    assert beside.desk.commands.role == "assistant", "the window beside it remembers its own"


async def test_where_all_windows_shared_a_place_it_would(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_place, "_PLACES", 1)
    assert await _two_at_one_computer(evenings) == "assistant"


async def test_the_window_beside_is_offered_the_same_room(evenings: Evenings) -> None:
    await _sit(evenings.open(), "operator")
    beside = evenings.open()
    assert beside.welcome is not None
    offered = session.offered(evenings.base, 2)
    assert (offered.mode, offered.role, offered.ready) == ("manual", "assistant", True)
    assert not offered.checked
    assert session.offered(evenings.base, 1) == StartChoice()


async def test_a_window_that_was_told_its_seat_remembers_nothing_and_takes_nobodys_place(
    evenings: Evenings,
) -> None:
    named = Shell(evenings.base, Remembered(), 0)
    named.show()
    named.begin(role="assistant")
    await until(lambda: named.desk is not None)
    await _sit(evenings.open(), "host")
    await named.leave()
    named.deleteLater()
    assert (session.load(evenings.base).choice or StartChoice()).role == "host"


@pytest.mark.parametrize(
    ("words", "remembers"), [([], True), (["--host"], False), (["--role", "assistant"], False)]
)
def test_only_a_window_that_asks_remembers(words: list[str], remembers: bool, tmp_path: Path) -> None:
    assert start.read(["--data", str(tmp_path), *words]).remembers == remembers


def test_a_place_is_free_again_when_its_window_has_gone(tmp_path: Path) -> None:
    first, second = Place(tmp_path), Place(tmp_path)
    assert (first.number, second.number) == (1, 2)
    first.leave()
    third = Place(tmp_path)
    assert third.number == 1
    for place in (second, third):
        place.leave()


def test_a_window_that_died_holds_no_place(tmp_path: Path) -> None:
    dies = (
        "import os, sys; from pathlib import Path; from ui.seat.window_place import Place; "
        "held = Place(Path(sys.argv[1])); os._exit(held.number)"
    )
    assert subprocess.run([sys.executable, "-c", dies, str(tmp_path)], check=False).returncode == 1
    place = Place(tmp_path)
    assert place.number == 1
    place.leave()


def test_what_an_older_desk_remembered_is_the_first_places(tmp_path: Path) -> None:
    session.save(tmp_path, Remembered(StartChoice("manual", "operator", checked=True)))
    assert (tmp_path / "desk.json").exists()
    assert session.load(tmp_path, 1).choice == StartChoice("manual", "operator", checked=True)
    assert session.load(tmp_path, 2) == Remembered()


def test_another_name_is_that_of_the_window_and_of_the_first_one() -> None:
    people = [SeatPerson("云朵", "host"), SeatPerson("小林", "assistant")]
    kept = Remembered(StartChoice("manual", "host", name="云朵"), name="云朵", people=people)
    named = session.renamed(kept, "阿云")
    assert (named.name, named.choice and named.choice.name) == ("阿云", "阿云")
    assert named.people == [SeatPerson("阿云", "host"), people[1]]
    assert session.renamed(kept, "").people == people[1:], "nobody without a name is offered"


def test_sources_are_remembered_for_a_real_room_alone() -> None:
    on = {"oba": True}
    real = session.with_sources(Remembered(StartChoice("manual")), on)
    assert real.choice == StartChoice("manual", sources=on)
    for kept in (Remembered(), Remembered(StartChoice("rehearsal"))):
        assert session.with_sources(kept, on) == kept
