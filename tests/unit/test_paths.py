"""liveconsole.paths: where the data lies, and that only its owner reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from liveconsole import paths, respath


def test_the_option_beats_the_environment_beats_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVECONSOLE_DATA", str(tmp_path / "env"))
    assert paths.data_folder(tmp_path / "named") == tmp_path / "named"
    assert paths.data_folder() == tmp_path / "env"
    monkeypatch.delenv("LIVECONSOLE_DATA")
    assert paths.data_folder().name == "LiveConsole"


def test_a_rehearsal_never_lies_in_the_real_rooms_folder(tmp_path: Path) -> None:
    assert paths.rehearsal_folder(tmp_path) != tmp_path
    assert paths.rehearsal_folder(tmp_path) != paths.tape_folder(tmp_path)


def test_a_write_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "engine.json"
    paths.write_own(target, b"first, and longer")
    paths.write_own(target, b"second")
    assert target.read_bytes() == b"second"
    assert [p.name for p in tmp_path.iterdir()] == ["engine.json"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "engine.json"
    paths.write_own(target, b"old")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        paths.write_own(target, b"new")
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["engine.json"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_folder_and_file_are_their_owners_alone(tmp_path: Path) -> None:
    open_folder = tmp_path / "data"
    open_folder.mkdir(mode=0o755)
    paths.own_folder(open_folder)
    paths.write_own(open_folder / "key", b"k")
    assert open_folder.stat().st_mode & 0o777 == 0o700
    assert (open_folder / "key").stat().st_mode & 0o777 == 0o600


def test_the_resources_are_found() -> None:
    assert (respath.resources() / "README.md").is_file()
