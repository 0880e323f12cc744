"""Starts programs of the project by forking a process that has imported them already.

A start costs some 150 ms of a processor instead of 600, the rest are imports; everything else is as real: a
process of its own with its own lock, files and sockets, that can be killed and frozen. On other systems
than Linux, or with ``LIVECONSOLE_TEST_FORKS=0``, every start is a whole one: so it is in
tests/contract/test_starting.py, and where a test begins a program by its command line, as in tests/end2end.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]
_ANSWERS_WITHIN: Final = 30.0
"""Seconds, the imports of the first among them."""
FORKS: Final = sys.platform.startswith("linux")
"""macOS has a fork too, but not for a process that has asked it for its network or its keychain."""


class Forked(subprocess.Popen[bytes]):
    """What tests use of a `subprocess.Popen`, of a process that is the starter's child and not ours."""

    def __init__(self, stdout: IO[bytes], stderr: IO[bytes]) -> None:
        self.pid = 0
        self.stdin, self.stdout, self.stderr = None, stdout, stderr
        self.returncode: int | None = None
        self._over = threading.Event()

    def __del__(self) -> None:
        """Its parent waits for it."""

    def ended(self, code: int) -> None:
        """Keep the exit code, once."""
        self.returncode = code
        self._over.set()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended, and that is on its way to us
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[bytes, bytes]:
        """What else it writes until it ends; it is given nothing."""
        assert input is None
        assert self.stdout is not None
        assert self.stderr is not None
        found: list[bytes] = [b"", b""]

        def read(at: int, pipe: IO[bytes]) -> None:
            found[at] = pipe.read()

        pipes = (self.stdout, self.stderr)
        readers = [threading.Thread(target=read, args=pair, daemon=True) for pair in enumerate(pipes)]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader, pipe in zip(readers, pipes, strict=True):
            reader.join(timeout)
            pipe.close()
        return found[0], found[1]


class Starter:
    """The process that forks, and what it tells of its children."""

    def __init__(self) -> None:
        self._door, theirs = socket.socketpair()
        words = [sys.executable, "-m", "tests.starter_process", str(theirs.fileno())]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "LIVECONSOLE_KEYRING": "off"}
        self._process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), cwd=ROOT, env=env
        )
        theirs.close()
        self._asking = threading.Lock()
        self._told = threading.Condition()
        self._new: Forked | None = None
        self._running: dict[int, Forked] = {}
        self._reader = threading.Thread(target=self._read, daemon=True, name="starter")
        self._reader.start()
        atexit.register(self.close)

    @property
    def process_id(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        with self._door.makefile("rb") as lines:
            for line in lines:
                words = json.loads(line)
                with self._told:
                    if "pid" in words:
                        assert self._new is not None
                        self._new.pid = words["pid"]
                        self._running[words["pid"]] = self._new
                        self._new = None
                        self._told.notify_all()
                    else:
                        self._running.pop(words["ended"]).ended(words["code"])

    def fork(self, module: str, words: Sequence[str], env: Mapping[str, str], cwd: Path) -> Forked:
        """Begin ``python -m MODULE WORDS``, with nothing to read and two pipes to write to."""
        (out, to_out), (err, to_err) = os.pipe(), os.pipe()
        made = Forked(os.fdopen(out, "rb"), os.fdopen(err, "rb"))
        request = {"module": module, "words": list(words), "env": dict(env), "cwd": str(cwd)}
        with self._asking:
            self._new = made
            socket.send_fds(self._door, [b"!"], [to_out, to_err])
            self._door.sendall(json.dumps(request).encode() + b"\n")
            os.close(to_out)
            os.close(to_err)
            with self._told:
                if not self._told.wait_for(lambda: made.pid, _ANSWERS_WITHIN):
                    raise RuntimeError("the starter does not answer")
        return made

    def close(self) -> None:
        """End it; what it started and still runs is killed."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_WR)
        self._process.wait(10)
        self._reader.join(5)
        self._door.close()


_started: list[Starter] = []
_turns: Final = itertools.cycle((1, 2))
"""Two of them in turn: what one forks hashes words alike, and an engine that begins again does not."""


@cache
def _starter(_number: int) -> Starter:
    _started.append(Starter())
    return _started[-1]


def start(
    module: str, words: Sequence[str], env: Mapping[str, str], cwd: Path = ROOT
) -> subprocess.Popen[bytes]:
    """Begin ``python -m MODULE WORDS`` in a process of its own, with pipes for what it writes."""
    if FORKS and os.environ.get("LIVECONSOLE_TEST_FORKS") != "0":
        return _starter(next(_turns)).fork(module, words, env, cwd)
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(env), cwd=cwd,
    )  # fmt: skip


def is_ours(process: psutil.Process) -> bool:
    """Tell whether a process is the one that forks: it lives as long as the session."""
    return any(starter.process_id == process.pid for starter in _started)
