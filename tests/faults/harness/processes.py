"""Engines and platforms of a test: started fast, killed, frozen, asked."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from liveconsole.failpoints import VARIABLE
from tests.contract.engine_process import ROOT, EngineProcess

MODULE = "tests.faults.harness.zygote"
ENV = {"LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}


def until(what: Callable[[], Any], seconds: float = 10.0, *, why: str = "") -> Any:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, why or "it did not happen in time"
        time.sleep(0.003)
    return found


class Forked:
    """What the tests use of a `subprocess.Popen`."""

    stdout = stderr = None

    def __init__(self, pid: int, ended: dict[int, int]) -> None:
        self.pid = pid
        self._ended = ended

    def poll(self) -> int | None:
        return self._ended.get(self.pid)

    def wait(self, timeout: float = 10.0) -> int:
        until(lambda: self.pid in self._ended, timeout, why=f"process {self.pid} does not end")
        return self._ended[self.pid]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended, and that is on its way to us
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Zygote:
    """The process that forks, and what it told of its children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ENV},
        )
        self._pids: list[int] = []
        self._ended: dict[int, int] = {}
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True, name="zygote")
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            words = json.loads(line)
            with self._told:
                if "pid" in words:
                    self._pids.append(words["pid"])
                else:
                    self._ended[words["ended"]] = words["code"]
                self._told.notify_all()

    def fork(self, request: dict[str, Any]) -> Forked:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        with self._told:
            assert self._told.wait_for(lambda: self._pids, 20), "the zygote does not answer"
            return Forked(self._pids.pop(), self._ended)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(5)
        self._process.stdout.close()


class Engine(EngineProcess):
    """One engine on a folder; ``bend`` names functions of `bent` that take guards out of it."""

    def __init__(
        self,
        zygote: Zygote | None,
        folder: Path,
        *words: str,
        fail: str = "",
        bend: Sequence[str] = (),
        program: str = "serve",
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, *words)
        self._zygote = zygote
        self._bend, self._program = list(bend), program
        self._env = {**ENV, **(env or {}), VARIABLE: fail}
        self._log = folder.with_name(f"{folder.name}.{program}")

    def start(self, *, ready: bool = True) -> Engine:
        self.out, self.err = (self._log.with_suffix(f".{name}") for name in ("out", "err"))
        self._started_at = self.out.stat().st_size if self.out.exists() else 0
        request = {
            "argv": [self._program, "--data", str(self.folder), *self._words],
            "env": self._env,
            "bend": self._bend,
            "out": str(self.out),
            "err": str(self.err),
        }
        if self._zygote is not None:
            self._process = self._zygote.fork(request)  # type: ignore[assignment]
        else:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, "--once"],
                stdin=subprocess.PIPE,
                cwd=ROOT,
                env={**os.environ, **ENV},
            )
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.close()
        if ready:
            self.until_ready()
        return self

    def until_ready(self, seconds: float = 20.0) -> None:
        until(lambda: self.said() or self.process.poll() is not None, seconds, why="it never became ready")
        if not self.said():
            raise AssertionError(f"the engine did not start: {self.errors()}")
        self.found = json.loads((self.folder / "engine.json").read_bytes())

    def said(self) -> bytes:
        """What it wrote on stdout since it was started."""
        whole = self.out.read_bytes()[self._started_at :] if self.out.exists() else b""
        return whole if whole.endswith(b"\n") else b""

    def errors(self) -> str:
        return self.err.read_text("utf-8", "replace") if self.err.exists() else ""

    def reached(self, point: str) -> bool:
        """Whether an armed point acted."""
        return f"failpoint {point}:" in self.errors()

    def freeze(self) -> None:
        if not hasattr(signal, "SIGSTOP"):
            pytest.skip("freezing a process wants a POSIX signal")
        self.process.send_signal(signal.SIGSTOP)

    def revive(self) -> None:
        if hasattr(signal, "SIGCONT"):
            self.process.send_signal(signal.SIGCONT)
