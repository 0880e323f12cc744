"""A real engine in a process of its own, and a plain HTTP client that can also send what no client would."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import starter

ROOT = Path(__file__).resolve().parents[2]
BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
LINES = "application/x-ndjson"


class Answer:
    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.body.splitlines()]


class EngineProcess:
    """`start` returns when it is ready. `call` speaks HTTP as the given role."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self.found: dict[str, Any] = {}
        self.first_line = b""

    def start(self, *, ready: bool = True) -> EngineProcess:
        env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
        words = ["serve", "--data", str(self.folder), *self._words]
        self._process = starter.start("liveconsole", words, env)
        if ready:
            assert self._process.stdout is not None
            self.first_line = self._process.stdout.readline()
            if not self.first_line:
                raise AssertionError(f"the engine did not start: {self._process.communicate()[1]!r}")
            self.found = json.loads((self.folder / "engine.json").read_bytes())
        return self

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    @property
    def port(self) -> int:
        return int(self.found["url"].rsplit(":", 1)[1])

    @property
    def tokens(self) -> dict[str, str]:
        return dict(self.found["tokens"])

    def kill(self) -> None:
        """As `kill -9`."""
        self.process.kill()
        self.process.wait(10)
        self._close_pipes()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self._close_pipes()
        return code

    def rest(self) -> tuple[bytes, bytes]:
        """What else it wrote, once it has ended."""
        return self.process.communicate(timeout=20)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: str | None = "host",
        token: str | None = None,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        host: str | None = None,
    ) -> Answer:
        """One request on a connection of its own; ``body`` may be bytes or anything JSON has."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        sent = {"Host": host or f"127.0.0.1:{self.port}"}
        if data is not None and kind:
            sent["Content-Type"] = kind
        secret = token if token is not None else (self.tokens[role] if role else None)
        if secret is not None:
            sent["Authorization"] = f"Bearer {secret}"
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=data, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()

    def raw(self, sent: bytes) -> bytes:
        """Bytes on a socket, and what comes back until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(sent)
            found = b""
            while block := connection.recv(65536):
                found += block
        return found

    def command(self, type_: str, role: str = "host", id_: str | None = None, **data: Any) -> Any:
        """The answer's JSON; its status must be 200."""
        body = {"id": id_ or str(uuid.uuid4()), "type": type_, "data": data}
        answer = self.call("POST", "/v1/commands", body, role=role)
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json

    def done(self, type_: str, role: str = "host", **data: Any) -> Any:
        """The result of a command that must be accepted."""
        answer = self.command(type_, role, **data)
        assert answer["ok"] is True, answer
        return answer["result"]

    def post(self, events: Any, *, role: str = "producer", kind: str = BATCH) -> Any:
        answer = self.call("POST", "/v1/events", events, role=role, kind=kind)
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json

    def seq(self) -> int:
        return int(self.call("GET", "/v1/health", role=None).json["seq"])

    def state(self) -> Any:
        return self.call("GET", "/v1/state").json

    def log(self, after: int = 0, limit: int = 10_000, types: str = "") -> list[dict[str, Any]]:
        path = f"/v1/log?after={after}&limit={limit}" + (f"&type={types}" if types else "")
        return self.call("GET", path).lines

    def folded(self, before: dict[str, Any]) -> dict[str, Any]:
        """The state, with the ``seq`` of one that was read before the engine was killed.

        Nothing may have been written since but what an engine tells of itself: on a slow machine the time
        between two engines, or before the first is killed, is long enough to be a gap of its sources.
        """
        state = self.state()
        told = [line["type"] for line in self.log(after=before["seq"]) if line["seq"] <= state["seq"]]
        assert set(told) <= {"source.gap"}, told
        assert state["seq"] == before["seq"] + len(told)
        return {**state, "seq": before["seq"]}

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


def comment(
    id_: str, text: str = "你好", *, source: str = "/test/room", viewer: str = "u1"
) -> dict[str, Any]:
    return event(
        id_, "comment.posted", {"viewer": {"id": viewer, "name": "小明"}, "text": text}, source=source
    )


def event(id_: str, type_: str, data: Any, *, source: str = "/test/room", **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": type_,
        "time": "2026-11-22T20:00:00.123+08:00",
        "data": data,
        **more,
    }
