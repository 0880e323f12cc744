"""One attack at the loopback door, and the post of facts that most of them bend."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.doors.wire import Headers, comment, request

BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
_ids = itertools.count(1)


@dataclass(frozen=True)
class Attack:
    """``guard`` names what `bent_engine` takes away for the twin; ``straight`` is the twin of an attack that
    the HTTP parser refuses: the same request without its trick."""

    name: str
    make: Callable[[EngineProcess], bytes]
    refused: dict[int, str]
    guard: str = ""
    straight: Callable[[EngineProcess], bytes] | None = None


def own(engine: EngineProcess) -> str:
    return f"127.0.0.1:{engine.port}"


def bearer(engine: EngineProcess, role: str = "host") -> tuple[str, str]:
    return ("Authorization", f"Bearer {engine.tokens[role]}")


def facts(**more: Any) -> bytes:
    """A post that moves the log."""
    return json.dumps([comment(f"attack-{next(_ids)}", **more)], ensure_ascii=False).encode()


def packs(body: bytes, at_least: int) -> bytes:
    """The post blown up with blanks, as JSON may be."""
    return body[:-1] + b" " * at_least + b"]"


@dataclass
class Post:
    """A post of facts that would be taken, in parts that an attack bends."""

    engine: EngineProcess
    host: list[str] | None = None
    headers: Headers = field(default_factory=list)
    kind: str = BATCH
    target: str = "/v1/events"
    method: str = "POST"
    token: bool = True
    body: bytes | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def bytes(self) -> bytes:
        named = [own(self.engine)] if self.host is None else self.host
        headers: Headers = [("Host", one) for one in named]
        headers += [("Content-Type", self.kind)] if self.kind else []
        headers += [bearer(self.engine)] if self.token else []
        body = facts() if self.body is None else self.body
        return request(self.method, self.target, headers + self.headers, body, **self.more)


def post(engine: EngineProcess) -> bytes:
    """The straight request."""
    return Post(engine).bytes()
