"""Attacks by the body and the head of a request: size, depth, packing, kind, framing, paths, methods."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.engine_process import EngineProcess
from tests.doors.posts import SINGLE, Attack, Post, facts, packs, post
from tests.doors.wire import chunked

# Bodies -----------------------------------------------------------------------------------------------


def bodies() -> Iterator[Attack]:
    big = 1024 * 1024
    yield Attack(
        "body: too large", lambda e: Post(e, body=packs(facts(), big)).bytes(), {413: "too_large"}, "size"
    )

    def chunks(engine: EngineProcess) -> bytes:
        body = packs(facts(), big + 70_000)
        parts = [body[at : at + 60_000] for at in range(0, len(body), 60_000)]
        head = Post(engine, headers=[("Transfer-Encoding", "chunked")], body=b"", more={"length": False})
        return head.bytes() + chunked(*parts)

    yield Attack("body: too large in chunks", chunks, {413: "too_large"}, "size")
    packed = {
        "gzip": lambda body: gzip.compress(body, 9),
        "x-gzip": lambda body: gzip.compress(body, 9),
        "deflate": lambda body: zlib.compress(body, 9),
        "GZIP": lambda body: gzip.compress(body, 9),
        "br": lambda body: body,
        "zstd": lambda body: body,
        "gzip, gzip": lambda body: body,
        "gzip;q=1": lambda body: body,
    }
    for coding, pack in packed.items():
        bomb = coding in ("gzip", "x-gzip", "deflate")

        def blown(engine: EngineProcess, coding: str = coding, pack: Any = pack, bomb: bool = bomb) -> bytes:
            body = pack(packs(facts(), 20 * big if bomb else 10))
            return Post(engine, headers=[("Content-Encoding", coding)], body=body).bytes()

        yield Attack(f"body: {coding} bomb", blown, {400: "unreadable"}, "packing")
    for depth in (17, 40, 150):

        def deep(engine: EngineProcess, depth: int = depth) -> bytes:
            (event,) = json.loads(facts())
            nest = "[" * (depth - 2) + "]" * (depth - 2)
            body = json.dumps(event)[:-2] + f', "x": {nest}' + "}}"
            return Post(engine, kind=SINGLE, body=body.encode()).bytes()

        yield Attack(f"body: {depth} levels deep", deep, {400: "too_deep"}, "depth")

    def abyss(engine: EngineProcess) -> bytes:
        return Post(engine, kind=SINGLE, body=b'{"a":' * 170_000).bytes()

    yield Attack("body: an abyss", abyss, {400: "too_deep"}, "", post)
    yield Attack(
        "body: an abyss of lists",
        lambda e: Post(e, kind="application/json", target="/v1/commands", body=b"[" * 500_000).bytes(),
        {400: "too_deep"},
        "",
        post,
    )
    broken = {
        "nothing": b"",
        "half": b'[{"specversion": "1.0"',
        "not UTF-8": b'[{"specversion":"1.0","id":"\xff"}]',
        "UTF-16": '[{"specversion":"1.0"}]'.encode("utf-16"),
        "two of them": b"[][]",
        "NaN": b"[NaN]",
        "a script": b"<script>alert(1)</script>",
        "a word of Python": b"__import__('os').system('true')",
    }
    for name, body in broken.items():

        def bad(engine: EngineProcess, body: bytes = body) -> bytes:
            return Post(engine, body=body).bytes()

        yield Attack(f"body: {name}", bad, {400: "unreadable"}, "", post)


# Heads ------------------------------------------------------------------------------------------------


def heads() -> Iterator[Attack]:
    no = {400: "unreadable"}

    def bent(**how: Any) -> Callable[[EngineProcess], bytes]:
        return lambda engine: Post(engine, **how).bytes()

    def smuggled(engine: EngineProcess, *headers: tuple[str, str]) -> bytes:
        inner = Post(engine).bytes()
        head = Post(engine, headers=list(headers), body=b"", more={"length": False})
        return head.bytes() + b"0\r\n\r\n" + inner

    bends: dict[str, Callable[[EngineProcess], bytes]] = {
        "length and chunks": lambda e: smuggled(e, ("Content-Length", "5"), ("Transfer-Encoding", "chunked")),
        "chunks and length": lambda e: smuggled(e, ("Transfer-Encoding", "chunked"), ("Content-Length", "5")),
        "two lengths": lambda e: smuggled(e, ("Content-Length", "0"), ("Content-Length", "5")),
        "a list of lengths": lambda e: smuggled(e, ("Content-Length", "5, 5")),
        "a signed length": lambda e: smuggled(e, ("Content-Length", "+5")),
        "a negative length": lambda e: smuggled(e, ("Content-Length", "-5")),
        "a length in hex": lambda e: smuggled(e, ("Content-Length", "0x5")),
        "chunks, misspelt": lambda e: smuggled(e, ("Transfer-Encoding", "xchunked"), ("Content-Length", "5")),
        "chunks that are not last": lambda e: smuggled(e, ("Transfer-Encoding", "chunked, identity")),
        "chunks behind a fold": lambda e: smuggled(
            e, ("Transfer-Encoding", "\r\n chunked"), ("Content-Length", "5")
        ),
        "a fold": bent(headers=[("X-A", "b\r\n folded: yes")]),
        "a name with a blank": bent(headers=[("X-A ", "b")]),
        "a blank first": bent(headers=[(" X-A", "b")]),
        "a name with a line end": bent(headers=[("X-A\rB", "c")]),
        "NUL in a value": bent(headers=[("X-A", "b\0c")]),
        "a bare CR in a value": bent(headers=[("X-A", "b\rHost: evil.example")]),
        "no colon": bent(headers=[("X-A\r\nnonsense\r\nX-B", "c")]),
        "a huge line": bent(headers=[("X-A", "b" * 20_000)]),
        "a huge name": bent(headers=[("X" * 20_000, "b")]),
        "many lines": bent(headers=[(f"X-{n}", "b") for n in range(2000)]),
        "a huge target": bent(target="/v1/events?" + "x" * 20_000),
        "NUL in the target": bent(target="/v1/events\0"),
        "a blank in the target": bent(target="/v1/events HTTP/1.1\r\nX: /"[:13] + " x"),
        "a version of its own": bent(more={"version": "9.9"}),
        "no version": lambda e: b"POST /v1/events\r\n\r\n",
        "TLS": lambda e: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 64 + b"\r\n\r\n",
        "HTTP/2": lambda e: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "chunks of nonsense": lambda e: (
            Post(e, headers=[("Transfer-Encoding", "chunked")], body=b"", more={"length": False}).bytes()
            + b"zz\r\nhello\r\n0\r\n\r\n"
        ),
        "a chunk longer than it says": lambda e: (
            Post(e, headers=[("Transfer-Encoding", "chunked")], body=b"", more={"length": False}).bytes()
            + b"2\r\n[]x\r\n0\r\n\r\n"
        ),
    }
    for name, make in bends.items():
        yield Attack(f"head: {name}", make, no | {403: "bad_host", 505: "unreadable"}, "", post)
    targets = {
        "two slashes": "//v1/events",
        "a slash behind": "/v1/events/",
        "dots": "/v1/../v1/events",
        "dots upwards": "/../v1/events",
        "dots in code": "/v1/%2e%2e/v1/events",
        "a slash in code": "/v1%2fevents",
        "code in code": "/v1/%2565vents",
        "NUL in code": "/v1/events%00",
        "a backslash": "/v1\\events",
        "a semicolon": "/v1/events;x=1",
        "other letters": "/V1/EVENTS",
        "a line end in code": "/v1/events%0d%0aX-Set: 1"[:25],
        "dots to the overlay": "/overlay/../v1/events",
        "another version": "/v2/events",
        "the file of secrets": "/engine.json",
        "up to the file of secrets": "/overlay/../../engine.json",
    }
    for name, target in targets.items():
        yield Attack(f"path: {name}", bent(target=target), {404: "not_found", 400: "unreadable"}, "", post)
    for method in ("PUT", "PATCH", "DELETE", "HEAD", "TRACE", "CONNECT", "PROPFIND", "post", "GET"):
        yield Attack(
            f"method: {method}",
            bent(method=method),
            {405: "wrong_method", 400: "unreadable", 404: "not_found"},
            "",
            post,
        )
    yield Attack(
        "method: said otherwise",
        bent(method="GET", headers=[("X-HTTP-Method-Override", "POST")]),
        {405: "wrong_method"},
        "",
        post,
    )
