"""The files of a broker in a data folder that is moved, mounted elsewhere, or reached by a link."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from liveconsole.bus.nats import folder as folders
from liveconsole.bus.nats.folder import BrokerFiles, BrokerListens, NatsPlace, folder_of, place_of
from liveconsole.cli import main
from tests.brokers import needs_broker


def written(data: Path, *more: str, port: int = 4222) -> BrokerFiles:
    needs_broker()
    words = ["nats", "write", "--address", "127.0.0.1", "--port", str(port), "--room", "r1"]
    assert main([*words, "--data", str(data), *more]) == 0
    return files_of(data)


def files_of(data: Path) -> BrokerFiles:
    place = place_of(data)
    assert place is not None
    return BrokerFiles(data, place, "r1")


def test_a_data_folder_that_was_moved_finds_its_broker_s_files_again(tmp_path: Path) -> None:
    before = written(tmp_path / "old")
    authority = before.authority
    shutil.move(tmp_path / "old", tmp_path / "new")
    moved = files_of(tmp_path / "new")
    assert moved.folder == tmp_path / "new" / "nats"
    moved.write([])
    listens, file = moved.listens, moved.file.read_text("utf-8")
    assert listens is not None
    assert Path(listens.certificate).is_relative_to(tmp_path / "new")
    assert Path(listens.certificate).is_file()
    assert (tmp_path / "new").as_posix() in file
    assert (tmp_path / "old").as_posix() not in file, "the broker would look for its certificate there"
    assert moved.authority == authority, "its seats know the broker by it"
    assert not (tmp_path / "old").exists()


def test_a_moved_broker_may_listen_elsewhere_as_any_of_one_s_own(tmp_path: Path) -> None:
    """As another room's it would be told that somebody else's broker is there."""
    written(tmp_path / "old")
    shutil.move(tmp_path / "old", tmp_path / "new")
    moved = written(tmp_path / "new", port=4333)
    assert moved.listens is not None
    assert moved.listens.port == 4333


def test_by_its_place_alone_a_moved_folder_would_be_another_room_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    written(tmp_path / "old")
    shutil.move(tmp_path / "old", tmp_path / "new")
    monkeypatch.setattr(folders, "authority_in", lambda _data: b"")
    words = ["nats", "write", "--address", "127.0.0.1", "--port", "4333", "--data", str(tmp_path / "new")]
    assert main(words) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a link wants a right there")
def test_a_folder_is_one_s_own_by_whatever_way_it_is_reached(tmp_path: Path) -> None:
    written(tmp_path / "data", "--folder", str(tmp_path / "broker"))
    (tmp_path / "way").symlink_to(tmp_path / "data")
    assert written(tmp_path / "way", port=4333).listens == BrokerListens(
        "127.0.0.1", 4333, (tmp_path / "way" / "studio" / "broker-127.0.0.1.pem").as_posix()
    )


def test_a_note_of_an_earlier_version_is_read_where_the_folder_lies_now(tmp_path: Path) -> None:
    files = written(tmp_path)
    place = place_of(tmp_path)
    assert place is not None
    assert place.folder == "nats"
    old = msgspec.structs.replace(place, folder=str(tmp_path / "gone" / "nats"))
    assert folder_of(tmp_path, old) == files.folder
    BrokerFiles(tmp_path, old, "r1").write([])
    assert place_of(tmp_path) == place
    assert folder_of(tmp_path, NatsPlace(str(tmp_path / "nats"))) == files.folder


def test_whose_authority_is_gone_writes_the_broker_s_files_anew(tmp_path: Path) -> None:
    before = written(tmp_path).authority
    shutil.rmtree(tmp_path / "studio")
    assert written(tmp_path).authority != before
