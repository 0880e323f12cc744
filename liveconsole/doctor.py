"""`liveconsole doctor`: what this machine has for the program, and the one line that mends each finding.

Asks without importing Qt (importing it is what fails where its libraries are missing) and changes nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import os
import platform
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from liveconsole import __version__, machine
from liveconsole.bus import discovery, launch
from liveconsole.bus.client import Client
from liveconsole.described import described
from liveconsole.engine import lease
from liveconsole.engine.clock import TOO_FAR_AHEAD
from liveconsole.exits import Exit
from liveconsole.messages.alarms import CLOCK_AHEAD, alarm_words
from liveconsole.messages.refusals import TEXTS
from liveconsole.paths import FolderNewer, folder_named, refuse_newer
from liveconsole.store import keys

State = Literal["good", "worth_knowing", "bad"]
_MARK: Final = {"good": "✓", "worth_knowing": "!", "bad": "✗"}
_LOW_SPACE: Final = 2_000_000_000  # bytes; a long broadcast is well under 1 GB with its backup


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `says` and `mend` are for people; `name` and `state` for programs."""

    name: str
    state: State
    says: str
    mend: str | None = None


def examine(folder: Path, lang: str = "zh") -> list[Finding]:
    """Every finding for the data folder `folder`. One check that breaks is a finding, not an end."""
    speak = _Speaker(lang)
    found: list[Finding] = []
    for name, check in _CHECKS:
        try:
            found += check(folder, speak)
        except Exception as error:  # noqa: BLE001  # whatever is broken on this machine is the finding
            found.append(Finding(name, "bad", f"{type(error).__name__}: {error}"))
    return found


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole doctor", description=described(__doc__))
    words.add_argument("--json", action="store_true", help="one JSON object")
    words.add_argument("--data", type=Path, help="the data folder (default: $LIVECONSOLE_DATA or the user's)")
    words.add_argument("--lang", choices=("zh", "en"), default=os.environ.get("LIVECONSOLE_LANG", "zh"))
    return words


def run(argv: list[str]) -> int:
    """Print the report; 1 when something is bad."""
    asked = parser().parse_args(argv)
    found = examine(folder_named(asked.data), asked.lang)
    bad = any(finding.state == "bad" for finding in found)
    if asked.json:
        report = {"version": __version__, "ok": not bad, "findings": [asdict(f) for f in found]}
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"LiveConsole {__version__}")
        for finding in found:
            print(f"{_MARK[finding.state]} {finding.says}")
            if finding.mend:
                print(f"    → {finding.mend}")
    return Exit.FAILED if bad else Exit.OK


class _Speaker:
    """Picks the language of a text pair."""

    def __init__(self, lang: str) -> None:
        self._english = lang == "en"

    def __call__(self, zh: str, en: str) -> str:
        return en if self._english else zh


def _python(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    yield Finding("python", "good", f"Python {platform.python_version()}, {platform.platform()}")


def _store_library(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    from sqlcipher3 import dbapi2

    db = dbapi2.connect(":memory:")
    try:
        (sqlite,) = db.execute("select sqlite_version()").fetchone()
        (cipher,) = db.execute("pragma cipher_version").fetchone()
    finally:
        db.close()
    system = speak("系统自带", "the system has")
    says = f"SQLCipher {cipher}, SQLite {sqlite} ({system} {sqlite3.sqlite_version})"
    if tuple(int(part) for part in sqlite.split(".")) < (3, 51, 3):
        # up to 3.51.2 a reset of the WAL could corrupt the file
        yield Finding("sqlcipher", "bad", says, "pip install --upgrade sqlcipher3")
    else:
        yield Finding("sqlcipher", "good", says)


def _qt(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    try:
        version = importlib.metadata.version("PySide6-Essentials")
    except importlib.metadata.PackageNotFoundError:
        none = speak("没有装 Qt：只能无界面运行", "Qt is not installed: this machine can only run headless")
        yield Finding("qt", "worth_knowing", none, 'pip install "PySide6-Essentials>=6.10,<6.12"')
        return
    if version.startswith("6.12.0") and sys.version_info < (3, 12):
        aborts = speak("会让这个 Python 崩溃", "aborts this Python")
        mend = 'pip install "PySide6-Essentials>=6.10,<6.12"'
        yield Finding("qt", "bad", f"PySide6 {version} {aborts}", mend)
        return
    needed = machine.missing_libraries(window=False)
    window = [name for name in machine.missing_libraries(window=True) if name not in needed]
    if needed:
        says = speak("Qt 缺系统库：", "Qt lacks system libraries: ") + ", ".join(needed + window)
        yield Finding("qt", "bad", says, machine.mending_line(needed + window, font=False))
    elif window:
        says = speak("没法在 X11 上开窗口，缺：", "no window on X11 without: ") + ", ".join(window)
        yield Finding("qt", "worth_knowing", says, machine.mending_line(window, font=False))
    else:
        yield Finding("qt", "good", f"Qt: PySide6 {version}")


def _font(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    if machine.has_chinese_font():
        yield Finding("font", "good", speak("有中文字体", "a Chinese font is installed"))
    else:
        says = speak("没有中文字体，文字会显示成方块", "no Chinese font: texts would show as boxes")
        emoji = not machine.has_emoji_font()
        yield Finding("font", "bad", says, machine.mending_line([], font=True, emoji=emoji))


def _emoji(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    if machine.has_emoji_font():
        yield Finding("emoji", "good", speak("有带表情的字体", "a font with emoji is installed"))
    else:
        says = speak(
            "没有带表情的字体，观众名字和评论里的表情会显示成方块",
            "no font with emoji: those in viewers' names and comments would show as boxes",
        )
        yield Finding("emoji", "worth_knowing", says, machine.mending_line([], font=False, emoji=True))


def _data(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        refuse_newer(folder)
    except FolderNewer as why:
        yield Finding("data", "bad", speak(*why.words))
        return
    said = speak("数据目录：", "data folder: ") + str(folder)
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Finding("data", "bad", said + speak("，不能写", ", not writable"), f'chmod u+rwx "{existing}"')
        return
    harm = {
        "sync_folder": speak(
            "，在云同步目录里，数据库会被弄坏", ", in a synced folder, which damages databases"
        ),
        "network_folder": speak(
            "，在网络盘上，数据库会被弄坏", ", on a network drive, which damages databases"
        ),
    }
    for code in keys.warnings(folder):
        yield Finding(
            "data", "bad", said + harm[code], speak("用 --data 换个目录", "name another with --data")
        )
        return
    if os.name == "posix" and folder.exists() and folder.stat().st_mode & 0o077:
        says = said + speak("，别的用户也能进", ", open to other users")
        yield Finding("data", "worth_knowing", says, f'chmod 700 "{folder}"')
        return
    free = shutil.disk_usage(existing).free
    space = speak(f"，剩余 {free / 1e9:.1f} GB", f", {free / 1e9:.1f} GB free")
    yield Finding("data", "good" if free >= _LOW_SPACE else "worth_knowing", said + space)


def _loopback(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        probe.listen(1)
        with socket.create_connection(probe.getsockname(), timeout=2):
            yield Finding("loopback", "good", speak("本机回环可用", "loopback works"))


def _room(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    from liveconsole.store.opening import is_lost  # where its libraries are missing, that is the finding

    if is_lost(folder):
        zh, en = TEXTS["room_lost"]
        says = speak(zh, en).format(folder=folder)
        yield Finding("room", "bad", says, f'liveconsole restore BACKUP --data "{folder}"')


def _key(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    place = keys.describe(folder)["key"]
    if place == "none":
        yield Finding(
            "key", "good", speak("还没有直播间，密钥到时再建", "no room yet; its key is made with it")
        )
    elif place == keys.KeyFile.place:
        says = speak(
            "密钥在一个只有你能读的文件里（这台机器没有可用的钥匙串）",
            "the key is in a file that only you may read (no keyring here)",
        )
        yield Finding("key", "worth_knowing", f"{says}: {folder / keys.KEY_FILE}")
    else:
        yield Finding("key", "good", speak("密钥在系统钥匙串里", "the key is in the system's keyring"))


def _engine(folder: Path, speak: _Speaker) -> Iterator[Finding]:
    found = asyncio.run(launch.running(folder))
    if found is not None:
        says = speak("引擎在运行：", "the engine runs: ")
        yield Finding("engine", "good", f"{says}{found.url}, pid {found.pid}, {found.version}")
        yield from _clock(found, speak)
    elif lease.is_taken(folder):
        says = speak(
            "引擎在运行，但 engine.json 不见了或不能用，别的程序找不到它",
            "the engine runs, but engine.json is missing or of no use: no other program finds it",
        )
        mend = speak(
            "几秒内它会重写；一直这样就重启引擎", "it is written again within seconds; else start it anew"
        )
        yield Finding("engine", "worth_knowing", says, mend)
    elif discovery.look_up(folder) is not None:
        says = speak(
            "引擎不在了，但没有收尾（可能崩溃过）", "the engine is gone without a word (it may have crashed)"
        )
        mend = speak("重新打开控制台即可", "open the desk again: nothing that was answered is lost")
        yield Finding("engine", "worth_knowing", says, mend)
    else:
        yield Finding("engine", "good", speak("引擎没有运行", "no engine runs"))


def _clock(found: discovery.Discovery, speak: _Speaker) -> Iterator[Finding]:
    ahead = asyncio.run(_health(found)).get("clock_ahead_seconds", 0)
    if ahead >= TOO_FAR_AHEAD:
        params = {"seconds": ahead, **CLOCK_AHEAD}
        says = speak(alarm_words("clock", params), alarm_words("clock", params, english=True))
        yield Finding("clock", "bad", says, "liveconsole repair --clock")


async def _health(found: discovery.Discovery) -> dict[str, Any]:
    async with Client(found.url, "", found.proof_key) as client:
        return await client.health()


_Check = Callable[[Path, _Speaker], Iterator[Finding]]
_CHECKS: Final[tuple[tuple[str, _Check], ...]] = (
    ("python", _python),
    ("sqlcipher", _store_library),
    ("qt", _qt),
    ("font", _font),
    ("emoji", _emoji),
    ("data", _data),
    ("room", _room),
    ("key", _key),
    ("loopback", _loopback),
    ("engine", _engine),
)
