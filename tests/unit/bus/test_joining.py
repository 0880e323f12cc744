"""The way in, as pure rules: the code, the digits, and who may ask how often and until when."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from liveconsole.bus.joining import SeatCredential, free_name, keep
from liveconsole.bus.sharing.asks import GUESSES_MOST, Asks, NotLetIn, SeatAsk
from liveconsole.cli import share
from liveconsole.messages.joining import (
    BadCode,
    JoinAsk,
    JoinAsked,
    JoinCode,
    JoinReveal,
    code_text,
    commitment,
    digits,
    read_code,
)
from liveconsole.messages.rights import MAY, PLAIN, actor_of, seat_role
from liveconsole.messages.sharing import (
    ASK_SECONDS,
    ASKS_MOST,
    CODE_SECONDS,
    AskState,
    ShareAllow,
    SharedRole,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
CODE = JoinCode("192.168.31.7", 47123, bytes(range(10)), b"\x01\x80\xff\x00\x7f")
CERTIFICATE = sha256(b"studio").digest()
NONCE = bytes(range(16))


def test_a_code_reads_back_however_it_was_typed() -> None:
    text = code_text(CODE)
    assert len(text) == 36 + 8
    assert text.count("-") == 8
    sloppy = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    for typed in (text, sloppy, text.replace("-", ""), f"https://192.168.31.7:47123/join#{text}\n"):
        assert read_code(typed) == CODE
    assert "\\x" not in repr(CODE)
    assert CODE.token.hex() not in repr(CODE)


def test_every_letter_that_is_mistyped_and_every_two_that_change_places_are_seen() -> None:
    """A check of ten bits lets one in a thousand through: of these, none."""
    text = code_text(CODE).replace("-", "")
    wrong = [text[:n] + other + text[n + 1 :] for n in range(36) for other in "0ZK7" if other != text[n]]
    wrong += [text[:n] + text[n + 1] + text[n] + text[n + 2 :] for n in range(35) if text[n] != text[n + 1]]
    passed = [typed for typed in wrong if _reads(typed)]
    assert len(passed) <= len(wrong) // 100
    for typed in ("", "-", text[:-1], text + "0", "https://x/#", "你好" * 18, "U" * 36, "0" * 10_000):
        with pytest.raises(BadCode):
            read_code(typed)


def _reads(typed: str) -> bool:
    try:
        return bool(read_code(typed))
    except BadCode:
        return False


def test_a_code_of_a_newer_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.messages.joining._VERSION", 1)
    newer = code_text(CODE)
    monkeypatch.undo()
    with pytest.raises(BadCode) as error:
        read_code(newer)
    assert error.value.why == "version"


def test_digits_hang_on_everything_that_a_man_in_between_might_change() -> None:
    """The two vectors were reckoned by another program, in another language."""
    whole = (NONCE, bytes(16), CERTIFICATE, "前台", "phone")
    assert digits(*whole) == "863801"
    assert commitment(NONCE, "前台", "phone").startswith("edd368eb8f8618a1")
    others = [
        (bytes(16), bytes(16), CERTIFICATE, "前台", "phone"),
        (NONCE, NONCE, CERTIFICATE, "前台", "phone"),
        (NONCE, bytes(16), bytes(32), "前台", "phone"),
        (NONCE, bytes(16), CERTIFICATE, "前", "台phone"),
        (NONCE, bytes(16), CERTIFICATE, "前台", "desk"),
    ]
    assert len({digits(*one) for one in (whole, *others)}) == 6


@pytest.fixture
def asks() -> Asks:
    numbers = itertools.count(1)
    made = Asks(lambda size: next(numbers).to_bytes(size, "big"))
    made.new_code(NOW)
    return made


def _ask(asks: Asks, at: datetime = NOW, **more: str) -> JoinAsked:
    fields = {"token": asks.token.hex(), "commit": commitment(NONCE, "x", "desk"), "label": "x"} | more
    return asks.ask(JoinAsk(**fields), "10.0.0.9", at, phones=False)  # type: ignore[arg-type]


def _shown(asks: Asks, at: datetime = NOW) -> tuple[str, SeatAsk]:
    secret = _ask(asks, at).id
    return secret, asks.reveal(secret, JoinReveal(NONCE.hex()), CERTIFICATE, at)


def _no(call: Callable[[], object]) -> str:
    with pytest.raises(NotLetIn) as error:
        call()
    return error.value.code


def test_nobody_is_shown_before_he_revealed_and_nobody_reveals_twice_or_otherwise(asks: Asks) -> None:
    secret = _ask(asks).id
    assert asks.states(NOW) == []
    reveal = JoinReveal(NONCE.hex())
    ask = asks.reveal(secret, reveal, CERTIFICATE, NOW)
    (state,) = asks.states(NOW)
    assert (state.digits, state.address) == (ask.digits, "10.0.0.9")
    assert secret not in state.id, "who reads the state cannot fetch the token"
    assert _no(lambda: asks.reveal(secret, reveal, CERTIFICATE, NOW)) == "unknown_ask"
    other = _ask(asks).id
    assert _no(lambda: asks.reveal(other, JoinReveal("00" * 16), CERTIFICATE, NOW)) == "not_taken"
    assert _no(lambda: asks.reveal(other, reveal, CERTIFICATE, NOW)) == "unknown_ask"
    assert len(asks.states(NOW)) == 1


def test_a_code_is_good_for_one_seat(asks: Asks) -> None:
    token = asks.token.hex()
    (_, first), (thief, _) = _shown(asks), _shown(asks)
    asks.allow(first, NOW)
    found = asks.of_secret(thief, NOW)
    assert found is not None
    assert found.status == "refused", "who came with the same code is sent away"
    assert _no(lambda: _ask(asks, token=token)) == "wrong_code"
    asks.new_code(NOW)
    assert _no(lambda: _ask(asks, token=token)) == "wrong_code", (
        "an old code is none, whatever the new one is"
    )
    _shown(asks)


def test_a_code_an_ask_and_a_commitment_end_by_time(asks: Asks) -> None:
    secret, ask = _shown(asks)
    late = NOW + timedelta(seconds=ASK_SECONDS)
    assert asks.waiting(ask.id, late - timedelta(seconds=1)) is ask
    assert asks.waiting(ask.id, late) is None
    found = asks.of_secret(secret, late)
    assert found is not None
    assert found.status == "expired"
    committed = _ask(asks, late).id
    assert _no(
        lambda: asks.reveal(committed, JoinReveal(NONCE.hex()), CERTIFICATE, late + timedelta(seconds=20))
    ) == ("unknown_ask")
    over = NOW + timedelta(seconds=CODE_SECONDS)
    token = asks.token.hex()
    assert _no(lambda: _ask(asks, over, token=token)) == "wrong_code"
    assert asks.code_until is None


def test_guesses_are_bounded_over_everybody_and_asks_too(asks: Asks) -> None:
    right = asks.token.hex()
    for n in range(GUESSES_MOST - 1):
        assert _no(lambda n=n: _ask(asks, token=f"ffffff{n:04x}")) == "wrong_code"  # type: ignore[misc]
    _ask(asks)
    assert _no(lambda: _ask(asks, token="00" * 5)) == "wrong_code"
    assert _no(lambda: _ask(asks, token=right)) == "wrong_code", "now even the right one is none"
    assert asks.guesses == GUESSES_MOST + 1
    asks.new_code(NOW)
    for _ in range(ASKS_MOST - 1):
        _ask(asks)
    assert _no(lambda: _ask(asks)) == "too_many_asks"
    assert _no(lambda: _ask(asks, kind="phone")) == "no_phones"


def test_who_has_the_code_fills_no_memory_with_asks_that_come_to_nothing(asks: Asks) -> None:
    """An ask, a reveal that does not fit, and again: each was kept for a minute."""
    waits, _ = _shown(asks)
    for _ in range(500):
        asked = _ask(asks)
        with pytest.raises(NotLetIn, match="not_taken"):
            asks.reveal(asked.id, JoinReveal("f" * 32), CERTIFICATE, NOW)
    assert len(asks._asks) < 50
    assert asks.of_secret(asked.id, NOW) is not None, "who asked last hears what became of it"
    assert asks.of_secret(waits, NOW) is not None, "and who waits is not forgotten"


@pytest.mark.parametrize("role", ["assistant", "operator", "viewer"])
@pytest.mark.parametrize("may_fire", [False, True])
def test_what_a_seat_is_served_as(role: str, may_fire: bool) -> None:
    plain = seat_role(role, may_fire=may_fire, proved=False)
    assert plain in PLAIN
    assert MAY[plain] <= {"cue.confirm", "note.put"}
    assert (plain == "screen") == (role == "viewer"), "who may only look ticks nothing off either"
    whole = seat_role(role, may_fire=may_fire, proved=True)
    assert actor_of(whole) == role
    assert ("cue.fire" in MAY[whole]) == (role == "operator" or (role == "assistant" and may_fire))
    assert MAY[whole] - MAY[role] <= {"cue.fire"}


def _kept(name: str, room: str, role: SharedRole = "assistant") -> SeatCredential:
    return SeatCredential(name, "https://10.0.0.1:1", "t", f"PEM of {room}", "aa11", role, False, room)


def test_a_seat_of_another_room_at_the_same_address_keeps_its_name(tmp_path: Path) -> None:
    """Two rooms of one computer: by its address alone the second took the place of the first."""
    keep(_kept("10.0.0.1", "one"), tmp_path)
    other, again = _kept("10.0.0.1", "two"), _kept("10.0.0.1", "one", "operator")
    tool = _kept("10.0.0.1", "one", "producer")
    assert free_name("10.0.0.1", tmp_path, again=again) == "10.0.0.1", "who comes again has one seat"
    for one in (other, tool):
        assert free_name("10.0.0.1", tmp_path, again=one) == "10.0.0.1-2"
    assert free_name("10.0.0.1", tmp_path) == "10.0.0.1-2"
    assert free_name("studio", tmp_path) == "studio"


async def test_a_tool_is_let_in_by_a_yes_and_no_role_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["o", "", "y"])

    class Typed:
        async def next(self) -> str:
            return next(typed)

    asks = AskState("t1", "<b>弹幕</b>工具", "123456", "tool", NOW, NOW, "10.0.0.9")
    act = await share._asked(asks, cast(Any, Typed()), share._Said(english=True))
    assert act == ShareAllow("t1", "viewer", False)
    said = capsys.readouterr().out
    assert "posts what happened and nothing else" in said
    assert said.count("y let it in") == 3
