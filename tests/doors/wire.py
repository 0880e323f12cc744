"""HTTP by hand: requests no client would send, and what comes back."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

Headers = list[tuple[str, str]]


@dataclass
class Reply:
    """One answer. ``status`` 0: the connection was closed without a word."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def code(self) -> str:
        """The code of an error body of the contract, ``""`` for anything else."""
        with contextlib.suppress(ValueError):
            said = json.loads(self.body)
            if isinstance(said, dict) and set(said) == {"code", "text"} and said["text"]:
                return str(said["code"])
        return ""


def request(
    method: str,
    target: str,
    headers: Headers,
    body: bytes = b"",
    *,
    length: bool = True,
    version: str = "1.1",
) -> bytes:
    """The bytes of a request; nothing is checked or mended."""
    lines = [f"{method} {target} HTTP/{version}", *(f"{name}: {value}" for name, value in headers)]
    if length and (body or method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def replies(port: int, sent: bytes, *, within: float = 10.0, quiet: float = 0.03) -> list[Reply]:
    """All that is answered to the bytes until the other side closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=within) as line:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(sent)
        return gather(line, within=within, quiet=quiet, bodies=not sent.startswith(b"HEAD"))


def gather(
    line: socket.socket, *, within: float = 10.0, quiet: float = 0.03, bodies: bool = True
) -> list[Reply]:
    """Read answers from an open connection; ``bodies``: they have one (answers to HEAD have none)."""
    found: list[Reply] = []
    got, ends = b"", time.monotonic() + within
    while (left := ends - time.monotonic()) > 0:
        line.settimeout(quiet if found and not got else left)
        try:
            block = line.recv(65536)
        except TimeoutError:
            break
        except (ConnectionResetError, BrokenPipeError):
            block = b""
        if not block:
            return found or [Reply()]
        got += block
        while (parted := _one(got, bodies)) is not None:
            reply, got = parted
            if reply.status != 100:
                found.append(reply)
            if reply.status == 101:
                return found
    return found


def _one(got: bytes, bodies: bool) -> tuple[Reply, bytes] | None:
    head, gap, rest = got.partition(b"\r\n\r\n")
    if not gap:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    length = int(headers.get("content-length", 0)) if bodies else 0
    if len(rest) < length:
        return None
    return Reply(int(first.split(" ")[1]), headers, rest[:length]), rest[length:]


def upgrade(target: str, headers: Headers, *, version: str = "13") -> bytes:
    """The opening of a WebSocket."""
    own = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", version),
        ("Sec-WebSocket-Key", base64.b64encode(os.urandom(16)).decode()),
    ]
    return request("GET", target, headers + own)


def frame(payload: bytes, *, opcode: int = 1, masked: bool = True, says: int | None = None) -> bytes:
    """One WebSocket frame; ``says``: another length than it has."""
    length, mask = len(payload) if says is None else says, 0x80 if masked else 0
    if length < 126:
        head = struct.pack(">BB", 0x80 | opcode, mask | length)
    elif length < 65536:
        head = struct.pack(">BBH", 0x80 | opcode, mask | 126, length)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, mask | 127, length)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def chunked(*parts: bytes, end: bool = True) -> bytes:
    """A body in chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return body + (b"0\r\n\r\n" if end else b"")


def comment(id_: str, **more: Any) -> dict[str, Any]:
    """A fact that any producer may post."""
    data = {"viewer": {"id": "u1", "name": "小明"}, "text": "好看", **more}
    return {"specversion": "1.0", "id": id_, "source": "/doors", "type": "comment.posted", "data": data}
