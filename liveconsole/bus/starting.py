"""The engine as a detached child of this program, started with the standard library alone.

The desk starts it before it loads Qt, so that both come up at the same time.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from liveconsole.paths import FolderNewer, own_folder, refuse_newer

LOG: Final = "engine.log"
LOG_MAX: Final = 8 * 1024 * 1024
ANNOUNCED: Final = "engine.json"
"""Where an engine says that it is there; see `discovery`."""
_started: list[subprocess.Popen[bytes]] = []
_ahead: dict[Path, subprocess.Popen[bytes]] = {}


def start_ahead(folder: Path, options: Sequence[str]) -> None:
    """Begin to start an engine that `launch.find_or_start` will wait for; nothing where one seems to run.

    A folder that cannot be written, or is of a newer program, is left for `find_or_start` to complain about.
    """
    if (folder / ANNOUNCED).exists() or folder in _ahead:
        return
    try:
        _ahead[folder] = _start(folder, options)
    except (OSError, FolderNewer):
        return


def ahead(folder: Path) -> subprocess.Popen[bytes] | None:
    """Return the living child that was started ahead for ``folder``; told once."""
    child = _ahead.pop(folder, None)
    return child if child is not None and child.poll() is None else None


def start(folder: Path, options: Sequence[str], words: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Return the child that was started ahead for ``folder``, or a new one: ``serve`` with ``options``, or
    the command that ``words`` are. It outlives this process,
    inherits no handle of it and writes its log to ``engine.log`` in the folder."""
    return ahead(folder) or _start(folder, options, words)


def end_started(folder: Path, within: float) -> None:
    """Ask the children that this process started for ``folder`` to end, and wait so many seconds for each."""
    for child in _started:
        if isinstance(child.args, list) and str(folder) in child.args and child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(within)


def program() -> list[str]:
    """Return the words that start this same program again, as the console program: in a bundle that stands
    beside the windowed one, which has no stdout and would open another desk."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name("liveconsole.exe" if os.name == "nt" else "liveconsole"))]
    return [sys.executable, "-m", "liveconsole"]


def start_desk(words: Sequence[str]) -> None:
    """Start a desk with the words of a command line; it outlives this process and shares nothing with it.

    In a bundle it is the program that lies there now, whichever this process was started from.

    Raises:
        OSError: it cannot be started.
    """
    environment = child_environment() | {"PYINSTALLER_RESET_ENVIRONMENT": "1"}
    if Path(sys.executable).stem == "liveconsole-desk":
        whole = [sys.executable, *words]
    else:
        whole = [*program(), "open", *words]
    _detached(whole, Path.cwd(), subprocess.DEVNULL, environment)


def _start(folder: Path, options: Sequence[str], command: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    refuse_newer(folder)
    own_folder(folder)
    log = folder / LOG
    if log.exists() and log.stat().st_size > LOG_MAX:
        log.replace(folder / f"{LOG}.1")
    words = [*program(), *(command or ("serve", "--data", str(folder), *options))]
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = _detached(words, folder, fd)
    finally:
        os.close(fd)
    # It may outlive us, and while it does not, somebody must have been told of its end.
    _started[:] = [older for older in _started if older.poll() is None]
    _started.append(child)
    return child


def _detached(
    words: list[str], folder: Path, stderr: int, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    given: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": stderr,
        "close_fds": True,
        "cwd": folder,
        "env": environment or child_environment(),
    }
    if os.name != "nt":
        return subprocess.Popen(words, start_new_session=True, **given)
    flags = sum(getattr(subprocess, name) for name in ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP"))
    try:
        return subprocess.Popen(
            words, creationflags=flags | getattr(subprocess, "CREATE_BREAKAWAY_FROM_JOB", 0), **given
        )
    except OSError:  # a terminal's job that lets nobody go: the engine ends with the terminal
        return subprocess.Popen(words, creationflags=flags, **given)


def child_environment() -> dict[str, str]:
    """Return an environment in which a child finds this package even where it is run from a source tree."""
    env = dict(os.environ)
    if not getattr(sys, "frozen", False):
        here = str(Path(__file__).resolve().parents[2])
        env["PYTHONPATH"] = os.pathsep.join(filter(None, (here, env.get("PYTHONPATH", ""))))
    return env
