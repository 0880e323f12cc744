"""An OBS of this machine under a screen of its own, in a home of its own: its WebSocket server is on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PASSWORD = "of-a-test"
_UP = 30.0
_GLOBAL = """[General]
FirstRun=true
LastVersion=520093696
InfoIncrement=100
ConfirmOnExit=false
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false

[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort={port}
AlertsEnabled=false
AuthRequired={guarded}
ServerPassword={password}

[Basic]
Profile=room
ProfileDir=room
SceneCollection=room
SceneCollectionFile=room
"""
_PROFILE = """[General]
Name=room

[Output]
Mode=Simple

[SimpleOutput]
FilePath={folder}
RecFormat=mkv
RecQuality=Stream
StreamEncoder=x264
VBitrate=200
ABitrate=64
Preset=ultrafast

[Video]
BaseCX=720
BaseCY=1280
OutputCX=180
OutputCY=320
FPSCommon=10
"""
_SERVICE = '{"type": "rtmp_custom", "settings": {"server": "udp://127.0.0.1:%d", "key": ""}}'
"""A stream to nobody: whoever listens there or not, it is sent."""


def missing() -> str:
    """What this machine has not of what it needs; empty where all is there."""
    return next((name for name in ("obs", "Xvfb") if shutil.which(name) is None), "")


class RealObs:
    """`start` returns once it listens; its scenes and settings stay in ``folder``. Without a ``password`` it
    asks for none."""

    def __init__(self, folder: Path, password: str = PASSWORD) -> None:
        self.folder = folder
        self.password = password
        self.port = _free()
        self._screen: subprocess.Popen[bytes] | None = None
        self._display = ""
        self._process: subprocess.Popen[bytes] | None = None
        config = folder / "config/obs-studio"
        profile = config / "basic/profiles/room"
        for made in (profile, config / "basic/scenes", folder / "run", folder / "recordings"):
            made.mkdir(parents=True)
        (folder / "run").chmod(0o700)
        told = {"port": self.port, "guarded": str(bool(password)).lower(), "password": password}
        (config / "global.ini").write_text(_GLOBAL.format(**told))
        (profile / "basic.ini").write_text(_PROFILE.format(folder=folder / "recordings"))
        (profile / "service.json").write_text(_SERVICE % _free())

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> RealObs:
        if self._screen is None:
            self._screen, self._display = _screen()
        env = {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "DISPLAY": self._display,
            "QT_QPA_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        env.pop("WAYLAND_DISPLAY", None)
        with (self.folder / "obs.log").open("ab") as out:
            self._process = subprocess.Popen(
                ["obs", "--multi", "--disable-missing-files-check"], env=env, stdout=out, stderr=out,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        deadline = time.monotonic() + _UP
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            assert self._process.poll() is None, (self.folder / "obs.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "OBS does not listen"
            time.sleep(0.1)

    def stop(self, *, kill: bool = False) -> None:
        """As a person closes it, or as it crashes."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def hang(self, hung: bool = True) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if hung else signal.SIGCONT)

    def close(self) -> None:
        self.stop()
        if self._screen is not None:
            self._screen.terminate()
            self._screen.wait(10)


def _screen() -> tuple[subprocess.Popen[bytes], str]:
    """An X server of its own, which chooses its number itself."""
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    running = subprocess.Popen(words, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        return running, f":{told.readline().strip()}"


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
