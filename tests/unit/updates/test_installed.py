"""Which version lies under a program that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole import __version__
from liveconsole.bus import starting
from liveconsole.updates import installed
from liveconsole.updates.installed import installed_version, is_newer

ROOT = Path(__file__).resolve().parents[3]


def test_a_source_tree_and_a_wheel_say_it_in_the_package(tmp_path: Path) -> None:
    assert installed_version() == __version__
    (tmp_path / "__init__.py").write_text('"""x"""\n__version__ = "9.8.7"\n')
    assert installed_version(tmp_path) == "9.8.7"


def test_a_bundle_says_it_in_a_file_beside_its_modules(tmp_path: Path) -> None:
    (tmp_path / installed.BUNDLED).write_text("9.8.7\n")
    assert installed_version(tmp_path) == "9.8.7"
    spec = (ROOT / "build.spec").read_text("utf-8")
    assert f'"liveconsole/{installed.BUNDLED}"' in spec
    assert re.search(r'write_text\(f"\{VERSION\}\\n"', spec)


@pytest.mark.parametrize("said", ["", "9.8.7 or so", "9" * 5000, "\xff\xfe9.8.7"])
def test_what_is_no_version_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / installed.BUNDLED).write_text(said)
    assert installed_version(tmp_path) == ""
    assert installed_version(tmp_path / "removed") == ""
    assert not is_newer("", __version__)


def test_newer_is_by_number() -> None:
    assert is_newer("0.10.0", "0.9.9")
    assert not is_newer("0.9.9", "0.10.0")
    assert not is_newer("1.0.0", "1.0.0")


@pytest.mark.skipif(os.name != "posix", reason="the words are the same, detaching is not")
@pytest.mark.parametrize(
    ("program", "frozen", "whole"),
    [
        ("/opt/liveconsole/liveconsole-desk", True, ["/opt/liveconsole/liveconsole-desk", "--role", "host"]),
        ("/opt/liveconsole/liveconsole", True, ["/opt/liveconsole/liveconsole", "open", "--role", "host"]),
        ("/usr/bin/python3", False, ["/usr/bin/python3", "-m", "liveconsole", "open", "--role", "host"]),
    ],
)
def test_a_desk_comes_up_again_as_it_was_started(
    monkeypatch: pytest.MonkeyPatch, program: str, frozen: bool, whole: list[str]
) -> None:
    started: list[tuple[list[str], dict[str, object]]] = []
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    monkeypatch.setattr(subprocess, "Popen", lambda words, **how: started.append((words, how)))
    starting.start_desk(["--role", "host"])
    [(words, how)] = started
    assert words == whole
    environment = how["env"]
    assert isinstance(environment, dict)
    assert environment["PYINSTALLER_RESET_ENVIRONMENT"] == "1", "else it takes itself for a part of this one"
    assert how["start_new_session"]
