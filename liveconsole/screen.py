"""Is there a screen that a window could open on?"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_OFF_SCREEN: Final = frozenset({"offscreen", "minimal", "minimalegl", "vnc"})
_NEEDS_DISPLAY: Final = ("xcb", "wayland")
_X_PORT: Final = 6000

NO_SCREEN: Final = (
    "liveconsole: 没有连得上的屏幕（看 DISPLAY、WAYLAND_DISPLAY），控制台打不开；没有屏幕可用 serve、rehearse"
    " / no screen answers (DISPLAY, WAYLAND_DISPLAY), so the desk cannot open; serve and rehearse need none\n"
)


def on_screen(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """What ``QT_QPA_PLATFORM`` says; else, on Linux, whether the display that DISPLAY or WAYLAND_DISPLAY
    names takes a connection; elsewhere yes."""
    chosen = env.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0].strip()
    if chosen:
        return chosen not in _OFF_SCREEN
    if not platform.startswith("linux"):
        return True
    return _wayland_answers(env) or _x_answers(env.get("DISPLAY", ""))


def window_opens(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether Qt can open a window, seen or not; where it cannot, Qt ends the process with a core dump."""
    chosen = env.get("QT_QPA_PLATFORM", "").strip()
    if not platform.startswith("linux") or (chosen and not chosen.startswith(_NEEDS_DISPLAY)):
        return True
    return _wayland_answers(env) or _x_answers(env.get("DISPLAY", ""))


def _wayland_answers(env: Mapping[str, str]) -> bool:
    name = env.get("WAYLAND_DISPLAY", "")
    return bool(name) and _unix_answers(str(Path(env.get("XDG_RUNTIME_DIR", "/"), name)))


def _x_answers(display: str) -> bool:
    found = re.fullmatch(r"(?:unix/?|[a-z]+/)?(.*):(\d{1,4})(?:\.\d+)?", display)
    if found is None:
        return False
    host, number = found[1], int(found[2])
    if not host:
        path = f"/tmp/.X11-unix/X{number}"  # where X servers put it, whatever TMPDIR says
        return _unix_answers(path) or _unix_answers(f"\0{path}")
    with contextlib.suppress(OSError), socket.create_connection((host, _X_PORT + number), timeout=2):
        return True
    return False


def _unix_answers(path: str) -> bool:
    if not hasattr(socket, "AF_UNIX"):
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(2)
        end.connect(path)
        return True
    return False
