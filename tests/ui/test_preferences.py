"""Theme, size of type, sounds, layout: at once on what is open, remembered, never in anybody's way."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.advice.judged import AdviceFiles
from liveconsole.advice.words import lists
from liveconsole.respath import resources
from tests.ui.fake_bus import until
from ui import preferences, theme
from ui.preferences import SCALES, Preferences, WindowLayout
from ui.preferences import settings as kept
from ui.preferences.columns import ColumnSplitter
from ui.preferences.computer import ComputerPage
from ui.preferences.lists import WORDS, own_copy
from ui.preferences.sounds import AGAIN, NAMES, Sounds
from ui.widgets import Notice, PlainLabel, button

pytestmark = pytest.mark.usefixtures("dressed")


def test_a_theme_reaches_what_is_open_and_is_remembered(
    eyes: Preferences, qtbot: Any, tmp_path: Path
) -> None:
    desk = QWidget()
    notice, plain = Notice(desk), button("x", icon="plus")
    for widget in (desk, plain):
        qtbot.addWidget(widget)
    notice.tell("坏了", "live")
    drawn = plain.icon().pixmap(16, 16).toImage()
    assert eyes.next_theme() == "light"
    assert theme.colour(notice._words.tone) == QColor(theme.soft(theme.THEMES["light"], "live")[1])
    assert plain.icon().pixmap(16, 16).toImage() != drawn
    eyes.flush()
    assert kept.load(tmp_path).theme == "light"
    assert [eyes.next_theme(), eyes.next_theme()] == ["high_contrast", "dark"]


def test_type_grows_and_comes_back_to_the_pixel(eyes: Preferences, qtbot: Any) -> None:
    labels = [PlainLabel("x", role=role) for role in theme.fonts.ROLES]
    held = QWidget()
    inner = QWidget(held)
    inner.setFixedHeight(30)
    for widget in (*labels, held):
        qtbot.addWidget(widget)
    before = [label.font().pixelSize() for label in labels]
    for scale in (*SCALES, 1.25, 1.0):
        eyes.set_text_scale(scale)
        assert [label.font().pixelSize() for label in labels] == [round(size * scale) for size in before]
    assert inner.height() == 30
    eyes.set_text_scale(2.0)
    assert inner.minimumHeight() == 60
    eyes.set_theme("light")  # another style sheet must not give back the old size
    assert [label.font().pixelSize() for label in labels] == [2 * size for size in before]
    assert eyes.settings.text_scale == 2.0
    eyes.set_text_scale(9.0)
    assert theme.text_scale() == 2.0


def test_a_broken_or_later_file_means_the_defaults(tmp_path: Path) -> None:
    assert kept.load(tmp_path) == kept.DeskSettings()
    (tmp_path / "comfort.json").write_text("{", "utf-8")
    assert kept.load(tmp_path) == kept.DeskSettings()
    (tmp_path / "comfort.json").write_text('{"theme": "light", "smell": 3}', "utf-8")
    assert kept.load(tmp_path).theme == "light"


def test_columns_are_kept_for_each_role(eyes: Preferences, qtbot: Any, tmp_path: Path) -> None:
    def columns(role: str) -> ColumnSplitter:
        made = ColumnSplitter(role, [QWidget() for _ in range(3)])
        qtbot.addWidget(made)
        made.resize(1000, 300)
        made.show()
        return made

    first = columns("host")
    usual = first.sizes()
    first.setSizes([400, 300, 276])
    first.splitterMoved.emit(0, 1)
    eyes.keep_layout("host", geometry="00ff")
    eyes.flush()
    preferences.use(Preferences(tmp_path)).sounds.on = False
    assert columns("host").sizes() == pytest.approx(first.sizes(), abs=2)
    assert columns("assistant").sizes() == usual
    assert preferences.current().layout_of("host").geometry == "00ff"
    assert preferences.current().layout_of("operator") == WindowLayout()


def test_without_a_folder_nothing_is_heard_or_kept() -> None:
    silent = Preferences()
    assert not silent.sounds.on
    silent.set_less_motion(True)
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateCombo)
    silent.set_less_motion(False)
    silent.flush()


# Sounds -----------------------------------------------------------------------------------------------


def test_a_flood_rings_once_and_off_is_off(tmp_path: Path) -> None:
    now = [100.0]
    played: list[Path] = []

    def play(path: Path) -> bool:
        played.append(path)
        return True

    sounds = Sounds(folder=tmp_path, play=play, clock=lambda: now[0])
    assert not sounds.play("alert")
    sounds.on = True
    assert [sounds.play("alert") for _ in range(5)] == [True, False, False, False, False]
    assert sounds.play("note")
    now[0] += AGAIN
    assert sounds.play("alert")
    assert [path.stem for path in played] == ["alert", "note", "alert"]
    assert not sounds.play("")


def test_own_files_are_played_from_the_data_folder_only(tmp_path: Path) -> None:
    (tmp_path / "ding.wav").write_bytes(b"")
    (tmp_path.parent / "outside.wav").write_bytes(b"")
    sounds = Sounds(folder=tmp_path)
    assert sounds.file("ding.wav") == tmp_path / "ding.wav"
    for name in ("../outside.wav", "missing.wav", "ding.exe", str(tmp_path.parent / "outside.wav")):
        assert sounds.file(name) is None


def test_without_a_player_the_system_beeps(tmp_path: Path) -> None:
    beeps: list[int] = []
    sounds = Sounds(play=lambda _path: False, beep=lambda: beeps.append(1))
    sounds.on = True
    sounds.play("alert")
    sounds.play("no such sound")
    assert len(beeps) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="winsound plays by itself there")
async def test_a_player_that_never_ends_holds_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ui.preferences.sounds._player", lambda: [sys.executable, "-c", "input()"])
    clock = [0.0]
    sounds = Sounds(clock=lambda: clock[0])
    sounds.on = True
    for name in NAMES:
        assert sounds.play(name)
    assert len(sounds._running) == 3  # a fourth is left out
    await until(lambda: all(p.state() == QProcess.ProcessState.Running for p in sounds._running))
    sounds.stop()
    assert sounds._running == []


async def test_a_player_that_cannot_start_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.preferences.sounds._player", lambda: ["/no/such/player"])
    sounds = Sounds(play=None)
    sounds.on = True
    if sys.platform != "win32":
        sounds.play("note")
        await until(lambda: not sounds._running)


def test_the_sounds_are_there_small_and_made_by_their_script(tmp_path: Path) -> None:
    folder = resources() / "sounds"
    copy = tmp_path / "make.py"
    copy.write_bytes((folder / "make.py").read_bytes())
    subprocess.run([sys.executable, str(copy)], check=True, timeout=60)
    for name in NAMES:
        path = folder / f"{name}.wav"
        assert path.stat().st_size < 20_000
        assert path.read_bytes() == (tmp_path / f"{name}.wav").read_bytes()
        with wave.open(str(path)) as sound:
            assert 0.1 < sound.getnframes() / sound.getframerate() < 1.0


# The pages --------------------------------------------------------------------------------------------


def test_the_page_of_the_computer_sets_at_once(eyes: Preferences, qtbot: Any) -> None:
    sheet = ComputerPage("host")
    qtbot.addWidget(sheet)
    assert [chip.isChecked() for chip in sheet.themes] == [True, False, False]
    sheet.themes[1].click()
    assert theme.tokens().name == "light"
    eyes.next_theme()
    assert [chip.isChecked() for chip in sheet.themes] == [False, False, True]
    sheet.sizes[4].click()
    assert theme.text_scale() == 2.0
    sheet.sizes[0].click()
    sheet.sounds.click()
    assert eyes.settings.sounds is False
    sheet.still.click()
    assert eyes.settings.less_motion is True
    sheet.still.click()


def test_a_list_is_copied_once_and_never_overwritten(tmp_path: Path) -> None:
    path = own_copy(tmp_path, "questions.toml")
    assert path.read_bytes() == (resources() / "questions" / "questions.toml").read_bytes()
    path.write_text("# mine", "utf-8")
    assert own_copy(tmp_path, "questions.toml").read_text("utf-8") == "# mine"
    with pytest.raises(FileNotFoundError):
        own_copy(tmp_path, "../desk.json")


def test_a_list_of_words_is_copied_to_where_the_engine_reads_it(tmp_path: Path) -> None:
    for name in WORDS:
        own = own_copy(tmp_path, name)
        assert own == lists.path(own.stem, tmp_path)
        assert own.read_bytes() == (resources() / name).read_bytes()
    (tmp_path / "words" / "sensitive.txt").write_text("围巾 = 披肩\n", "utf-8")
    books = AdviceFiles(tmp_path / "rehearsal" / "desk")
    assert [found.suggestion for found in books.checker.check("围巾")] == ["披肩"]
