"""How far a shop is followed is of one log, wherever that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from liveconsole.connectors.wechat_shop import following, progress
from liveconsole.store import keys
from liveconsole.store.kept_at import InDatabase, key_folder, key_place, remember
from liveconsole.store.keys import KeyFile


def made(folder: Path) -> str:
    """A key, as a store that is made has one; of which making it is."""
    folder.mkdir(parents=True, exist_ok=True)
    return keys.place_new_key(folder, KeyFile(folder)).store_id


@pytest.mark.parametrize("twin", [False, True])
def test_a_backup_that_is_restored_as_another_room_of_a_database_is_another_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    """It ends before what the shop was read to: as if it were the same, the orders between would never come.
    The twin looks for the key where a room that is a file has it."""
    if twin:
        monkeypatch.setattr(following, "key_place", lambda folder: folder)
    said: list[progress.Progress] = []
    for room in ("before", "restored"):
        made(key_folder(tmp_path, room))
        remember(tmp_path, InDatabase("postgresql://engine@db/live", room))
        said.append(progress.begun("wx1", 0, following._store_of(tmp_path)))
    assert progress.fits(said[0], said[1].store) is twin
    assert (said[0].store == "") is twin


def test_a_file_has_it_beside_it(tmp_path: Path) -> None:
    assert key_place(tmp_path) == tmp_path
    assert following._store_of(tmp_path) == ""
    assert following._store_of(tmp_path) != made(tmp_path) == following._store_of(tmp_path)
