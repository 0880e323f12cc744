"""Attacks on the shared door: each is a request that a stranger, a thief or a wrong program sends, and what
it must be told. Nothing of them may change the room."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import aiohttp
import pytest

from liveconsole.bus.errors import Denied
from liveconsole.bus.joining import SeatCredential, trusted
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.rights import MAY
from liveconsole.messages.sharing import ShareRevoke
from tests.contract.engine_process import EngineProcess
from tests.doors.sharing import joined, joined_phone, local, opened, tls_replies
from tests.doors.wire import request

JSON = ("Content-Type", "application/json")
COMMIT = "a" * 64


class Attack(NamedTuple):
    """``who``: whose token; empty: none. ``more``: headers beside Host and Authorization."""

    who: str
    method: str
    target: str
    status: int
    code: str
    body: Any = None
    more: tuple[tuple[str, str], ...] = ()
    host: str = ""


def _command(type_: str, **data: Any) -> dict[str, Any]:
    return {"id": f"attack-{type_}", "type": type_, "data": data}


def _asks(**more: Any) -> dict[str, Any]:
    return {"token": "0" * 10, "commit": COMMIT, "label": "x", "kind": "desk"} | more


NKEY = "UCA3A3KW53G3KM47XJLOG2TQP55SP2T3ASWPRXPWK3ASW7RNEB4RQYUU"
"""Of a seed that nobody has."""
OWN = "OWN"
"""Stands for the door's own address."""
ATTACKS: dict[str, Attack] = {
    # another name, another origin
    "rebinding": Attack("assistant", "GET", "/v1/state", 403, "bad_host", host="evil.example"),
    "rebinding by port": Attack("assistant", "GET", "/v1/state", 403, "bad_host", host="127.0.0.1:1"),
    "localhost": Attack("assistant", "GET", "/v1/state", 403, "bad_host", host="localhost"),
    "two hosts": Attack("assistant", "GET", "/v1/state", 400, "unreadable", more=(("Host", "evil.example"),)),
    "a page's origin": Attack(
        "assistant", "GET", "/v1/state", 403, "bad_origin", more=(("Origin", "https://evil.example"),)
    ),
    "null origin": Attack("assistant", "GET", "/v1/state", 403, "bad_origin", more=(("Origin", "null"),)),
    "own origin without TLS": Attack(
        "assistant", "GET", "/v1/state", 403, "bad_origin", more=(("Origin", f"http://{OWN}"),)
    ),
    "an origin that begins like ours": Attack(
        "assistant", "GET", "/v1/state", 403, "bad_origin", more=(("Origin", f"https://{OWN}.evil.example"),)
    ),
    "a page joins": Attack(
        "", "POST", "/v1/join", 403, "bad_origin", _asks(), (("Origin", "https://evil.example"),)
    ),
    "a preflight": Attack(
        "", "OPTIONS", "/v1/commands", 403, "bad_origin", more=(("Origin", "https://evil.example"),)
    ),
    # no token, and tokens that are none
    "no token": Attack("", "GET", "/v1/state", 401, "unauthorized"),
    "no token for health": Attack("", "GET", "/v1/health", 401, "unauthorized"),
    "no token for the schema": Attack("", "GET", "/v1/schema", 401, "unauthorized"),
    "no token for an unknown address": Attack("", "GET", "/v1/nothing", 401, "unauthorized"),
    "the host's own token": Attack("local host", "GET", "/v1/state", 401, "unauthorized"),
    "the operator's own token": Attack("local operator", "POST", "/v1/commands", 401, "unauthorized", {}),
    "the producer's token": Attack("local producer", "POST", "/v1/events", 401, "unauthorized", []),
    "the overlay's token": Attack("local overlay", "GET", "/overlay", 401, "unauthorized"),
    "a seat that was removed": Attack("removed", "GET", "/v1/state", 401, "seat_removed"),
    "a removed seat's command": Attack(
        "removed", "POST", "/v1/commands", 401, "seat_removed", _command("note.put", text="x")
    ),
    "token in the address": Attack("", "GET", "/v1/state?token=ASSISTANT", 401, "unauthorized"),
    "token in a cookie": Attack(
        "", "GET", "/v1/state", 401, "unauthorized", more=(("Cookie", "token=ASSISTANT"),)
    ),
    "token as a protocol beside the stream": Attack(
        "",
        "GET",
        "/v1/state",
        401,
        "unauthorized",
        more=(("Sec-WebSocket-Protocol", "liveconsole.seat, ASSISTANT"),),
    ),
    "basic": Attack("", "GET", "/v1/state", 401, "unauthorized", more=(("Authorization", "Basic QTpB"),)),
    "a hash for a token": Attack("hash", "GET", "/v1/state", 401, "unauthorized"),
    "a long token": Attack("long", "GET", "/v1/state", 401, "unauthorized"),
    # what is for this computer alone
    "an operator shares": Attack("operator", "POST", "/v1/share", 403, "forbidden", {"act": "code"}),
    "an operator reads the share": Attack("operator", "GET", "/v1/share", 403, "forbidden"),
    "an operator allows himself": Attack(
        "operator", "POST", "/v1/share", 403, "forbidden", {"act": "allow", "ask_id": "x", "role": "operator"}
    ),
    "an operator forges facts": Attack("operator", "POST", "/v1/events", 403, "forbidden", []),
    "an operator stops it": Attack("operator", "POST", "/v1/stop", 403, "forbidden", {}),
    "an operator asks for secrets": Attack("operator", "GET", "/v1/secrets", 403, "forbidden"),
    "an operator writes one": Attack(
        "operator", "PUT", "/v1/secrets/obs", 403, "forbidden", {"password": "x"}
    ),
    "a seat opens the overlay": Attack("operator", "GET", "/overlay", 403, "forbidden"),
    "a seat streams the overlay": Attack("operator", "GET", "/overlay/stream", 403, "forbidden"),
    "a viewer elsewhere reads the metrics": Attack("viewer", "GET", "/metrics", 403, "forbidden"),
    "an operator elsewhere takes the keys": Attack("operator", "GET", "/v1/keys", 403, "forbidden"),
    "a dotted way to it": Attack("operator", "GET", "/v1/x/../share", 404, "not_found"),
    "an escaped way to it": Attack("operator", "GET", "/v1/%73hare", 404, "not_found"),
    # beyond the role
    "an assistant fires": Attack(
        "assistant", "POST", "/v1/commands", 403, "forbidden", _command("cue.fire", cue_id="x")
    ),
    "an assistant approves": Attack(
        "assistant", "POST", "/v1/commands", 403, "forbidden", _command("cue.approve", cue_id="x")
    ),
    "an assistant opens": Attack(
        "assistant", "POST", "/v1/commands", 403, "forbidden", _command("broadcast.open")
    ),
    "an assistant sets": Attack(
        "assistant", "POST", "/v1/commands", 403, "forbidden", _command("room.set", four_eyes=False)
    ),
    "an assistant forgets": Attack(
        "assistant", "POST", "/v1/commands", 403, "forbidden", _command("viewer.forget", viewer_id="v")
    ),
    "a deputy closes": Attack(
        "deputy", "POST", "/v1/commands", 403, "forbidden", _command("broadcast.close")
    ),
    "an operator forgets": Attack(
        "operator", "POST", "/v1/commands", 403, "forbidden", _command("viewer.forget", viewer_id="v")
    ),
    "a viewer writes": Attack(
        "viewer", "POST", "/v1/commands", 403, "forbidden", _command("note.put", text="x")
    ),
    "a viewer looks people up": Attack("viewer", "GET", "/v1/viewers?q=x", 403, "forbidden"),
    "a viewer reads orders": Attack("viewer", "GET", "/v1/orders", 403, "forbidden"),
    "an assistant works a connection": Attack(
        "assistant", "POST", "/v1/connections/obs/check", 403, "forbidden", {}
    ),
    "an assistant as host in the body": Attack(
        "assistant",
        "POST",
        "/v1/commands",
        403,
        "forbidden",
        _command("broadcast.open") | {"role": "host", "seat": "", "actor": "host"},
    ),
    # a phone that has proved nothing
    "a phone reads the state": Attack("phone", "GET", "/v1/state", 403, "forbidden"),
    "a phone reads the log": Attack("phone", "GET", "/v1/log", 403, "forbidden"),
    "a phone follows": Attack("phone", "GET", "/v1/stream", 403, "forbidden"),
    "a phone looks people up": Attack("phone", "GET", "/v1/viewers?q=x", 403, "forbidden"),
    "a phone searches": Attack("phone", "GET", "/v1/search?q=x", 403, "forbidden"),
    "a phone reads the past": Attack("phone", "GET", "/v1/broadcasts", 403, "forbidden"),
    "a phone fires": Attack(
        "phone", "POST", "/v1/commands", 403, "forbidden", _command("cue.fire", cue_id="x")
    ),
    "a phone mutes": Attack(
        "phone", "POST", "/v1/commands", 403, "forbidden", _command("viewer.mute", viewer_id="v")
    ),
    "a phone hands in a made-up word": Attack(
        "phone", "POST", "/v1/trust", 403, "forbidden", {"word": "x" * 32}
    ),
    "a phone asks for the word here": Attack("phone", "GET", "/word", 404, "not_found"),
    # the key for a broker
    "nobody's key": Attack(
        "", "POST", "/v1/seat/key", 401, "unauthorized", {"key": NKEY, "proof": "00" * 64}
    ),
    "a removed seat's key": Attack("removed", "POST", "/v1/seat/key", 401, "seat_removed", {"key": NKEY}),
    "a phone's key": Attack("phone", "POST", "/v1/seat/key", 403, "forbidden", {"key": NKEY}),
    "a key that is not its own": Attack(
        "operator", "POST", "/v1/seat/key", 400, "bad_shape", {"key": NKEY, "proof": "00" * 64}
    ),
    "a key without a proof": Attack("operator", "POST", "/v1/seat/key", 400, "bad_shape", {"key": NKEY}),
    "lines for the broker's file": Attack(
        "operator",
        "POST",
        "/v1/seat/key",
        400,
        "bad_shape",
        {"key": f"{NKEY[:50]}, x: 1", "proof": "00" * 64},
    ),
    "keys are read": Attack("operator", "GET", "/v1/seat/key", 405, "wrong_method"),
    # the way in
    "a wrong code": Attack("", "POST", "/v1/join", 403, "wrong_code", _asks()),
    "an empty code": Attack("", "POST", "/v1/join", 400, "bad_shape", _asks(token="")),
    "a code that is no text": Attack("", "POST", "/v1/join", 400, "bad_shape", _asks(token=None)),
    "a commitment that is none": Attack("", "POST", "/v1/join", 400, "bad_shape", _asks(commit="zz")),
    "a kind of its own": Attack("", "POST", "/v1/join", 400, "bad_shape", _asks(kind="host")),
    "a label as long as a book": Attack("", "POST", "/v1/join", 413, "too_large", _asks(label="x" * 5_000)),
    "a form": Attack(
        "",
        "POST",
        "/v1/join",
        400,
        "unreadable",
        b"token=0",
        (("Content-Type", "application/x-www-form-urlencoded"),),
    ),
    "somebody else's ask": Attack(
        "", "POST", f"/v1/join/{'0' * 32}", 403, "unknown_ask", {"nonce": "0" * 32}
    ),
    "an ask by its public name": Attack("", "GET", "/v1/join/0123456789ab", 401, "unauthorized"),
    "joining by GET": Attack("", "GET", "/v1/join", 405, "wrong_method"),
    # bodies
    "a body over the bound": Attack(
        "assistant", "POST", "/v1/commands", 413, "too_large", b" " * (1024 * 1024 + 1)
    ),
    "a body that says it is one": Attack(
        "assistant", "POST", "/v1/commands", 413, "too_large", None, (("Content-Length", "99999999999"), JSON)
    ),
    "a packed body": Attack(
        "assistant", "POST", "/v1/commands", 400, "unreadable", b"{}", (("Content-Encoding", "gzip"), JSON)
    ),
    "another method": Attack("assistant", "DELETE", "/v1/state", 405, "wrong_method"),
    "CONNECT": Attack("assistant", "TRACE", "/v1/commands", 405, "wrong_method"),
}


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[EngineProcess, dict[str, SeatCredential]]]:
    running = EngineProcess(tmp_path_factory.mktemp("shared") / "room", "--port", "0").start()

    async def seats() -> dict[str, SeatCredential]:
        found = {role: await joined(running, role) for role in ("assistant", "operator", "viewer")}
        found["deputy"] = await joined(running, "assistant", may_fire=True)
        found["phone"] = await joined_phone(running, "operator")
        found["removed"] = await joined(running, "operator")
        async with local(running) as host:
            await host.share(ShareRevoke(found["removed"].seat_id))
        await opened(running)
        return found

    yield running, asyncio.run(seats())
    assert running.stop() == 0


def test_there_are_sixty_of_them() -> None:
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_told_no(shared: tuple[EngineProcess, dict[str, SeatCredential]], name: str) -> None:
    running, seats = shared
    attack = ATTACKS[name]
    own = seats["assistant"].url.removeprefix("https://")
    tokens = {who: kept.token for who, kept in seats.items()}
    tokens |= {f"local {role}": token for role, token in running.tokens.items()}
    record = json.loads((running.folder / "seats.json").read_bytes())["seats"][0]
    tokens |= {"hash": record["token_hash"], "long": "x" * 5_000}

    def filled(text: str) -> str:
        return text.replace(OWN, own).replace("ASSISTANT", tokens["assistant"])

    headers = [("Host", attack.host or own)]
    if attack.who:
        headers.append(("Authorization", f"Bearer {tokens[attack.who]}"))
    headers += [(key, filled(value)) for key, value in attack.more]
    body = b""
    if attack.body is not None:
        body = attack.body if isinstance(attack.body, bytes) else json.dumps(attack.body).encode()
        if not any(key == "Content-Type" for key, _ in attack.more):
            headers.append(JSON)
    seq = running.seq()
    told = not any(key == "Content-Length" for key, _ in attack.more)
    sent = request(attack.method, filled(attack.target), headers, body, length=told)
    (reply, *rest) = tls_replies(seats["assistant"], sent)
    assert (reply.status, reply.code) == (attack.status, attack.code)
    assert not rest
    assert running.seq() == seq, "nothing of it stands on the log"
    assert "access-control-allow-origin" not in reply.headers


def test_what_is_not_tls_or_too_old_a_one_is_not_answered(
    shared: tuple[EngineProcess, dict[str, SeatCredential]],
) -> None:
    _, seats = shared
    address, _, port = seats["assistant"].url.removeprefix("https://").partition(":")
    with socket.create_connection((address, int(port)), timeout=5) as line:
        line.sendall(b"GET /v1/state HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP" not in line.recv(100)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((address, int(port)), timeout=5) as line, pytest.raises(OSError):
        old.wrap_socket(line, server_hostname=address)
    strangers = ssl.create_default_context()
    with socket.create_connection((address, int(port)), timeout=5) as line, pytest.raises(ssl.SSLError):
        strangers.wrap_socket(line, server_hostname=address)


def test_a_stolen_assistant_may_give_an_assistants_commands_and_no_other(
    shared: tuple[EngineProcess, dict[str, SeatCredential]],
) -> None:
    """Every command that there is, with the seat's token over TLS, and so for each role."""
    running, seats = shared

    async def forbidden(credential: SeatCredential) -> set[str]:
        found = set()
        async with credential.client() as client:
            for type_ in COMMANDS:
                try:
                    await client.command(type_, {"anything": 1})
                except Denied:
                    found.add(type_)
        return found

    for role in ("assistant", "deputy", "phone", "viewer"):
        assert asyncio.run(forbidden(seats[role])) == set(COMMANDS) - MAY[role], role
    assert running.call("GET", "/v1/health", role=None).json["ok"]


def test_a_trusted_certificate_is_proved_by_a_word_that_is_good_once(
    shared: tuple[EngineProcess, dict[str, SeatCredential]],
) -> None:
    _, seats = shared
    phone = seats["phone"]
    origin = {"Origin": phone.url}

    async def prove() -> None:
        connector = aiohttp.TCPConnector(ssl=trusted(phone.certificate))
        auth = {"Authorization": f"Bearer {phone.token}"}
        async with aiohttp.ClientSession(connector=connector) as session:
            async with session.get(f"{phone.url}/v1/trust", headers=auth) as answer:
                where = await answer.json()
            assert where["proved"] is False
            assert where["url"] != phone.url
            for wrong in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
                async with session.get(where["url"], headers=wrong) as answer:
                    assert answer.status == 403
                    assert "Access-Control-Allow-Origin" not in answer.headers
            async with session.get(where["url"], headers=origin) as answer:
                word = await answer.json()
                assert answer.headers["Access-Control-Allow-Origin"] == phone.url
            for status in (200, 403):  # a second time it is no word
                async with session.post(f"{phone.url}/v1/trust", json=word, headers=auth) as answer:
                    assert answer.status == status
        # The two addresses have certificates of their own: what a click accepted at one counts at none.
        ports = [int(url.split(":")[2].split("/")[0]) for url in (phone.url, where["url"])]
        leaves = {ssl.get_server_certificate(("127.0.0.1", port)) for port in ports}
        assert len(leaves) == 2
        async with phone.client() as client:
            assert (await client.state()).room is not None, "now it is the operator that the host allowed"

    asyncio.run(prove())
