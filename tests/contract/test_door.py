"""Who may knock: tokens, roles, Host, Origin, methods, paths, and what is no HTTP at all."""

from __future__ import annotations

import pytest

from tests.contract.engine_process import BATCH, EngineProcess, comment

READING = ("/v1/state", "/v1/log", "/v1/search?q=x", "/v1/schema")
CALLS = [("GET", path) for path in READING] + [
    ("POST", "/v1/events"),
    ("POST", "/v1/commands"),
    ("POST", "/v1/judge"),
    ("POST", "/v1/stop"),
    ("GET", "/v1/stream"),
    ("GET", "/v1/phone"),
]


def _is_error(body: object, code: str) -> bool:
    return isinstance(body, dict) and set(body) == {"code", "text"} and body["code"] == code and body["text"]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("token", ["", "wrong", "Ünicode"])
def test_no_token_or_a_wrong_one_is_401(engine: EngineProcess, method: str, path: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")} if token else {}
    answer = engine.call(method, path, role=None, headers=headers)
    assert answer.status == 401
    assert _is_error(answer.json, "unauthorized")


def test_another_scheme_is_401(engine: EngineProcess) -> None:
    headers = {"Authorization": f"Basic {engine.tokens['host']}"}
    assert engine.call("GET", "/v1/state", role=None, headers=headers).status == 401
    assert engine.call("GET", f"/v1/state?token={engine.tokens['host']}", role=None).status == 401


def test_a_right_token_is_never_locked_out(engine: EngineProcess) -> None:
    for _ in range(3):
        assert engine.call("GET", "/v1/state", token="guess").status == 401
    assert engine.call("GET", "/v1/state").status == 200


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_an_overlay_token_is_403_everywhere_else(engine: EngineProcess, method: str, path: str) -> None:
    answer = engine.call(method, path, role="overlay")
    assert answer.status == 403
    assert _is_error(answer.json, "forbidden")


@pytest.mark.parametrize("role", ["assistant", "viewer"])
def test_events_are_for_producers_and_the_room(engine: EngineProcess, role: str) -> None:
    before = engine.seq()
    assert engine.call("POST", "/v1/events", [comment("x")], role=role, kind=BATCH).status == 403
    assert engine.seq() == before


@pytest.mark.parametrize("path", ["/v1/state", "/v1/log", "/v1/search?q=x", "/v1/stream", "/v1/phone"])
def test_a_producer_reads_nothing(engine: EngineProcess, path: str) -> None:
    assert engine.call("GET", path, role="producer").status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
    ],
)
@pytest.mark.parametrize("path", ["/v1/state", "/v1/health", "/overlay"])
def test_another_host_is_403(engine: EngineProcess, host: str, path: str) -> None:
    answer = engine.call("GET", path, host=host.format(port=engine.port))
    assert answer.status == 403
    assert _is_error(answer.json, "bad_host")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_its_own_hosts_are_served(engine: EngineProcess, name: str) -> None:
    assert engine.call("GET", "/v1/state", host=f"{name}:{engine.port}").status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1:{port}", "file://"]
)
@pytest.mark.parametrize(("method", "path"), [*CALLS, ("GET", "/v1/health")])
def test_any_origin_is_403_outside_the_overlay(
    engine: EngineProcess, origin: str, method: str, path: str
) -> None:
    answer = engine.call(method, path, headers={"Origin": origin.format(port=engine.port)})
    assert answer.status == 403
    assert _is_error(answer.json, "bad_origin")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_no_preflight_is_answered(engine: EngineProcess) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = engine.call("OPTIONS", "/v1/commands", role=None, headers=headers)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_unknown_paths_and_methods(engine: EngineProcess) -> None:
    answer = engine.call("GET", "/v1/nothing")
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    answer = engine.call("DELETE", "/v1/state")
    assert (answer.status, answer.json["code"]) == (405, "wrong_method")
    assert answer.headers["allow"] == "GET"
    assert engine.call("GET", "/v1/commands").status == 405
    assert engine.call("POST", "/v1/health", {}).status == 405


def test_what_is_no_http_gets_an_error_body_and_harms_nobody(engine: EngineProcess) -> None:
    answer = engine.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b'"code":"unreadable"' in answer
    assert engine.call("GET", "/v1/health", role=None).status == 200


def test_two_hosts_in_one_request_are_refused(engine: EngineProcess) -> None:
    own = f"127.0.0.1:{engine.port}"
    sent = f"GET /v1/health HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert engine.raw(sent.encode()).split(b" ")[1] in (b"400", b"403")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=1e3", "after=99999999999999999999"])
def test_a_wrong_number_is_400(engine: EngineProcess, query: str) -> None:
    answer = engine.call("GET", f"/v1/log?{query}")
    assert (answer.status, answer.json["code"]) == (400, "bad_shape")


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=" + "x" * 41, "q=x&before=-1", "q=x&limit=y"])
def test_a_search_for_nothing_or_too_much_is_400(engine: EngineProcess, query: str) -> None:
    answer = engine.call("GET", f"/v1/search?{query}")
    assert (answer.status, answer.json["code"]) == (400, "bad_shape")


def test_a_search_finds_what_viewers_said(engine: EngineProcess) -> None:
    said = {"viewer": {"id": "v-search", "name": "小明"}, "text": "这件罕见词多少钱"}
    head = {"specversion": "1.0", "source": "/test/search", "id": "s1", "type": "comment.posted"}
    assert engine.post([{**head, "data": said}])["accepted"] == 1
    body = engine.call("GET", "/v1/search?q=%E7%BD%95%E8%A7%81%E8%AF%8D", role="viewer").json
    assert [found["data"]["viewer"]["name"] for found in body["events"]] == ["小明"]
    assert body["before"] == 1
    assert body["at"]


def test_the_schema_names_every_message(engine: EngineProcess) -> None:
    body = engine.call("GET", "/v1/schema", role="producer").json
    assert {"comment.posted", "order.refunded"} <= set(body["facts"])
    assert {"cue.fire", "order.request"} <= set(body["commands"])
    assert {"cue.drawn", "comment.posted"} <= set(body["events"])
    plays = {"bundle", "gift", "red_packet", "first_come", "group_buy", "bargain", "pk"}
    assert set(body["specs"]) == {"pin", "flash_sale", "coupon", "lucky_bag"} | plays
