"""The installer for Windows, compiled where makensis is; what only Windows can show was never run."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from liveconsole import __version__
from liveconsole.exits import Exit
from tests.services import absent
from tests.unit.packaging.scripts import PACKAGING, script, small_bundle
from tests.unit.updates.made_notices import NOW, SOURCE
from ui.program.identity import APP_ID, tell_the_task_bar

NSI = (PACKAGING / "windows/liveconsole.nsi").read_text("utf-8")


def compiled(tmp_path: Path, source: str | None = None) -> subprocess.CompletedProcess[str]:
    makensis = shutil.which("makensis")
    if makensis is None:
        absent("no makensis here (apt-get install nsis)")
    nsi = PACKAGING / "windows/liveconsole.nsi"
    if source is not None:
        nsi = tmp_path / "liveconsole.nsi"
        nsi.write_text(source.replace('"app.ico"', f'"{PACKAGING / "windows/app.ico"}"'), "utf-8")
    words = [f"-DVERSION={__version__}", f"-DBUNDLE={tmp_path / 'bundle'}", f"-DOUT={tmp_path / 'out.exe'}"]
    return subprocess.run(
        [makensis, "-WX", "-V3", *words, str(nsi)], capture_output=True, text=True, check=False
    )


def test_it_compiles_without_a_warning_and_says_who_made_it(tmp_path: Path) -> None:
    small_bundle(tmp_path / "bundle")
    done = compiled(tmp_path)
    assert done.returncode == 0, done.stdout
    made = (tmp_path / "out.exe").read_bytes()
    assert made[:2] == b"MZ"
    for said in ("The LiveConsole maintainers", "LiveConsole", __version__, "MIT licence"):
        assert said.encode("utf-16-le") in made, said
    assert b'requestedExecutionLevel level="asInvoker"' in made or b"asInvoker" in made, "no administrator"


def test_the_twin_a_word_that_one_language_lacks_does_not_compile(tmp_path: Path) -> None:
    small_bundle(tmp_path / "bundle")
    line = next(line for line in NSI.splitlines() if line.startswith("LangString ROOMS ${LANG_ENGLISH}"))
    assert compiled(tmp_path, NSI.replace(line + "\n", "")).returncode != 0


def test_nothing_of_a_program_is_touched_before_it_was_asked_to_close() -> None:
    """In each section the call stands before the first deed; a person who does not answer stops it."""
    for name in ('Section "-program"', 'Section "un.$(PROGRAM)"'):
        body = NSI[NSI.index(name) : NSI.index("SectionEnd", NSI.index(name))]
        deeds = [body.index(word) for word in ("RMDir", "Delete ", "File /r", "WriteReg") if word in body]
        assert body.index("AskToClose") < min(deeds)
    asked = NSI[NSI.index("!macro AskToClose") : NSI.index("!macroend", NSI.index("!macro AskToClose"))]
    assert "/SD IDCANCEL" in asked
    assert f"SetErrorLevel {int(Exit.TAKEN)}" in asked
    assert asked.count("FileOpen") == 2, "the engine and the desk"


def test_data_goes_only_when_it_was_ticked_and_said_once_more() -> None:
    data = NSI[NSI.index('Section /o "un.$(ROOMS)"') :]
    assert "/SD IDNO IDNO kept" in data
    assert data.index("MessageBox") < data.index('RMDir /r "${DATA}"')
    assert NSI.count('"${DATA}"') == 1
    # Nothing is taken away with all that is below it but the program's own folder and, ticked, the data.
    assert set(re.findall(r"RMDir /r (\S+)", NSI)) == {'"$INSTDIR\\_internal"', '"${DATA}"'}


def test_wingets_manifests_are_filled_in_and_name_what_the_installer_says(tmp_path: Path) -> None:
    (tmp_path / f"LiveConsole-{__version__}-win64.exe").write_bytes(b"MZ")
    made = script("release/make_latest.py").winget(tmp_path, SOURCE, NOW)
    told = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in made}
    assert set(told) == {
        "LiveConsole.LiveConsole.yaml",
        "LiveConsole.LiveConsole.installer.yaml",
        "LiveConsole.LiveConsole.locale.en-US.yaml",
        "LiveConsole.LiveConsole.locale.zh-CN.yaml",
    }
    for one in told.values():
        assert one["PackageIdentifier"] == "LiveConsole.LiveConsole"
        assert str(one["PackageVersion"]) == __version__
        assert "$" not in str(one)
    (installer,) = told["LiveConsole.LiveConsole.installer.yaml"]["Installers"]
    assert re.fullmatch(r"[0-9A-F]{64}", installer["InstallerSha256"])
    assert installer["InstallerUrl"].endswith(f"/download/{__version__}/LiveConsole-{__version__}-win64.exe")
    (busy,) = told["LiveConsole.LiveConsole.installer.yaml"]["ExpectedReturnCodes"]
    assert busy["InstallerReturnCode"] == int(Exit.TAKEN)


def test_what_windows_shows_of_the_programs_is_what_pyinstaller_reads(tmp_path: Path) -> None:
    made = script("windows/version_info.py")
    for name in made.DESCRIBED:
        told = Path(made.version_info(name, __version__, tmp_path)).read_text("utf-8")
        said = dict(re.findall(r'StringStruct\("(\w+)", \'(.*?)\'\)', told))
        assert said["CompanyName"] == "The LiveConsole maintainers"
        assert said["OriginalFilename"] == f"{name}.exe"
        assert said["ProductVersion"] == said["FileVersion"] == __version__
        tree = ast.parse(told, mode="eval")  # PyInstaller evaluates it, with these names alone
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names == {"VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct",
                         "VarFileInfo", "VarStruct"}  # fmt: skip


def test_windows_is_told_who_the_program_is_where_it_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ctypes
    from types import SimpleNamespace

    told: list[str] = []
    shell = SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=told.append)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(shell32=shell), raising=False)
    assert tell_the_task_bar("win32", frozen=False) == APP_ID
    assert told == [APP_ID]
    assert tell_the_task_bar("win32", frozen=True) is None
    assert tell_the_task_bar("linux") is None
    assert told == [APP_ID]
    monkeypatch.delattr(ctypes, "windll")
    assert tell_the_task_bar("win32", frozen=False) is None
