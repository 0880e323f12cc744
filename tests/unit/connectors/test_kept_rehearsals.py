"""Old rehearsals go by themselves, and nothing else ever does, whatever it is called."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from liveconsole.connectors.rehearsal import kept, settings
from liveconsole.connectors.rehearsal.kept import held, new_folder, remove_old
from liveconsole.engine.lease import Lease
from liveconsole.store.opening import open_store

NOW = datetime(2026, 11, 30, 12)  # noqa: DTZ001  # local time, as the names of the folders
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A simulated room's folder and a real one's, each with its key beside it."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVECONSOLE_KEYRING", "off")
        for simulated in (True, False):
            made[simulated] = tmp_path_factory.mktemp("room")
            open_store(made[simulated], simulated=simulated).close()
            settings.keep(made[simulated], settings.Rehearsal())
    return made


@pytest.fixture
def make(tmp_path: Path, rooms: dict[bool, Path]) -> Make:
    def made(name: str, *, simulated: bool | None = True, size: int = 0) -> Path:
        folder = tmp_path / name
        if simulated is None:  # broken off before it had a room
            settings.keep(folder, settings.Rehearsal())
        else:
            shutil.copytree(rooms[simulated], folder)
        (folder / "engine.log").write_bytes(b"x" * size)
        return folder

    return made


def test_the_newest_stay_and_with_the_one_to_come_they_are_as_many_as_said(
    tmp_path: Path, make: Make
) -> None:
    folders = [make(f"202611{day:02}-200000-1", size=10) for day in range(20, 28)]
    gone = remove_old(tmp_path, NOW)
    assert [folder.exists() for folder in folders] == [False] * 4 + [True] * 4
    assert [each.name for each in gone] == [folder.name for folder in reversed(folders[:4])]
    assert all(each.size > 100 for each in gone)
    assert len([*tmp_path.iterdir(), new_folder(tmp_path, 3)]) == kept.KEPT
    assert remove_old(tmp_path, NOW) == []


def test_what_is_older_than_a_month_or_too_large_goes_too_but_never_the_last(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, large, newer, last = (
        make(f"{day}-200000-1", size=9) for day in (20261030, 20261125, 20261126, 20261127)
    )
    assert [each.name for each in remove_old(tmp_path, NOW)] == [old.name]
    monkeypatch.setattr(kept, "BYTES", 1)
    assert [each.name for each in remove_old(tmp_path, NOW)] == [newer.name, large.name]
    assert remove_old(tmp_path, datetime(2030, 1, 1)) == []  # noqa: DTZ001
    assert last.exists()


def _link(make: Make, tmp_path: Path) -> Path:
    """A link that is called like a rehearsal, to a simulated room elsewhere."""
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    make("room").rename(elsewhere)
    (tmp_path / "20200101-000000-1").symlink_to(elsewhere, target_is_directory=True)
    return elsewhere


def _real_room(make: Make, tmp_path: Path) -> Path:
    return make("20200101-000000-1", simulated=False)


def _no_key(make: Make, tmp_path: Path) -> Path:
    """Nobody knows any more what room it is."""
    (make("20200101-000000-1") / "room.key").unlink()
    return tmp_path / "20200101-000000-1"


def _key_in_a_keyring(make: Make, tmp_path: Path) -> Path:
    """As a person's own rooms have it; a rehearsal's never is there."""
    told = make("20200101-000000-1") / "store.json"
    told.write_text(told.read_text("utf-8").replace('"file"', '"keyring"'), "utf-8")
    return told.parent


def _not_told(make: Make, tmp_path: Path) -> Path:
    (make("20200101-000000-1") / settings.FILE).unlink()
    return tmp_path / "20200101-000000-1"


def _other_names(make: Make, tmp_path: Path) -> list[Path]:
    names = [
        "desk",
        "20200101",
        "2020-01-01-1-1",
        "20209999-000000-1",
        "20200101-000000-1 (copy)",
        "my 20200101-000000-1",
    ]
    return [make(name) for name in names]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize(
    "fool",
    [_link, _real_room, _no_key, _key_in_a_keyring, _not_told, _other_names],
    ids=lambda fool: fool.__name__[1:],
)  # fmt: skip
def test_what_is_not_surely_a_rehearsal_of_ours_stays(
    fool: Callable[[Make, Path], Path | list[Path]], tmp_path: Path, make: Make
) -> None:
    stays = fool(make, tmp_path)
    before = {
        path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
    for day in range(20, 28):
        make(f"202611{day}-200000-1", simulated=None)
    assert {each.name[:6] for each in remove_old(tmp_path, NOW)} == {"202611"}
    assert all((folder / "room.db").exists() for folder in (stays if isinstance(stays, list) else [stays]))
    assert {path: path.read_bytes() for path in before} == before
    if isinstance(stays, list):
        assert all(folder.is_dir() for folder in stays)


def test_one_that_runs_or_is_about_to_stays(tmp_path: Path, make: Make) -> None:
    begun, runs, free = (make(f"2020010{day}-200000-1", simulated=None) for day in (1, 2, 3))
    make("20261127-200000-1")
    lease = Lease(runs)
    with held(begun):
        assert [each.name for each in remove_old(tmp_path, NOW)] == [free.name]
    lease.release()
    assert {each.name for each in remove_old(tmp_path, NOW)} == {begun.name, runs.name}


def test_a_removal_that_was_broken_off_is_finished_and_what_only_looks_so_is_not(
    tmp_path: Path, make: Make
) -> None:
    half = make("half").rename(tmp_path / ".going-0123abcd")
    other = make("other").rename(tmp_path / ".going-away")
    remove_old(tmp_path, NOW)
    assert (half.exists(), other.exists()) == (False, True)


def test_two_that_begin_in_the_same_second_have_a_folder_each(tmp_path: Path) -> None:
    names = {new_folder(tmp_path, -7).name for _ in range(5)}
    assert len(names) == 5
    assert all(kept._NAME.fullmatch(name) for name in names)
    assert os.name == "nt" or {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o700}
