"""The first minutes on somebody's computer: what is not there is said in a line, and nothing falls over."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liveconsole.bus import starting
from liveconsole.cli import main, told_commands
from liveconsole.connectors.rehearsal import command
from liveconsole.exits import Exit
from liveconsole.screen import NO_SCREEN
from tests.contract.engine_process import ROOT, EngineProcess
from ui.program.named import not_there
from ui.program.start import Options


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a screen")
@pytest.mark.parametrize("named", [{}, {"DISPLAY": ":4711"}, {"QT_QPA_PLATFORM": "xcb"}], ids=str)
def test_a_desk_without_a_screen_says_one_line(named: dict[str, str], tmp_path: Path) -> None:
    """Qt would end it with a core dump, after an engine was started that nobody sees."""
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", "--role", "host"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **named},
        cwd=tmp_path, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (Exit.FAILED, b"")
    assert done.stderr.decode() == NO_SCREEN
    assert NO_SCREEN.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_help_needs_no_screen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", "open", "--help"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (Exit.OK, b"")


_WITHOUT_A_LIBRARY = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtGui":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Finder())
from liveconsole.cli import main, told_commands
sys.exit(main(["open"]))
"""


def test_a_library_that_qt_lacks_is_named_with_what_mends_it(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_A_LIBRARY],
        env=env | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    first, second = done.stderr.decode().splitlines()
    assert done.returncode == Exit.FAILED
    assert first.startswith("liveconsole: libEGL.so.1: cannot open")
    assert second.startswith("补上它 / this installs it: ")


_WITHOUT_QT = """
import sys
for name in ("PySide6", "shiboken6", "shibokensupport", "qasync"):
    sys.modules[name] = None  # importing it fails
from liveconsole.cli import main, told_commands
sys.exit(main(["open", "--data", sys.argv[1]]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a screen")
def test_what_is_said_before_the_desk_opens_needs_no_qt(tmp_path: Path) -> None:
    """Where importing Qt is what fails, the line that mends it could not be said any more."""
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    for named, said in (({}, NO_SCREEN), ({"QT_QPA_PLATFORM": "offscreen"}, "liveconsole: import of qasync")):
        done = subprocess.run(
            [sys.executable, "-c", _WITHOUT_QT, str(tmp_path / "data")], env=env | named,
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert (done.returncode, said in done.stderr) == (Exit.FAILED, True), done.stderr
        assert "Traceback" not in done.stderr


_BROKEN_OFF_WHILE_QT_LOADS = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "qasync":
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                pass
sys.meta_path.insert(0, Finder())
from liveconsole.cli import main, told_commands
sys.exit(main(["open", "--host", "--data", sys.argv[1]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends a process there")
def test_ctrl_c_while_qt_is_loaded_is_no_core_dump(tmp_path: Path) -> None:
    """An exception in the middle of the import of PySide6 made it abort."""
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", _BROKEN_OFF_WHILE_QT_LOADS, str(tmp_path / "data")],
        env=env | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (Exit.INTERRUPTED, b"")


@pytest.mark.parametrize("at", ["liveconsole.cli.serve", "liveconsole.connectors.rehearsal.command"])
def test_ctrl_c_while_a_command_is_loaded_is_a_word(
    at: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(_module: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", pressed)
    code, told = _said(capsys, "serve" if at.endswith("serve") else "rehearse")
    assert (code, told) == (Exit.INTERRUPTED, "liveconsole: 已中断 / broken off\n")


@pytest.mark.parametrize("own", [True, False], ids=["a new folder", "--data"])
def test_a_rehearsal_broken_off_while_it_comes_up_leaves_no_engine(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[Path] = []

    async def pressed(_folder: Path, **_how: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "find_or_start", pressed)
    monkeypatch.setattr(command, "end_started", lambda folder, _within: ended.append(folder))
    monkeypatch.setenv("LIVECONSOLE_DATA", str(tmp_path / "home"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    words = ["rehearse"] if own else ["rehearse", "--data", str(tmp_path / "mine")]
    assert main(words) == Exit.INTERRUPTED
    assert [folder.parent for folder in ended] == [tmp_path / "home" / "rehearsal"] * own
    assert "Traceback" not in capsys.readouterr().err


def test_a_child_that_was_started_is_asked_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "program", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    mine, other = (starting.start(tmp_path / name, []) for name in ("mine", "other"))
    starting.end_started(tmp_path / "mine", 20)
    assert (mine.poll() is None, other.poll() is None) == (False, True)
    starting.end_started(tmp_path / "other", 20)


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(words)
    told = capsys.readouterr()
    assert told.out == ""
    return code, told.err


TO_AN_ENGINE = [["tail", "--once"], ["receipt", "x"], ["shop", "check"], ["share"], ["publish"]]
"""Every command that takes --url and --token-file, as a test below holds."""


def test_these_are_all_commands_that_reach_an_engine_elsewhere() -> None:
    files = {
        name: ROOT / (told.where.partition(":")[0].replace(".", "/") + ".py")
        for name, told in told_commands().items()
    }
    found = {
        n for n, path in files.items() if path.exists() and "add_engine_words(" in path.read_text("utf-8")
    }
    assert found == {words[0] for words in TO_AN_ENGINE}


class OneEvent:
    """stdin of `publish`, which without a line asks nobody; anew for every command that reads it."""

    def fileno(self) -> int:
        read, write = os.pipe()
        os.write(write, b'{"specversion":"1.0","id":"1","source":"/x","type":"live.comment.created"}\n')
        os.close(write)
        self.ends = [*getattr(self, "ends", []), read]
        return read


@pytest.fixture
def one_event(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    stdin = OneEvent()
    monkeypatch.setattr(sys, "stdin", stdin)
    yield
    for end in getattr(stdin, "ends", []):
        os.close(end)


@pytest.mark.usefixtures("one_event")
@pytest.mark.parametrize("words", TO_AN_ENGINE, ids=lambda words: words[0])
def test_a_wrong_address_is_said_in_our_words(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "token"
    token.write_text("x")
    for url in ("http://127.0.0.1:9", "nonsense"):
        code, told = _said(capsys, *words, "--url", url, "--token-file", str(token))
        assert code == Exit.NO_ENGINE
        assert told.startswith(f"liveconsole: 连不上引擎 / no engine answers at {url} ("), told
        assert (told.count("\n"), "ssl:" in told) == (1, False)
    none = str(tmp_path / "none")
    code, told = _said(capsys, *words, "--url", "http://127.0.0.1:9", "--token-file", none)
    assert (code, told.startswith(f"liveconsole: {none}: ")) == (Exit.USAGE, True)
    code, told = _said(capsys, *words, "--url", "http://127.0.0.1:9")
    assert (code, told.startswith("liveconsole: --url needs --token-file")) == (Exit.USAGE, True)


@pytest.mark.usefixtures("one_event")
def test_a_wrong_token_is_said_in_both_languages(
    engine_of: Callable[..., EngineProcess], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, token = f"http://127.0.0.1:{engine_of().port}", tmp_path / "token"
    for words in TO_AN_ENGINE:
        for said in ("wrong", ""):
            token.write_text(said)
            code, told = _said(capsys, *words, "--url", url, "--token-file", str(token))
            assert (code, told) == (
                Exit.DENIED,
                "liveconsole: 没有令牌或令牌不对 / No token, or a wrong one\n",
            ), words


@pytest.mark.parametrize(
    "words",
    [
        ["serve"], ["tokens"], ["forget", "x"], ["playback"], ["relay"], ["report"], ["history"],
        ["evidence"], ["backup", "b"], ["receipt", "x"], ["replay", __file__], ["verify-log"], ["customers"],
        ["boards"], ["settlement"], ["sharers"], ["export", "--orders", "o.csv"], ["repair", "--clock"],
        ["tail", "--once"],
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_home_that_holds_no_folder_is_a_line_and_no_traceback(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where the home should be: nobody can write there, root neither."""
    (tmp_path / "home").touch()
    before = sorted(tmp_path.iterdir())
    code, told = _said(capsys, *words, "--data", str(tmp_path / "home" / "LiveConsole"))
    assert code in (Exit.FAILED, Exit.USAGE, Exit.NO_ENGINE)
    assert told.strip()
    assert "Traceback" not in told
    assert told.count("\n") <= 2
    assert sorted(tmp_path.iterdir()) == before


def test_a_desk_at_another_engine_says_what_is_wrong_before_a_window(
    engine_of: Callable[..., EngineProcess], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Address, token, seat: each in its own words and with its own code; nothing is started for it."""
    running, token, data = engine_of(), tmp_path / "token", tmp_path / "data"
    url = f"http://127.0.0.1:{running.port}"

    def opened(*words: str) -> tuple[int, list[str]]:
        code, told = _said(capsys, "open", "--data", str(data), *words)
        lines = told.splitlines()
        assert len(lines) == 2
        assert all(line.startswith("liveconsole: ") for line in lines)
        return code, [line.removeprefix("liveconsole: ") for line in lines]

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    token.write_text("wrong")
    at = ("--url", url, "--token-file", str(token))
    assert opened(*at) == (Exit.DENIED, [f"{url}：没有令牌或令牌不对", f"{url}: No token, or a wrong one"])
    token.write_text(running.tokens["overlay"])
    assert opened(*at)[0] == Exit.DENIED, "a role that sits at no desk"
    for wrong in ("http://127.0.0.1:9", "nonsense"):
        code, lines = opened("--url", wrong, "--token-file", str(token))
        assert code == Exit.NO_ENGINE
        assert "连不上引擎" in lines[0]
        assert f"no engine answers at {wrong}" in lines[1]
    code, lines = opened("--url", url, "--token-file", str(tmp_path / "none"))
    assert (code, str(tmp_path / "none") in lines[0]) == (Exit.USAGE, True)
    code, lines = opened("--seat", "studio")
    assert (code, "liveconsole join" in lines[0]) == (Exit.USAGE, True)
    code, lines = opened("--seat", "../../x")
    assert code == Exit.USAGE
    assert not data.exists(), "nothing was made for a desk that did not open"
    token.write_text(running.tokens["host"])
    named = Options(data=data, url=url, token_file=token)
    assert not_there(named) is None, "the twin: what is there is joined"
