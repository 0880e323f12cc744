"""A data folder of an older version, as it was left, is opened by this one: nothing in it is lost."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole import paths, versions
from liveconsole.cli import main
from liveconsole.engine import refill
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.store import open_store
from liveconsole.store.migrate import revision_of
from liveconsole.store.tables import HEAD
from tests.museum.exhibits import HERE, totals_of
from ui.preferences import settings
from ui.seat import session

FOLDERS = sorted(path.name.removesuffix(".tar.gz") for path in HERE.glob("*-folder.tar.gz"))


def unpacked(name: str, folder: Path) -> Any:
    """Put a kept folder there; what its own version said that it holds."""
    # Debian 12 has 3.11.2, and the filter came with 3.11.4; what is packed here is our own.
    filtered: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(HERE / f"{name}.tar.gz") as packed:
        packed.extractall(paths.own_folder(folder), **filtered)
    return msgspec.json.decode((HERE / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", FOLDERS)
def test_the_room_of_an_older_version_is_opened_with_all_that_it_held(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = unpacked(name, tmp_path / "data")
    store = open_store(tmp_path / "data", create=False)
    try:
        core = RoomCore(store, now=list(store.events_after(0))[-1].at, chance=SystemChance(), simulated=True)
        assert revision_of(store._file) == HEAD
        assert refill.is_done(store)
        assert totals_of(core.room) == told["totals"]
    finally:
        store.close()
    mark = msgspec.json.decode((tmp_path / "data" / paths.MARK).read_bytes())
    assert {key: mark[key] for key in versions.OURS} == versions.OURS
    assert main(["history", "--data", str(tmp_path / "data"), "--json"]) == 0
    (evening,) = msgspec.json.decode(capsys.readouterr().out)
    assert evening["number"] == 1


def test_the_first_python_that_we_take_unpacks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = tarfile.TarFile.extractall

    def of_3_11_0(self: tarfile.TarFile, path: Path) -> None:
        extract(self, path, **given)

    given: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    monkeypatch.setattr(tarfile.TarFile, "extractall", of_3_11_0)
    unpacked(FOLDERS[0], tmp_path)
    assert (tmp_path / "room.db").exists()


@pytest.mark.parametrize("name", FOLDERS)
def test_what_a_person_set_at_the_desk_survives(name: str, tmp_path: Path) -> None:
    told = unpacked(name, tmp_path)
    comfort, remembered = settings.load(tmp_path), session.load(tmp_path)
    settings.save(tmp_path, comfort)
    session.save(tmp_path, remembered)
    for kept, path in ((told["comfort"], "comfort.json"), (told["desk"], "desk.json")):
        assert kept.items() <= msgspec.json.decode((tmp_path / path).read_bytes()).items()
    assert (comfort.theme, comfort.text_scale, comfort.toured) == ("light", 1.25, ["host"])
    assert remembered.choice is not None
    assert (remembered.choice.role, remembered.language) == ("operator", "en")
