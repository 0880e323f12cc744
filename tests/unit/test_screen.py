"""A screen counts when it answers, not when a variable names it."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from liveconsole.screen import on_screen


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
