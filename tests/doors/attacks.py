"""The attack list at the loopback door: what a web page, a rebinding name, or another local program sends.

Every attack carries what would get it in if its one guard were missing: mostly the host's own token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.contract.engine_process import EngineProcess
from tests.doors.attacks_beside import beside
from tests.doors.attacks_http import bodies, heads
from tests.doors.posts import BATCH, Attack, Post, bearer, facts, own, post
from tests.doors.wire import request, upgrade

# Names ------------------------------------------------------------------------------------------------

_HOSTS = {
    "another name": "evil.example:{port}",
    "a name that resolves here": "127.0.0.1.nip.io:{port}",
    "localtest.me": "localtest.me:{port}",
    "ours as its start": "127.0.0.1.evil.example:{port}",
    "ours as its end": "evil-localhost:{port}",
    "a dot behind": "localhost.:{port}",
    "a dot behind the number": "127.0.0.1.:{port}",
    "any address": "0.0.0.0:{port}",
    "mapped": "[::ffff:127.0.0.1]:{port}",
    "mapped in hex": "[::ffff:7f00:1]:{port}",
    "long loopback": "[0:0:0:0:0:0:0:1]:{port}",
    "with a zone": "[::1%lo]:{port}",
    "any address of six": "[::]:{port}",
    "short number": "127.1:{port}",
    "whole number": "2130706433:{port}",
    "another loopback": "127.0.0.2:{port}",
    "no port": "127.0.0.1",
    "no port, by name": "localhost",
    "wrong port": "127.0.0.1:1",
    "port of the web": "localhost:80",
    "empty port": "127.0.0.1:",
    "padded port": "127.0.0.1:0{port}",
    "a user before": "127.0.0.1:{port}@evil.example",
    "a user behind": "evil.example@127.0.0.1:{port}",
    "a path behind": "127.0.0.1:{port}/evil.example",
    "a list": "127.0.0.1:{port}, evil.example",
    "wide digits": "１２７.0.0.1:{port}",
    "empty": "",
}


def _names() -> Iterator[Attack]:
    for name, host in _HOSTS.items():

        def make(engine: EngineProcess, host: str = host) -> bytes:
            return Post(engine, [host.format(port=engine.port)]).bytes()

        yield Attack(f"host: {name}", make, {403: "bad_host", 400: "unreadable"}, "host")
    yield Attack("host: none", lambda e: Post(e, []).bytes(), {400: "unreadable"}, "", post)
    yield Attack(
        "host: none, as of old",
        lambda e: Post(e, [], more={"version": "1.0"}).bytes(),
        {403: "bad_host"},
        "host",
    )
    for name, hosts in {"two": 2, "ours and another": 0}.items():

        def twice(engine: EngineProcess, hosts: int = hosts) -> bytes:
            return Post(engine, [own(engine)] * hosts or [own(engine), "evil.example"]).bytes()

        yield Attack(f"host: {name}", twice, {403: "bad_host", 400: "unreadable"}, "", post)
    yield Attack(
        "host: forwarded",
        lambda e: Post(
            e, ["evil.example"], [("X-Forwarded-Host", own(e)), ("Forwarded", f"host={own(e)}")]
        ).bytes(),
        {403: "bad_host"},
        "host",
    )
    yield Attack(
        "host: another in the request line",
        lambda e: Post(e, target="http://evil.example/v1/events").bytes(),
        {404: "not_found"},
        "",
        post,
    )
    yield Attack(
        "host: the proxy's form",
        lambda e: Post(e, target=f"http://{own(e)}/v1/events").bytes(),
        {404: "not_found"},
        "",
        post,
    )
    yield Attack(
        "host: reading by a rebound name",
        lambda e: request("GET", "/v1/state", [("Host", f"evil.example:{e.port}"), bearer(e)]),
        {403: "bad_host"},
        "host",
    )
    yield Attack(
        "host: health by a rebound name",
        lambda e: request("GET", "/v1/health", [("Host", f"evil.example:{e.port}")]),
        {403: "bad_host"},
        "host",
    )
    yield Attack(
        "host: the overlay by a rebound name",
        lambda e: request(
            "GET", f"/overlay?token={e.tokens['overlay']}", [("Host", f"evil.example:{e.port}")]
        ),
        {403: "bad_host"},
        "host",
    )


# Web pages --------------------------------------------------------------------------------------------

_ORIGINS = {
    "another page": "https://evil.example",
    "a sandboxed frame": "null",
    "another port": "http://127.0.0.1:1",
    "ours over TLS": "https://127.0.0.1:{port}",
    "a file": "file://",
    "an extension": "chrome-extension://abcdefghijklmnop",
    "our own": "http://127.0.0.1:{port}",
    "our own, by name": "http://localhost:{port}",
    "empty": "",
}


def _pages() -> Iterator[Attack]:
    for name, origin in _ORIGINS.items():

        def sends(engine: EngineProcess, origin: str = origin) -> bytes:
            return Post(engine, headers=[("Origin", origin.format(port=engine.port))]).bytes()

        yield Attack(f"origin: {name}", sends, {403: "bad_origin"}, "origin")
    evil = ("Origin", "https://evil.example")
    for path in ("/v1/state", "/v1/log", "/v1/schema", "/v1/health", "/overlay?token={overlay}"):

        def reads(engine: EngineProcess, path: str = path) -> bytes:
            target = path.format(**engine.tokens)
            return request("GET", target, [("Host", own(engine)), evil, bearer(engine)])

        yield Attack(f"origin: reads {path.partition('?')[0]}", reads, {403: "bad_origin"}, "origin")
    forms = {
        "a form": ("application/x-www-form-urlencoded", None),
        "a form with files": ("multipart/form-data; boundary=x", None),
        "plain text": ("text/plain", None),
        "plain text with a charset": ("text/plain;charset=UTF-8", None),
        "no kind": ("", None),
        "two kinds": ("text/plain, application/json", None),
        "a kind in a parameter": ("text/plain; x=application/json", None),
    }
    for name, (kind, _) in forms.items():

        def form(engine: EngineProcess, kind: str = kind) -> bytes:
            return Post(engine, kind=kind).bytes()

        yield Attack(f"page: {name}, with a token", form, {400: "unreadable"}, "kind")

        def crossing(engine: EngineProcess, kind: str = kind) -> bytes:
            return Post(engine, headers=[evil, ("Sec-Fetch-Mode", "no-cors")], kind=kind, token=False).bytes()

        yield Attack(f"page: {name}, as browsers send it", crossing, {403: "bad_origin"}, "origin+kind+token")

        def silent(engine: EngineProcess, kind: str = kind) -> bytes:
            return Post(engine, kind=kind, token=False).bytes()

        yield Attack(f"page: {name}, no origin", silent, {401: "unauthorized"}, "kind+token")

    def ask(engine: EngineProcess) -> bytes:
        body = json.dumps({"id": "form", "type": "broadcast.open", "data": {}}).encode()
        return Post(engine, kind="text/plain", target="/v1/commands", body=body).bytes()

    yield Attack("page: a command as plain text", ask, {400: "unreadable"}, "kind")
    for name, path in {"facts": "/v1/events", "commands": "/v1/commands", "anything": "*"}.items():

        def preflight(engine: EngineProcess, path: str = path) -> bytes:
            asked = [
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Private-Network", "true"),
            ]
            return request("OPTIONS", path, [("Host", own(engine)), evil, *asked])

        yield Attack(f"page: preflight of {name}", preflight, {403: "", 400: ""}, "", post)
    for name, path in {"stop": "/v1/stop", "commands": "/v1/commands", "the log": "/v1/events"}.items():

        def picture(engine: EngineProcess, path: str = path) -> bytes:
            return request("GET", path, [("Host", own(engine)), ("Sec-Fetch-Mode", "no-cors")])

        yield Attack(f"page: {name} as a picture", picture, {401: "unauthorized"}, "", post)


# WebSockets -------------------------------------------------------------------------------------------


def _sockets() -> Iterator[Attack]:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:{port}", "file://"):

        def crossing(engine: EngineProcess, origin: str = origin) -> bytes:
            headers = [("Host", own(engine)), ("Origin", origin.format(port=engine.port)), bearer(engine)]
            return upgrade("/v1/stream?after=0", headers)

        yield Attack(f"socket: the log for {origin}", crossing, {403: "bad_origin"}, "origin")

        def without(engine: EngineProcess, origin: str = origin) -> bytes:
            return upgrade("/v1/stream", [("Host", own(engine)), ("Origin", origin.format(port=engine.port))])

        yield Attack(f"socket: no token, for {origin}", without, {403: "bad_origin"}, "origin+token")
    for origin in (
        "https://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://localhost.evil.example",
    ):

        def shown(engine: EngineProcess, origin: str = origin) -> bytes:
            headers = [("Host", own(engine)), ("Origin", origin.format(port=engine.port))]
            spoken = ("Sec-WebSocket-Protocol", f"liveconsole.overlay, {engine.tokens['overlay']}")
            return upgrade("/overlay/stream", [*headers, spoken])

        yield Attack(f"socket: the overlay for {origin}", shown, {403: "bad_origin"}, "origin")

    def rebound(engine: EngineProcess) -> bytes:
        return upgrade("/v1/stream", [("Host", f"evil.example:{engine.port}"), bearer(engine)])

    yield Attack("socket: a rebound name", rebound, {403: "bad_host"}, "host")

    def plain(engine: EngineProcess) -> bytes:
        return upgrade("/v1/stream", [("Host", own(engine))])

    yield Attack("socket: no token", plain, {401: "unauthorized"}, "token")

    def spoken(engine: EngineProcess) -> bytes:
        headers = [("Host", own(engine)), ("Sec-WebSocket-Protocol", engine.tokens["viewer"])]
        return upgrade("/v1/stream", headers)

    yield Attack("socket: a token as subprotocol", spoken, {401: "unauthorized"}, "place")

    def alone(engine: EngineProcess) -> bytes:
        return upgrade(
            "/overlay/stream", [("Host", own(engine)), ("Sec-WebSocket-Protocol", "liveconsole.overlay")]
        )

    def fine(engine: EngineProcess) -> bytes:
        spoken = ("Sec-WebSocket-Protocol", f"liveconsole.overlay, {engine.tokens['overlay']}")
        return upgrade("/overlay/stream", [("Host", own(engine)), spoken])

    yield Attack("socket: the overlay without a token", alone, {401: "unauthorized"}, "", fine)

    def posted(engine: EngineProcess) -> bytes:
        return request("POST", "/v1/stream", [("Host", own(engine)), bearer(engine)])

    def read(engine: EngineProcess) -> bytes:
        return upgrade("/v1/stream", [("Host", own(engine)), bearer(engine)])

    yield Attack("socket: posted", posted, {405: "wrong_method"}, "", read)
    yield Attack(
        "socket: an old version",
        lambda e: upgrade("/v1/stream", [("Host", own(e)), bearer(e)], version="1"),
        {400: "unreadable"},
        "",
        read,
    )
    yield Attack(
        "socket: no upgrade",
        lambda e: request("GET", "/v1/stream", [("Host", own(e)), bearer(e)]),
        {400: "unreadable"},
        "",
        read,
    )


# Tokens -----------------------------------------------------------------------------------------------


def _tokens() -> Iterator[Attack]:
    places: dict[str, Callable[[EngineProcess], Post]] = {
        "query": lambda e: Post(e, target=f"/v1/events?token={e.tokens['host']}", token=False),
        "query, as OAuth": lambda e: Post(
            e, target=f"/v1/events?access_token={e.tokens['host']}", token=False
        ),
        "basic": lambda e: Post(e, headers=[("Authorization", f"Basic {e.tokens['host']}")], token=False),
        "key header": lambda e: Post(e, headers=[("X-Api-Key", e.tokens["host"])], token=False),
        "cookie": lambda e: Post(e, headers=[("Cookie", f"token={e.tokens['host']}")], token=False),
    }
    for name, make in places.items():

        def placed(engine: EngineProcess, make: Callable[[EngineProcess], Post] = make) -> bytes:
            return make(engine).bytes()

        yield Attack(f"token: in {name}", placed, {401: "unauthorized"}, "place")
    wrong = {
        "none": "",
        "guessed": "Bearer letmein",
        "cut": "Bearer {cut}",
        "with more": "Bearer {host}x",
        "upper": "Bearer {upper}",
        "two": "Bearer {host} {host}",
        "list": "Bearer {host},{viewer}",
        "name of a role": "Bearer host",
        "not ASCII": "Bearer \u0127ost",
        "very long": "Bearer " + "x" * 4000,
    }
    for name, said in wrong.items():

        def guess(engine: EngineProcess, said: str = said) -> bytes:
            words = {"cut": engine.tokens["host"][:-1], "upper": engine.tokens["host"].swapcase()}
            header = ("Authorization", said.format(**engine.tokens, **words))
            return Post(engine, headers=[header], token=False).bytes()

        yield Attack(f"token: {name}", guess, {401: "unauthorized"}, "token")
    for path, method in {
        "/v1/state": "GET",
        "/v1/log": "GET",
        "/v1/schema": "GET",
        "/v1/events": "POST",
    }.items():

        def seen(engine: EngineProcess, path: str = path, method: str = method) -> bytes:
            headers = [("Host", own(engine)), bearer(engine, "overlay"), ("Content-Type", BATCH)]
            return request(method, path, headers, facts() if method == "POST" else b"")

        yield Attack(f"token: the overlay's for {path}", seen, {403: "forbidden"}, "overlay")

    def watching(engine: EngineProcess) -> bytes:
        return upgrade("/v1/stream", [("Host", own(engine)), bearer(engine, "overlay")])

    yield Attack("token: the overlay's for the stream", watching, {403: "forbidden"}, "overlay")
    for role in ("host", "viewer", "producer"):

        def page(engine: EngineProcess, role: str = role) -> bytes:
            return request("GET", f"/overlay?token={engine.tokens[role]}", [("Host", own(engine))])

        def right(engine: EngineProcess) -> bytes:
            return request("GET", f"/overlay?token={engine.tokens['overlay']}", [("Host", own(engine))])

        yield Attack(f"token: the {role}'s for the overlay", page, {403: "forbidden"}, "", right)


ATTACKS: list[Attack] = [*_names(), *_pages(), *_sockets(), *_tokens(), *bodies(), *heads(), *beside()]
