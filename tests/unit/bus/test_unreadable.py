"""What somebody nests more deeply than a decoder goes is unreadable, like all that is: it ends no stream, is
no fault of the program, and fills no log. Also in a field that nobody reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import aiohttp
import msgspec
import pytest

from liveconsole.bus.joining import NotJoined, _called, trusted
from liveconsole.bus.keys import _read_press
from liveconsole.bus.nats.door import _check_until
from liveconsole.bus.presence import Presence
from liveconsole.bus.sharing.certificates import StudioCertificates
from liveconsole.engine import forgotten_list
from liveconsole.messages.connection_words import WORDS
from liveconsole.messages.joining import JoinAsked
from liveconsole.messages.reasons import reason_words
from liveconsole.messages.sharing import ShareAct
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.store import kept_at
from liveconsole.store.errors import StoreError
from liveconsole.updates import kept
from tests.unit.bus.test_nats_door import Doorway
from tests.unit.bus.test_shared_bounds import NOW, Shared, shared
from ui.preferences import settings
from ui.seat import session, shop_kept

__all__ = ["shared"]

ROOT: Final = Path(__file__).resolve().parents[3]
DEEP: Final = b'{"x":' + b"[" * 3_500


@pytest.mark.parametrize(
    "body", [DEEP, b'{"x":' + b'{"x":' * 800, b'{"seat":' + b"[" * 3_500, b"\xff", b'{"name":"\xff"}', b""]
)
def test_a_window_s_words_about_itself_end_no_stream(body: bytes) -> None:
    present = Presence(lambda: NOW)
    number = present.come("viewer", "前台")
    present.say(number, body)
    assert [one.name for one in present.seats] == ["前台"]


def test_without_that_word_a_decoder_s_limit_would_go_through() -> None:
    """The twin: what was caught before."""
    with pytest.raises(RecursionError):
        msgspec.json.decode(b'{"x":' + b"[" * 50_000, type=dict[str, Any])  # Python 3.13 goes deeper
    for decode in (_read_press, msgspec.json.Decoder(ShareAct).decode):
        with pytest.raises(UNREADABLE):
            decode(DEEP)
    _check_until(DEEP)  # the call itself says what is wrong


@pytest.mark.parametrize("path", ["/v1/join", f"/v1/join/{'0' * 32}"])
async def test_a_stranger_s_is_a_400_and_not_a_bug(
    shared: Shared, tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each was a trace of some kilobytes in the log, from whoever reaches the address."""
    _, _, address, port = shared
    connector = aiohttp.TCPConnector(ssl=trusted(StudioCertificates(tmp_path).pem))
    async with (
        aiohttp.ClientSession(connector=connector) as stranger,
        stranger.post(
            f"https://{address}:{port}{path}", data=DEEP, headers={"Content-Type": "application/json"}
        ) as answer,
    ):
        assert (answer.status, (await answer.json())["code"]) == (400, "bad_shape")
    assert "bug" not in caplog.text


async def test_a_command_over_a_broker_too(caplog: pytest.LogCaptureFixture) -> None:
    at = Doorway()
    at.calls.go_on.set()
    await at.ask("cmd", body=DEEP)
    assert await at.answers(1) == ["200"], "what is wrong with it is said by the call behind"
    assert "bug" not in caplog.text


async def test_an_engine_that_answers_so_is_none() -> None:
    class Answer:
        status = 200
        content = SimpleNamespace()

        async def __aenter__(self) -> Answer:
            async def parts() -> Any:
                yield DEEP

            self.content.iter_any = parts
            return self

        async def __aexit__(self, *_: object) -> None: ...

    session = SimpleNamespace(request=lambda *_, **__: Answer())
    with pytest.raises(NotJoined):
        await _called(cast(Any, session), "GET", "https://x", None, JoinAsked)


@pytest.mark.parametrize("content", [DEEP, b'{"x":"\xff"}', b'["\xff"]', b"\xff", b"{", b""])
def test_a_broken_file_of_our_own_is_none_and_ends_no_start(tmp_path: Path, content: bytes) -> None:
    """A byte that is no text is told by another error than a bracket that is missing."""
    reads: list[tuple[str, Callable[[], object], object]] = [
        (forgotten_list.FILE, lambda: forgotten_list.listed(tmp_path), set()),
        (kept.FILE, lambda: kept.load(tmp_path), kept.KeptUpdate()),
        ("comfort.json", lambda: settings.load(tmp_path), settings.DeskSettings()),
        ("shop.json", lambda: shop_kept.load(tmp_path), shop_kept.KeptShop()),
        (session.file_of(tmp_path, 1).name, lambda: session.load(tmp_path), session.Remembered()),
    ]
    for name, read, nothing in reads:
        (tmp_path / name).write_bytes(content)
        assert read() == nothing, name
    (tmp_path / kept_at.FILE).write_bytes(content)
    with pytest.raises(StoreError, match="cannot be read"):
        kept_at.in_database(tmp_path)


def test_a_reason_that_nests_too_deeply_is_said_without_its_params() -> None:
    connection, codes = next((name, codes) for name, codes in WORDS.items() if codes)
    reason = f"{connection}.{next(iter(codes))}"
    assert reason_words(reason + ' {"x":' + "[" * 3_500 + "}") == reason_words(reason)


def test_whoever_reads_what_others_sent_knows_all_that_a_decoder_raises() -> None:
    """Written out in an ``except`` it was forgotten eleven times, and nine times more of our own files."""
    assert [at for folder in ("liveconsole", "ui") for at in _written_out(ROOT / folder)] == []


def test_the_rule_finds_one(tmp_path: Path) -> None:
    """The twin."""
    (tmp_path / "one.py").write_text("try: ...\nexcept (\n    OSError,\n    msgspec.DecodeError,\n): ...\n")
    (tmp_path / "two.py").write_text("try: ...\nexcept UNREADABLE: ...\nexcept ValueError: ...\n")
    assert _written_out(tmp_path) == ["one.py:2"]


def _written_out(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder).as_posix()}:{node.lineno}"
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and re.search(r"\bmsgspec\.(?:DecodeError|MsgspecError)", ast.unparse(node.type))
    ]
