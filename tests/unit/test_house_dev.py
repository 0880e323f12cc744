"""dev.py: it installs when it must and only then, repairs what is half made, and says what it cannot do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from liveconsole import machine


class Install:
    """Stands in for uv and pip: notes what was asked, and fails as often as told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failures = 0

    def __call__(self, command: list[str]) -> None:
        words = " ".join(command)
        self.asked.append("venv" if " venv " in words else "lock" if "-r " in words else "project")
        if "venv" in self.asked[-1]:
            dev.PYTHON.parent.mkdir(parents=True)
            dev.PYTHON.symlink_to(sys.executable)
        elif self.failures:
            self.failures -= 1
            raise subprocess.CalledProcessError(1, command)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A project of its own in a temporary folder, on a machine that lacks nothing."""
    if sys.platform == "win32":
        pytest.skip("needs symbolic links")
    (tmp_path / "requirements.lock").write_text("a==1", "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin/python", "LOCK": tmp_path / "requirements.lock",
        "STAMP": venv / "liveconsole.stamp", "TRIED": venv / "tried",
    }.items():  # fmt: skip
        monkeypatch.setattr(dev, name, value)
    monkeypatch.setattr(dev, "working_uv", lambda: "uv")
    monkeypatch.setattr(machine, "missing_libraries", lambda *, window: [])
    monkeypatch.setattr(machine, "has_chinese_font", lambda: True)
    monkeypatch.setattr(machine, "has_emoji_font", lambda: True)
    monkeypatch.setattr(machine, "is_root", lambda: False)
    fake = Install()
    monkeypatch.setattr(dev, "quietly", fake)
    return fake


def test_a_fresh_folder_is_set_up_once(install: Install) -> None:
    dev.set_up()
    dev.set_up()
    assert install.asked == ["venv", "lock", "project"]


def test_a_changed_lock_is_installed_into_the_same_venv(install: Install) -> None:
    dev.set_up()
    dev.LOCK.write_text("a==2", "utf-8")
    dev.set_up()
    assert install.asked == ["venv", "lock", "project", "lock", "project"]


def test_an_interrupted_installation_is_taken_up_again(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled_out(uv: str | None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(dev, "install", pulled_out)
        with pytest.raises(KeyboardInterrupt):
            dev.set_up()
    dev.set_up()
    assert install.asked == ["venv", "lock", "project"]


def test_a_venv_without_a_working_python_is_made_anew(install: Install) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.symlink_to("/nowhere/python3.11")
    dev.set_up()
    assert install.asked == ["venv", "lock", "project"]


def test_a_failed_installation_is_tried_once_more_from_an_empty_venv(install: Install) -> None:
    install.failures = 1
    dev.set_up()
    assert install.asked == ["venv", "lock", "venv", "lock", "project"]


def test_what_cannot_be_installed_leaves_no_stamp(install: Install) -> None:
    install.failures = 2
    with pytest.raises(dev.CannotSetUp, match="could not be installed"):
        dev.set_up()
    assert not dev.STAMP.exists()


def test_without_qts_libraries_the_line_is_said_and_nothing_else_is_done(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "missing_libraries", lambda *, window: ["libEGL.so.1"])
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    with pytest.raises(dev.CannotSetUp):
        dev.set_up()
    assert "    sudo apt-get install -y --no-install-recommends libegl1\n" in capsys.readouterr().err
    assert install.asked == []


def test_without_a_font_the_line_is_said_and_the_rest_goes_on(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "has_chinese_font", lambda: False)
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    dev.set_up()
    assert "fonts-noto-cjk" in capsys.readouterr().err
    assert install.asked == ["venv", "lock", "project"]


def test_for_emoji_alone_nothing_is_installed_and_the_line_is_said(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "has_emoji_font", lambda: False)
    monkeypatch.setattr(machine, "is_root", lambda: True)
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("dev.subprocess.call", lambda *_words, **_how: pytest.fail("something was installed"))
    dev.set_up()
    assert "install -y --no-install-recommends fonts-noto-color-emoji\n" in capsys.readouterr().err
    assert install.asked == ["venv", "lock", "project"]


def test_a_shim_that_answers_127_is_no_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("a shell script")
    shim = tmp_path / "uv"
    shim.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.working_uv() is None
    shim.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    assert dev.working_uv() == str(shim)


def test_words_for_people_never_stand_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["no-such-thing"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no-such-thing" in said.err


@pytest.mark.parametrize(
    ("failed", "alone", "held"),
    [
        ({"a": True}, [0, 0, 0], True),
        ({"a": True, "b": True}, [0, 0, 0], True),
        ({"a": True}, [0, 0, 1], False),
        ({"a": True, "b": True, "c": True}, [], False),
        ({}, [], False),  # it broke before a test could fail
    ],
)
def test_a_failure_beside_a_neighbour_is_believed_unless_it_holds_three_times_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failed: dict[str, bool],
    alone: list[int],
    held: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = tmp_path / "lastfailed"
    told.write_text(json.dumps(failed), "utf-8")
    monkeypatch.setattr(dev, "LAST_FAILED", told)
    asked: list[list[str]] = []

    def call(command: list[str], **_: object) -> int:
        asked.append(command)
        return alone[len(asked) - 1]

    monkeypatch.setattr(subprocess, "call", call)
    assert dev.only_unsteady(["pytest"]) is held
    assert asked == [["pytest", *failed]] * len(alone)
    assert ("to be mended" in capsys.readouterr().err) is held
