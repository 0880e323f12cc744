"""liveconsole.doctor and liveconsole.machine: findings are true, each bad one says what mends it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole import doctor, machine
from liveconsole.bus import discovery
from liveconsole.store import keys

ROOT = Path(__file__).resolve().parent.parent.parent


def _by_name(folder: Path, lang: str = "zh") -> dict[str, doctor.Finding]:
    return {finding.name: finding for finding in doctor.examine(folder, lang)}


def test_a_report_for_programs_and_one_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = doctor.run(["--json", "--data", str(tmp_path)])
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is (status == 0)
    assert {"python", "sqlcipher", "qt", "font", "emoji", "data", "key", "loopback", "engine"} == {
        f["name"] for f in report["findings"]
    }
    doctor.run(["--data", str(tmp_path), "--lang", "en"])
    assert f"data folder: {tmp_path}" in capsys.readouterr().out


def test_a_synced_folder_is_bad(tmp_path: Path) -> None:
    assert _by_name(tmp_path / "OneDrive" / "room")["data"].state == "bad"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_folder_open_to_others_is_told_with_the_line_that_closes_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = _by_name(tmp_path)["data"]
    assert (found.state, found.mend) == ("worth_knowing", f'chmod 700 "{tmp_path}"')
    tmp_path.chmod(0o700)
    assert _by_name(tmp_path)["data"].state == "good"


def test_the_keys_place_is_told(tmp_path: Path) -> None:
    assert _by_name(tmp_path)["key"].state == "good"  # no room yet
    keys.place_new_key(tmp_path)
    found = _by_name(tmp_path, "en")["key"]
    assert (found.state, "only you may read" in found.says) == ("worth_knowing", True)


def test_an_engine_that_is_gone_without_a_word_is_told(tmp_path: Path) -> None:
    assert _by_name(tmp_path)["engine"].state == "good"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # not listening: the port is refused and stays ours
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        discovery.announce(tmp_path, discovery.Discovery(url, 1, "0.1.0", "k", {}))
        assert _by_name(tmp_path)["engine"].state == "worth_knowing"


def test_missing_libraries_are_bad_and_name_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_libraries", lambda *, window: ["libEGL.so.1"])
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"})
    found = _by_name(tmp_path)["qt"]
    assert found.state == "bad"
    assert found.mend is not None
    assert found.mend.endswith("apt-get install -y --no-install-recommends libegl1")


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ({"ID": "fedora"}, "dnf install -y xcb-util-cursor google-noto-sans-cjk-fonts"),
        ({"ID": "arch"}, "pacman -S --needed xcb-util-cursor noto-fonts-cjk"),
        (
            {"ID": "debian"},
            "apt-get install -y --no-install-recommends libxcb-cursor0 fonts-noto-cjk python3-venv",
        ),
        ({"ID": "plan9"}, None),
    ],
)
def test_each_family_has_its_own_line(
    release: dict[str, str], line: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_os_release", lambda: release)
    monkeypatch.setattr(machine, "is_root", lambda: True)
    assert machine.mending_line(["libxcb-cursor.so.0"], font=True, extra=("python3-venv",)) == line


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the wheel brings them elsewhere")
def test_a_library_that_is_not_there_is_seen_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("libnosuchthing.so.9", "libnosuchthing9", "nosuchthing", "nosuchthing")
    monkeypatch.setattr(machine, "_NEEDED", (*machine._NEEDED, row))
    assert "libnosuchthing.so.9" in machine.missing_libraries(window=False)


def test_a_check_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        raise OSError("no fonts folder")

    monkeypatch.setattr(machine, "has_chinese_font", broken)
    found = _by_name(tmp_path)
    assert (found["font"].state, found["font"].says) == ("bad", "OSError: no fonts folder")
    assert found["loopback"].state == "good"


def test_a_font_with_emoji_is_missed_and_brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("liveconsole.machine.sys.platform", "linux")
    monkeypatch.setattr(machine, "_font_files", lambda: iter(["NotoSansCJK-Regular.ttc", "emoji.txt"]))
    found = _by_name(tmp_path)
    assert (found["font"].state, found["emoji"].state) == ("good", "worth_knowing")
    assert found["emoji"].mend is not None
    assert found["emoji"].mend.endswith(" fonts-noto-color-emoji")
    monkeypatch.setattr(machine, "_font_files", lambda: iter(["NotoColorEmoji.ttf"]))
    found = _by_name(tmp_path)
    assert (found["font"].state, found["emoji"].state) == ("bad", "good")


def test_the_install_script_has_the_same_packages() -> None:
    script = (ROOT / "packaging/linux/install-deps.sh").read_text("utf-8")
    listed = re.search(r'^packages="\n(.*?)"$', script, re.DOTALL | re.MULTILINE)
    assert listed is not None
    assert listed[1].split() == machine.debian_packages()


def test_the_doctor_asks_without_importing_qt(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from liveconsole import doctor; "
    code += "doctor.examine(Path(sys.argv[1])); print('PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert done.stdout.strip() == "False", done.stderr
