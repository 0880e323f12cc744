"""Attacks at what stands beside the seats: the keys of a surface, and what a monitor is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.contract.engine_process import EngineProcess
from tests.doors.posts import Attack, Post, bearer, own
from tests.doors.wire import request, upgrade

_ORIGINS = ("https://evil.example", "null", "http://127.0.0.1:{port}", "file://")


def beside() -> Iterator[Attack]:
    """The list."""
    yield from _from_pages()
    yield from _by_token()


def _keys(engine: EngineProcess, *more: tuple[str, str], role: str = "keys") -> bytes:
    return upgrade("/v1/keys", [("Host", own(engine)), bearer(engine, role), *more])


def _from_pages() -> Iterator[Attack]:
    for origin in _ORIGINS:

        def pressed(engine: EngineProcess, origin: str = origin) -> bytes:
            return _keys(engine, ("Origin", origin.format(port=engine.port)))

        yield Attack(f"keys: for {origin}", pressed, {403: "bad_origin"}, "origin")

    def scraped(engine: EngineProcess) -> bytes:
        headers = [("Host", own(engine)), bearer(engine, "metrics"), ("Origin", "https://evil.example")]
        return request("GET", "/metrics", headers)

    yield Attack("metrics: for a page", scraped, {403: "bad_origin"}, "origin")
    for path, role in {"/v1/keys": "keys", "/metrics": "metrics"}.items():

        def rebound(engine: EngineProcess, path: str = path, role: str = role) -> bytes:
            headers = [("Host", f"evil.example:{engine.port}"), bearer(engine, role)]
            return upgrade(path, headers) if path == "/v1/keys" else request("GET", path, headers)

        yield Attack(f"{path}: a rebound name", rebound, {403: "bad_host"}, "host")


def _by_token() -> Iterator[Attack]:
    def scrape(engine: EngineProcess) -> bytes:
        return request("GET", "/metrics", [("Host", own(engine)), bearer(engine, "metrics")])

    yield Attack(
        "keys: no token", lambda e: upgrade("/v1/keys", [("Host", own(e))]), {401: "unauthorized"}, "", _keys
    )
    yield Attack(
        "keys: the token in the address",
        lambda e: upgrade(f"/v1/keys?token={e.tokens['keys']}", [("Host", own(e))]),
        {401: "unauthorized"},
        "place",
    )
    yield Attack(
        "metrics: no token",
        lambda e: request("GET", "/metrics", [("Host", own(e))]),
        {401: "unauthorized"},
        "",
        scrape,
    )
    for role in ("host", "viewer", "producer", "metrics"):

        def foreign(engine: EngineProcess, role: str = role) -> bytes:
            return _keys(engine, role=role)

        yield Attack(f"keys: the {role}'s token", foreign, {403: "forbidden"}, "", _keys)
    for role in ("keys", "producer", "assistant"):

        def asked(engine: EngineProcess, role: str = role) -> bytes:
            return request("GET", "/metrics", [("Host", own(engine)), bearer(engine, role)])

        yield Attack(f"metrics: the {role}'s token", asked, {403: "forbidden"}, "", scrape)
    for role in ("keys", "metrics"):
        for path in ("/v1/state", "/v1/log", "/v1/schema"):

            def read(engine: EngineProcess, path: str = path, role: str = role) -> bytes:
                return request("GET", path, [("Host", own(engine)), bearer(engine, role)])

            yield Attack(f"token: the one of {role} for {path}", read, {403: "forbidden"}, "overlay")

        def follow(engine: EngineProcess, role: str = role) -> bytes:
            return upgrade("/v1/stream", [("Host", own(engine)), bearer(engine, role)])

        yield Attack(f"token: the one of {role} for the stream", follow, {403: "forbidden"}, "overlay")

        def commands(engine: EngineProcess, role: str = role) -> bytes:
            body = json.dumps({"id": f"by-{role}", "type": "room.halt", "data": {}}).encode()
            kind, target, headers = "application/json", "/v1/commands", [bearer(engine, role)]
            return Post(engine, kind=kind, target=target, headers=headers, body=body, token=False).bytes()

        yield Attack(f"token: a command by {role}", commands, {403: "forbidden"}, "overlay")
