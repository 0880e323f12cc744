"""The program as its users have it: commands in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """Runs ``python -m liveconsole …`` on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LIVECONSOLE_DATA": str(folder),
            "LIVECONSOLE_KEYRING": "off",
        }
        self._serving: list[subprocess.Popen[bytes]] = []

    def run(
        self, *words: str, timeout: float = 55, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "liveconsole", *words],
            capture_output=True, text=True, encoding="utf-8", timeout=timeout, cwd=self.folder,
            env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def serve(self, *words: str) -> None:
        """An engine, ready."""
        process = subprocess.Popen(
            [sys.executable, "-m", "liveconsole", "serve", "--data", str(self.folder), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.env,
            cwd=self.folder,
        )  # fmt: skip
        self._serving.append(process)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"] is True

    def ask(self, path: str, body: Any = None, *, role: str = "host") -> Any:
        """What the engine's door answers: JSON, or the lines of the log."""
        found = json.loads((self.folder / "engine.json").read_bytes())
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {found['tokens'][role]}", "Content-Type": "application/json"}
        request = urllib.request.Request(found["url"] + path, data, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            raw = answer.read()
        return (
            [json.loads(line) for line in raw.splitlines()] if path.startswith("/v1/log") else json.loads(raw)
        )

    def command(self, type_: str, **data: Any) -> Any:
        """A host's command; what came of it."""
        answer = self.ask("/v1/commands", {"id": f"t-{os.urandom(6).hex()}", "type": type_, "data": data})
        assert answer["ok"], answer
        return answer["result"]

    def log(self, types: str = "") -> list[dict[str, Any]]:
        """The whole log, or its events of some types."""
        found: list[dict[str, Any]] = []
        after = 0
        while page := self.ask(f"/v1/log?after={after}&limit=10000" + (f"&type={types}" if types else "")):
            found += page
            after = page[-1]["seq"]
        return found

    def stop(self) -> None:
        for process in self._serving:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(20)
            assert process.stdout is not None
            process.stdout.close()
        self._serving.clear()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on a new data folder; its engines end with the test."""
    folder = tmp_path / "data"
    folder.mkdir()
    started = Program(folder)
    yield started
    started.stop()
