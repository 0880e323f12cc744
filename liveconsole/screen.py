"""Is there a screen that a window could open on?"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from liveconsole import machine

_OFF_SCREEN: Final = frozenset({"offscreen", "minimal", "minimalegl", "vnc"})
_X_PORT: Final = 6000
_TRIES, _REST = 4, 0.15
"""How often a display is asked that turned us away, and seconds between."""
_WAITED: Final = 2.0
"""Seconds that a display has to answer."""

NO_SCREEN: Final = (
    "liveconsole: 没有连得上的屏幕（看 DISPLAY、WAYLAND_DISPLAY），控制台打不开；没有屏幕可用 serve、rehearse"
    " / no screen answers (DISPLAY, WAYLAND_DISPLAY), so the desk cannot open; serve and rehearse need none\n"
)


class CannotOpen(Exception):
    """Why no window can open here: lines for a person, in both languages."""


def on_screen(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """What ``QT_QPA_PLATFORM`` says; else, on Linux, whether the display that DISPLAY or WAYLAND_DISPLAY
    names takes a connection; elsewhere yes."""
    chosen = _chosen(env)
    if chosen:
        return chosen[0] not in _OFF_SCREEN
    return not platform.startswith("linux") or bool(platforms_that_answer(env))


def platforms_that_answer(env: Mapping[str, str] = os.environ) -> list[str]:
    """Qt's plugins that would find a screen: ``wayland``, ``xcb``; takes 2 s for each that is silent."""
    found = ["wayland"] if _wayland_answers(env) else []
    return [*found, "xcb"] if _x_answers(env.get("DISPLAY", "")) else found


def plugin_for_a_window(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """What ``QT_QPA_PLATFORM`` has to say so that Qt opens a window, seen or not; "" for what it says now.

    Asked before Qt is loaded: where it finds no screen, or not the libraries of the plugin that it takes, it
    ends the process with a core dump.

    Raises:
        CannotOpen: there is none.
    """
    if not platform.startswith("linux"):
        return ""
    chosen = _chosen(env)
    if unknown := [name for name in chosen if not machine.has_qt_platform(name)]:
        raise CannotOpen(
            f"liveconsole: QT_QPA_PLATFORM={unknown[0]}：Qt 没有这个插件，去掉它再试"
            f" / Qt has no plugin {unknown[0]!r}: unset QT_QPA_PLATFORM and try again\n"
        )
    needs_screen = [name for name in chosen if _kind(name)]
    answering = platforms_that_answer(env) if needs_screen or not chosen else []
    usable = [name for name in chosen or answering if not _kind(name) or _kind(name) in answering]
    if not usable:
        raise CannotOpen(NO_SCREEN)
    lacking = {name: machine.missing_for(_kind(name)) for name in usable}
    complete = [name for name in usable if not lacking[name]]
    if not complete:
        fewest = min(lacking.values(), key=len)
        line = machine.mending_line(fewest, font=False)
        raise CannotOpen(
            f"liveconsole: 缺系统库，窗口打不开 / a window needs what the system lacks: {', '.join(fewest)}\n"
            f"补上它 / this installs it: {line or 'liveconsole doctor'}\n"
        )
    if chosen:
        return "" if complete == chosen else ";".join(complete)
    named = {"wayland": env.get("WAYLAND_DISPLAY"), "xcb": env.get("DISPLAY")}
    left_out = any(value and name not in complete for name, value in named.items())
    return ";".join(complete) if left_out else ""


def _chosen(env: Mapping[str, str]) -> list[str]:
    """The plugins of QT_QPA_PLATFORM (``wayland;xcb``, ``offscreen:enable_fonts``), without their options."""
    names = (part.split(":")[0].strip() for part in env.get("QT_QPA_PLATFORM", "").split(";"))
    return [name for name in names if name]


def _kind(name: str) -> str:
    """``xcb`` or ``wayland`` for a plugin that needs a screen (``wayland-egl``), else ""."""
    return name.split("-")[0] if name.startswith(("xcb", "wayland")) else ""


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
        return (_unix_answers(path) or _unix_answers(f"\0{path}")) and _x_lets_us_in(display)
    with contextlib.suppress(OSError), socket.create_connection((host, _X_PORT + number), timeout=_WAITED):
        return _x_lets_us_in(display)
    return False


def _x_lets_us_in(display: str) -> bool:
    """Whether the server that takes connections answers ours: another user's turns it away, a stopped one is
    silent. True where the library that could tell is missing: what is missing is said by its name."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    answers: list[bool] = []

    def ask() -> None:
        # A server without a client begins anew when the last one has gone, as whoever knocked a moment ago.
        for again in range(_TRIES):
            time.sleep(_REST if again else 0)
            link = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
            let_in = xcb.xcb_connection_has_error(link) == 0
            xcb.xcb_disconnect(link)
            if let_in:
                break
        answers.append(let_in)

    # The library waits for a silent server for as long as it is silent.
    asking = threading.Thread(target=ask, name="asks the display", daemon=True)
    asking.start()
    asking.join(_WAITED)
    return answers == [True]


def _unix_answers(path: str) -> bool:
    if not hasattr(socket, "AF_UNIX"):
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(_WAITED)
        end.connect(path)
        return True
    return False
