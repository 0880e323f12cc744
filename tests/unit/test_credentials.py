"""Secrets of the outside worlds: where they are kept, and that they come out to nobody but who may."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from liveconsole import credentials
from liveconsole.credentials import SecretsUnreadable, fields, keep, read


class Ring:
    """A keyring of this test alone."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets = forgets

    def get_password(self, service: str, account: str) -> str | None:
        return self.kept.get((service, account))

    def set_password(self, service: str, account: str, text: str) -> None:
        if not self.forgets:
            self.kept[service, account] = text

    def delete_password(self, service: str, account: str) -> None:
        del self.kept[service, account]


def no_ring() -> Any:
    return None


@pytest.fixture(autouse=True)
def _no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(credentials.ENV, raising=False)


def test_without_a_keyring_a_file_keeps_them_for_their_owner_alone(tmp_path: Path) -> None:
    assert keep(tmp_path, "obs", {"password": "a b 好"}, backend=no_ring) == "file"
    assert read(tmp_path, "obs", backend=no_ring) == {"password": "a b 好"}
    assert read(tmp_path, "wechat_shop", backend=no_ring) == {}
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / credentials.FILE).stat().st_mode) == 0o600


def test_a_keyring_keeps_them_and_the_file_lets_them_go(tmp_path: Path) -> None:
    ring = Ring()
    keep(tmp_path, "obs", {"password": "old"}, backend=no_ring)
    keep(tmp_path, "relay", {"key": "k"}, backend=no_ring)
    assert keep(tmp_path, "obs", {"password": "new"}, backend=lambda: ring) == "keyring"
    assert read(tmp_path, "obs", backend=lambda: ring) == {"password": "new"}
    assert "new" not in (tmp_path / credentials.FILE).read_text("utf-8")
    assert read(tmp_path, "obs", backend=no_ring) == {}
    assert read(tmp_path, "relay", backend=lambda: ring) == {"key": "k"}


def test_a_keyring_that_keeps_nothing_is_not_believed(tmp_path: Path) -> None:
    assert keep(tmp_path, "obs", {"password": "p"}, backend=lambda: Ring(forgets=True)) == "file"
    assert read(tmp_path, "obs", backend=no_ring) == {"password": "p"}


def test_one_folder_has_no_secret_of_another(tmp_path: Path) -> None:
    ring = Ring()
    keep(tmp_path / "room", "obs", {"password": "p"}, backend=lambda: ring)
    assert read(tmp_path / "room" / "rehearsal", "obs", backend=lambda: ring) == {}


def test_a_field_is_changed_alone_and_an_empty_one_goes(tmp_path: Path) -> None:
    for ring in (None, Ring()):
        backend = partial(_same, ring)
        keep(tmp_path, "wechat_shop", {"secret": "s", "token": "t"}, backend=backend)
        keep(tmp_path, "wechat_shop", {"token": ""}, backend=backend)
        assert read(tmp_path, "wechat_shop", backend=backend) == {"secret": "s"}
        assert fields(tmp_path, backend=backend)["wechat_shop"] == ["secret"]
        keep(tmp_path, "wechat_shop", {"secret": ""}, backend=backend)
        assert read(tmp_path, "wechat_shop", backend=backend) == {}


def _same(ring: Ring | None) -> Ring | None:
    return ring


@pytest.mark.parametrize(
    ("name", "values"),
    [("bank", {"pin": "1"}), ("obs", {"secret": "s"}), ("obs", {"password": "x" * 1_001})],
)
def test_what_is_no_secret_of_ours_is_not_kept(tmp_path: Path, name: str, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no such secret|too long"):
        keep(tmp_path, name, values, backend=no_ring)


@pytest.mark.parametrize("text", ["{", "[]", '{"obs": 1}', '{"obs": {"password": 1}}', " " * 70_000])
def test_a_file_that_cannot_be_used_says_so_and_is_not_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / credentials.FILE
    path.write_text(text)
    with pytest.raises(SecretsUnreadable):
        read(tmp_path, "obs", backend=no_ring)
    with pytest.raises(SecretsUnreadable):
        keep(tmp_path, "obs", {"password": "p"}, backend=no_ring)
    assert path.read_text() == text


@pytest.mark.skipif(os.name != "posix", reason="Windows protects the folder of its user")
def test_a_file_that_others_could_read_is_narrowed(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"obs": {"password": "p"}}')
    path.chmod(0o644)
    os.environ[credentials.ENV] = str(path)
    try:
        assert read(tmp_path, "obs", backend=no_ring) == {"password": "p"}
    finally:
        del os.environ[credentials.ENV]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
