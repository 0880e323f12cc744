"""dev.py: it installs when it must and only then, repairs what is half made, and says what it cannot do."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dev
import dev_progress
from liveconsole import machine


class Install:
    """Stands in for uv and pip: notes what was asked, and fails as often as told, with these words."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failures = 0
        self.words, self.touched = "no route to host", True

    def made(self, command: list[str]) -> None:
        self.asked.append("venv")
        dev.PYTHON.parent.mkdir(parents=True)
        dev.PYTHON.symlink_to(sys.executable)

    def __call__(self, command: list[str], what: str, total: int) -> None:
        locked = [Path(word).stem for word in command if word.endswith(".lock")]
        self.asked += locked or ["project"]
        if self.failures:
            self.failures -= 1
            raise dev_progress.Failed(self.words, touched=self.touched)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A project of its own in a temporary folder, on a machine that lacks nothing."""
    if sys.platform == "win32":
        pytest.skip("needs symbolic links")
    locks = {"run": tmp_path / "run.lock", "dev": tmp_path / "dev.lock"}
    for name, path in locks.items():
        path.write_text(f"{name}==1", "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin/python", "LOCKS": locks,
        "STAMP": venv / "liveconsole.stamp", "TRIED": venv / "tried",
    }.items():  # fmt: skip
        monkeypatch.setattr(dev, name, value)
    monkeypatch.setattr(dev, "working_uv", lambda: "uv")
    monkeypatch.setattr(machine, "missing_libraries", lambda *, window: [])
    monkeypatch.setattr(machine, "has_chinese_font", lambda: True)
    monkeypatch.setattr(machine, "has_emoji_font", lambda: True)
    monkeypatch.setattr(machine, "is_root", lambda: False)
    fake = Install()
    monkeypatch.setattr(dev, "quietly", fake.made)
    monkeypatch.setattr(dev, "follow", fake)
    return fake


def test_a_fresh_folder_is_set_up_once(install: Install) -> None:
    dev.set_up()
    dev.set_up()
    assert install.asked == ["venv", "dev", "project"]


def test_running_needs_no_tools_and_what_has_the_tools_can_run(install: Install) -> None:
    dev.set_up("run")
    dev.set_up("run")
    assert install.asked == ["venv", "run", "project"]
    dev.set_up("dev")
    for part in ("run", "dev", "run"):
        dev.set_up(part)
    assert install.asked == ["venv", "run", "project", "dev", "project"]


def test_each_command_asks_for_its_part(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(dev, "set_up", asked.append)
    monkeypatch.setattr(dev, "become", lambda _command: 0)
    monkeypatch.setattr(dev, "lint", list)
    monkeypatch.setattr(dev, "run_tests", lambda _args: [])
    for command in ("run", "bench", "test", "lint", "sim", "setup"):
        assert dev.main([command]) == 0
    assert asked == ["run", "run", "dev", "dev", "dev", "dev"]


def test_a_changed_lock_is_installed_into_the_same_venv(install: Install) -> None:
    dev.set_up("run")
    dev.LOCKS["run"].write_text("a==2", "utf-8")
    dev.set_up("run")
    assert install.asked == ["venv", "run", "project", "run", "project"]
    dev.set_up("dev")
    dev.LOCKS["run"].write_text("a==3", "utf-8")
    dev.set_up("run")
    dev.LOCKS["run"].write_text("a==2", "utf-8")  # as after a `git checkout`: what stands there is a==3
    dev.set_up("run")
    assert install.asked[5:] == ["dev", "project", *["run", "project"] * 2]


@pytest.mark.parametrize("at", [0, 1])
def test_what_was_broken_off_is_made_anew(at: int, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a package may look whole to pip and to uv, so nothing is built upon it."""
    before = ["run", "dev"][:at]
    for part in before:
        dev.set_up(part)

    def pulled_out(command: list[str], what: str, total: int) -> None:
        raise KeyboardInterrupt

    dev.LOCKS["dev"].write_text("a==2", "utf-8")
    with monkeypatch.context() as during:
        during.setattr(dev, "follow", pulled_out)
        with pytest.raises(KeyboardInterrupt):
            dev.set_up()
    assert not dev.STAMP.exists()
    install.asked.clear()
    dev.LOCKS["dev"].write_text(
        "dev==1", "utf-8"
    )  # the old lock again, whose stamp would have told that all is there
    dev.set_up("run" if at else "dev")
    assert install.asked == ["venv", "run" if at else "dev", "project"]


def test_a_venv_without_a_working_python_is_made_anew(install: Install) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.symlink_to("/nowhere/python3.11")
    dev.set_up()
    assert install.asked == ["venv", "dev", "project"]


def test_a_failed_installation_is_tried_once_more_from_an_empty_venv(install: Install) -> None:
    install.failures = 1
    dev.set_up()
    assert install.asked == ["venv", "dev", "venv", "dev", "project"]


def test_what_cannot_be_installed_leaves_no_stamp(install: Install) -> None:
    install.failures = 2
    with pytest.raises(dev.CannotSetUp, match="could not be installed"):
        dev.set_up()
    assert not dev.STAMP.exists()


def test_what_works_is_not_thrown_away_where_nothing_can_be_fetched(install: Install) -> None:
    dev.set_up("run")
    before = dev.STAMP.read_text("utf-8")
    dev.LOCKS["run"].write_text("a==2", "utf-8")
    install.failures, install.touched = 1, False
    with pytest.raises(dev.CannotSetUp, match="UV_DEFAULT_INDEX"):
        dev.set_up("run")
    assert install.asked == ["venv", "run", "project", "run"]
    assert dev.STAMP.read_text("utf-8") == before
    dev.LOCKS["run"].write_text("run==1", "utf-8")
    dev.set_up("run")
    assert install.asked == ["venv", "run", "project", "run"], (
        "the lock of before, and its packages are there"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("failed to write: No space left on device (os error 28)", "the disk is full"),
        ("error: Hash mismatch for `a==1`", "not the one that the lock names"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that the lock names"),
        ("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
    ],
)
def test_what_a_second_try_cannot_help_is_said_at_once(words: str, said: str, install: Install) -> None:
    install.failures, install.words = 1, words
    with pytest.raises(dev.CannotSetUp, match=said):
        dev.set_up()
    assert install.asked == ["venv", "dev"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_line(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o500)
    assert dev.main(["setup"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_full_disk_before_the_first_file_is_a_line(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_part: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "some/.venv.lock")

    monkeypatch.setattr(dev, "set_up", full)
    assert dev.main(["setup"]) == 1
    assert capsys.readouterr().err == (
        "some/.venv.lock: No space left on device; nothing more can be done without it\n"
    )


PIP = """\
Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Collecting aiohttp==3.14.5 (from -r requirements.lock (line 6))
  Downloading aiohttp-3.14.5-cp311-cp311-manylinux_2_17_x86_64.whl (1.8 MB)
Collecting pyside6-essentials==6.11.0 (from -r requirements.lock (line 99))
  Downloading pyside6_essentials-6.11.0-cp39-abi3-manylinux_2_28_x86_64.whl (94.2 MB)
Progress 1000 of 4000
Installing collected packages: aiohttp, pyside6-essentials
"""
APT = """\
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://deb.debian.org/debian bookworm/main amd64 fonts-noto-cjk all 1:20220127+repack1-1 [59.9 MB]
Setting up libgl1:amd64 (1.6.0-1) ...
Setting up fonts-noto-cjk (1:20220127+repack1-1) ...
"""
UV = """\
Resolved 2 packages in 12ms
Downloading pyside6-essentials (74.0MiB)
 Downloaded pyside6-essentials
Prepared 2 packages in 3.2s
Installed 2 packages in 40ms
"""


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (PIP, ["0 of 2 packages", "1 of 2 packages, aiohttp", "1 of 2 packages, aiohttp (1.8 MB)",
               "2 of 2 packages, pyside6-essentials", "2 of 2 packages, pyside6_essentials (94.2 MB)",
               "2 of 2 packages, pyside6_essentials (94.2 MB), 25 %", "2 of 2 packages, unpacking"]),
        (UV, ["0 of 2 packages", "0 of 2 packages, pyside6-essentials (74.0MiB)",
              "0 of 2 packages, pyside6-essentials (74.0MiB)", "2 of 2 packages",
              "2 of 2 packages, unpacking"]),
        (APT, ["0 of 2 packages", "0 of 2 packages, fonts-noto-cjk (59.9 MB)",
               "1 of 2 packages, libgl1:amd64", "2 of 2 packages, fonts-noto-cjk"]),
    ],
    ids=["pip", "uv", "apt"],
)  # fmt: skip
def test_an_installation_says_what_it_is_at_and_how_far(words: str, lines: list[str]) -> None:
    progress = dev_progress.Progress("installing", total=3)
    told = []
    for line in words.splitlines():
        progress.heard(line)
        assert progress.touched == line.startswith(("Installing", "Installed", "Prepared", "Setting")), line
        told.append(progress.line())
    assert [line.rpartition(", ")[0] for line in told] == [f"installing: {line}" for line in lines]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("out", [io.StringIO(), Screen()], ids=["a pipe", "a terminal"])
def test_a_long_installation_is_never_silent(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev_progress, "EVERY_S", 0.02)
    monkeypatch.setattr(dev_progress, "TURN_S", 0.02)
    with dev_progress.Progress("installing", 7, out):
        time.sleep(0.2)
    written = out.getvalue()
    assert written.count("installing: 0 of 7 packages, 0 s") > 2
    assert ("\r" in written) is out.isatty()
    assert ("\n" in written) is not out.isatty()


def test_what_an_installer_said_last_is_shown_when_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    fails = [
        sys.executable,
        "-c",
        "print('Collecting a'); print('[Errno 28] No space left'); raise SystemExit(1)",
    ]
    with pytest.raises(dev_progress.Failed) as why:
        dev_progress.followed(fails, "installing", 1, Path.cwd())
    assert not why.value.touched
    assert why.value.words == "Collecting a\n[Errno 28] No space left"
    assert capfd.readouterr() == ("", why.value.words + "\n")


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
    assert install.asked == ["venv", "dev", "project"]


def test_for_emoji_alone_nothing_is_installed_and_the_line_is_said(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "has_emoji_font", lambda: False)
    monkeypatch.setattr(machine, "is_root", lambda: True)
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    dev.set_up()
    assert "install -y --no-install-recommends fonts-noto-color-emoji\n" in capsys.readouterr().err
    assert install.asked == ["venv", "dev", "project"]


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


@pytest.mark.skipif(sys.platform != "linux", reason="the locale C.UTF-8 is Linux's")
@pytest.mark.parametrize(
    ("set_here", "then"),
    [
        ({}, {"LANG": "C.UTF-8"}),
        ({"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8"}),
        ({"LANG": "C"}, {"LANG": "C", "LC_ALL": "C.UTF-8"}),
        ({"LANG": "zh_CN.UTF-8"}, {"LANG": "zh_CN.UTF-8"}),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "C"}, {"LC_ALL": "de_DE.UTF-8", "LANG": "C"}),
    ],
    ids=str,
)
def test_qt_is_given_a_locale_that_it_does_not_warn_of(
    set_here: dict[str, str], then: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", set_here)
    assert dev.environment() == {**then, "PYTHONUTF8": "1"}


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


IN_ORDER = """
import os, time, pytest
PLACE = {place!r}
@pytest.mark.parametrize("number", range(6))
def test_goes_on(number):
    with open(PLACE, "a") as file:
        file.write(f"{{os.getpid()}} {{number}}\\n")
    time.sleep(1.5 if not number else 0)
    assert number != {fails}
"""
"""Tests of one evening; the first takes long, as to build does."""
OTHERS = """
import pytest
@pytest.mark.parametrize("number", range(6))
def test_minds_no_neighbour(number): pass
"""


@pytest.mark.parametrize(("in_order", "fails"), [("tests/bundle", 9), ("tests/bundle", 5), ("tests/none", 9)])
def test_what_goes_on_from_one_another_is_one_process(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    in_order: str,
    fails: int,
) -> None:
    """And the twin, in which those of one evening are dealt out with the others: a worker that has nothing
    more to do takes the last of them."""
    began = tmp_path / "began"
    for folder, source in (
        ("bundle", IN_ORDER.format(place=str(began), fails=fails)),
        ("none", "def test_none(): pass"), ("unit", OTHERS), ("bench", OTHERS),
    ):  # fmt: skip
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / "test_it.py").write_text(source, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", "utf-8")
    for name, value in {"ROOT": tmp_path, "PYTHON": sys.executable, "IN_ORDER": in_order, "WORKERS": 2,
                        "ALONE": ("tests/bench",), "LAST_FAILED": tmp_path / "none"}.items():  # fmt: skip
        monkeypatch.setattr(dev, name, value)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist")
    failed = dev.run_tests([])
    said = capfd.readouterr().out
    lines = [line.split() for line in began.read_text("utf-8").splitlines()]
    alone = in_order == "tests/bundle"
    assert (len({process for process, _ in lines}) == 1) is alone, said
    assert ([number for _, number in lines] == list("012345")) is alone
    assert failed == ["tests in order"] * (fails == 5), said
    assert ("test_goes_on[5]" in said) is (fails == 5)
