"""Seats at a broker: how they come there, and what the engine makes of what they say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from liveconsole.bus import joining
from liveconsole.bus.joining import SeatCredential
from liveconsole.bus.nats import serving
from liveconsole.bus.nats.keys import NatsMissing, new_seed
from liveconsole.bus.nats.serving import AtBroker
from liveconsole.messages.joining import JoinAnswer
from liveconsole.messages.refusals import TEXTS
from liveconsole.tasks import spawn
from tests.brokers import needs_broker


async def test_who_floods_stands_in_the_broker_s_file_no_more_and_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "HOLD_SECONDS", 0.05)
    written: list[list[str]] = []

    class Files:
        def write(self, seats: list[Any]) -> None:
            written.append([seat.id for seat in seats])

        def reload_at(self) -> None:
            return None

        async def reload(self, _at: object) -> str:
            return ""

    sharing: Any = SimpleNamespace(
        seats=[SimpleNamespace(id="aa11"), SimpleNamespace(id="bb22")], broker_unread=lambda _: None
    )
    unused: Any = None
    at = AtBroker(unused, tmp_path, "room", sharing, unused, unused)
    at._hold_off("aa11")
    assert at._held_off == set(), "whose file this is not, holds nobody off"
    files: Any = Files()
    at._files = files
    keeping = spawn(at._keep_file(files, lambda: True), name="a test's file")
    at._hold_off("aa11")
    at._hold_off("aa11")
    async with asyncio.timeout(5):
        while written[-1:] != [["aa11", "bb22"]]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert written[0] == ["bb22"]
    keeping.cancel()


def test_what_is_heard_over_a_broker_is_a_seat_s_last_word(tmp_path: Path) -> None:
    heard: list[str] = []
    seat = SimpleNamespace(nats_key="U", right="viewer")
    sharing: Any = SimpleNamespace(seat=lambda id_: seat if id_ == "aa11" else None, heard=heard.append)
    unused: Any = None
    at = AtBroker(unused, tmp_path, "room", sharing, unused, unused)
    at._files = cast(Any, object())
    assert [at._admits(*who) for who in (("aa11", "viewer"), ("aa11", "operator"), ("bb22", "viewer"))] == [
        True,
        False,
        False,
    ]
    assert heard == ["aa11"]


@pytest.mark.parametrize("why", ["", "no_broker", "nats_missing", "broker_away"])
async def test_a_seat_that_joins_comes_over_the_broker_or_by_the_door_and_says_why(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is amiss with the broker, who was let in is in."""
    credential = SeatCredential("studio", "https://10.0.0.1:8443", "t", "PEM", "aa11", "operator", False, "r")
    over = msgspec.structs.replace(credential, nats="tls://10.0.0.1:4222", nats_seed="S")

    async def enrolled(_: SeatCredential) -> SeatCredential:
        if why == "no_broker":
            raise joining.NotJoined("no_broker")
        if why == "nats_missing":
            raise NatsMissing
        return over

    async def answers(_: SeatCredential) -> bool:
        return why != "broker_away"

    monkeypatch.setattr(joining, "enrolled", enrolled)
    monkeypatch.setattr(joining, "_answers", answers)
    found, told = await joining.settled(credential, JoinAnswer("allowed", broker=True))
    assert (told, found.nats) == (why, "" if why else over.nats)
    assert found.nats_seed == ("S" if why in ("", "broker_away") else ""), "a later try uses the same key"
    assert await joining.settled(credential, JoinAnswer("allowed")) == (credential, "")
    assert not why or why in TEXTS


async def test_a_broker_that_lets_nobody_in_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs_broker()
    monkeypatch.setattr(joining, "_BROKER_SECONDS", 0.0)
    credential = SeatCredential(
        *("studio", "https://10.0.0.1:8443", "t", "PEM", "aa11", "operator", False, "r"),
        nats="nats://127.0.0.1:1", nats_seed=new_seed(),
    )  # fmt: skip
    assert not await joining._answers(credential)
    assert not await joining._answers(msgspec.structs.replace(credential, role="producer"))
