"""A screen counts when it answers, not when a variable names it; what Qt would die of is said before."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveconsole import machine, screen
from liveconsole.screen import CannotOpen, on_screen, plugin_for_a_window
from tests.services import absent

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt's wheel brings all elsewhere")


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({}, "linux", False),
        ({}, "win32", True),
        ({}, "darwin", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "win32", False),
        ({"QT_QPA_PLATFORM": "offscreen:enable_fonts"}, "linux", False),
        ({"QT_QPA_PLATFORM": "xcb"}, "linux", True),
        ({"DISPLAY": ":4711"}, "linux", False),
        ({"DISPLAY": "127.0.0.1:4711"}, "linux", False),
        ({"DISPLAY": "nonsense"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-77", "XDG_RUNTIME_DIR": "/nonexistent"}, "linux", False),
    ],
)
def test_what_the_environment_says(env: dict[str, str], platform: str, expected: bool) -> None:
    assert on_screen(env, platform) is expected


@pytest.mark.skipif(sys.platform == "win32", reason="a Wayland display is a Unix socket")
def test_a_display_that_answers(tmp_path: Path) -> None:
    env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert on_screen(env, "linux")
    assert not on_screen(env, "linux")


BOTH = {"DISPLAY": ":1", "WAYLAND_DISPLAY": "wayland-0"}


@on_linux
@pytest.mark.parametrize(
    ("env", "answering", "lacks", "said"),
    [
        ({"DISPLAY": ":1"}, ["xcb"], [], ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"], [], ""),
        (BOTH, ["wayland", "xcb"], [], ""),
        (BOTH, ["wayland"], [], "wayland"),  # Qt would try the dead one first
        (BOTH, ["wayland", "xcb"], ["libxcb-cursor.so.0"], "wayland"),
        (BOTH, ["wayland", "xcb"], ["libwayland-client.so.0"], "xcb"),
        ({"QT_QPA_PLATFORM": "offscreen"}, [], ["libxcb-cursor.so.0", "libwayland-client.so.0"], ""),
        ({"QT_QPA_PLATFORM": "wayland;xcb", **BOTH}, ["xcb"], [], "xcb"),
    ],
)
def test_qt_is_told_the_way_that_works(
    env: dict[str, str], answering: list[str], lacks: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "platforms_that_answer", lambda _env: answering)
    monkeypatch.setattr(machine, "_loads", lambda soname: soname not in lacks)
    assert plugin_for_a_window(env, "linux") == said


@on_linux
@pytest.mark.parametrize(
    ("env", "lacks", "words"),
    [
        ({"DISPLAY": ":1"}, ["libxcb-cursor.so.0"], ["so.0", "zypper install -y libxcb-cursor0"]),
        ({"QT_QPA_PLATFORM": "xcb"}, ["libxcb-cursor.so.0"], ["zypper install -y libxcb-cursor0"]),
        ({"QT_QPA_PLATFORM": "offscreen"}, ["libEGL.so.1"], ["libEGL.so.1", "zypper install -y libglvnd"]),
        ({"QT_QPA_PLATFORM": "coca"}, [], ["QT_QPA_PLATFORM=coca"]),
    ],
)  # fmt: skip
def test_what_a_window_lacks_is_said_with_the_line_that_brings_it(
    env: dict[str, str], lacks: list[str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "platforms_that_answer", lambda _env: ["xcb"])
    monkeypatch.setattr(machine, "_loads", lambda soname: soname not in lacks)
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "opensuse-leap", "ID_LIKE": "suse opensuse"})
    with pytest.raises(CannotOpen) as why:
        plugin_for_a_window(env, "linux")
    assert [word for word in words if word not in str(why.value)] == []


@contextlib.contextmanager
def _x_server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    if shutil.which("Xvfb") is None:
        absent("no Xvfb here: apt-get install xvfb")
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "64x64x24"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        yield f":{server.stdout.readline().decode().strip()}", server
        server.kill()


@on_linux
def test_a_display_that_is_stopped_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "_WAITED", 0.3)
    with _x_server() as (display, server):
        assert screen.platforms_that_answer({"DISPLAY": display}) == ["xcb"]
        server.send_signal(signal.SIGSTOP)
        assert screen.platforms_that_answer({"DISPLAY": display}) == []


@on_linux
def test_every_library_that_qt_is_linked_with_is_in_the_table() -> None:
    """A library that the table does not know would be Qt's word, or its death, instead of ours."""
    found = importlib.util.find_spec("PySide6")
    assert found is not None
    assert found.origin is not None
    qt = Path(found.origin).parent / "Qt"
    lib, platforms = qt / "lib", qt / "plugins" / "platforms"
    always = {"libc", "libm", "libstdc++", "libgcc_s", "libz", "libzstd", "libgthread-2.0", "ld-linux-x86-64"}
    base = {row[0] for row in machine._NEEDED}
    files = {
        "": [lib / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "DBus", "Svg")],
        "xcb": [lib / "libQt6XcbQpa.so.6", platforms / "libqxcb.so"],
        "wayland": [lib / "libQt6WaylandClient.so.6", platforms / "libqwayland.so"],
    }
    for platform, paths in files.items():
        known = base | {row[0] for row in machine._PLATFORMS.get(platform, ())}
        for path in paths:
            wanted = {
                n
                for n in _linked_with(path)
                if n.partition(".so")[0] not in always and not (lib / n).exists()
            }
            assert wanted <= known, path.name


def _linked_with(path: Path) -> set[str]:
    """The sonames in the dynamic section of a 64-bit ELF file."""
    data = path.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01"
    start, size, count = struct.unpack_from("<Q", data, 0x28)[0], *struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQII", data, start + n * size) for n in range(count)]
    dynamic = next(section for section in sections if section[1] == 6)
    names = sections[dynamic[6]][4]
    tags = struct.iter_unpack("<qQ", data[dynamic[4] : dynamic[4] + dynamic[5]])
    starts = [names + value for tag, value in tags if tag == 1]
    return {data[at : data.index(b"\0", at)].decode() for at in starts}


@pytest.mark.parametrize(("refused", "lets_in"), [(0, True), (2, True), (99, False)])
def test_a_display_that_begins_anew_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, refused: int, lets_in: bool
) -> None:
    """As one without a client does after every client that went."""
    asked: list[int] = []

    class Xcb:
        @staticmethod
        def xcb_connect(_display: bytes, _screen: None) -> int:
            asked.append(1)
            return 1

        @staticmethod
        def xcb_connection_has_error(_link: object) -> int:
            return int(len(asked) <= refused)

        @staticmethod
        def xcb_disconnect(_link: object) -> None:
            pass

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Xcb())
    monkeypatch.setattr(screen, "_REST", 0.0)
    assert screen._x_lets_us_in(":7") is lets_in
    assert len(asked) == min(refused + 1, screen._TRIES)
