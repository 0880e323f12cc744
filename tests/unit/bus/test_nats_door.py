"""The engine's side of a broker, with a connection that only notes what is said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web

from liveconsole.bus.http import json_answer
from liveconsole.bus.nats import door as doors
from liveconsole.bus.nats.dialing import BrokerAt
from liveconsole.bus.nats.door import NatsDoor
from liveconsole.bus.nats.here import GONE_SECONDS, SeatsHere
from liveconsole.bus.presence import Presence
from liveconsole.bus.visitors import AT_ONCE, visitor_of
from liveconsole.messages.bounds import SEAT_NAME
from tests.brokers import needs_broker

NOW = datetime(2026, 11, 30, tzinfo=UTC)


class Calls:
    """The calls behind the door: they wait until they are let on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.asked: list[tuple[str, str, str]] = []

    async def call(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        visitor = visitor_of(request)
        assert visitor is not None
        self.asked.append((request.path, role, visitor.seat_id))
        await self.go_on.wait()
        return json_answer(b"{}")

    def health(self, _request: web.BaseRequest) -> web.StreamResponse:
        return json_answer(b"{}")


class Line:
    """A connection."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bytes, dict[str, str]]] = []

    async def publish(self, subject: str, body: bytes, _reply: str, headers: dict[str, str]) -> None:
        self.said.append((subject, body, headers))


class Doorway:
    """A door with everything around it. ``leads`` may be changed."""

    def __init__(self) -> None:
        needs_broker()
        self.calls, self.line, self.leads, self.time = Calls(), Line(), True, 0.0
        self.moved: list[frozenset[str]] = []
        self.present = Presence(lambda: NOW)
        self.here = SeatsHere(self.present, lambda _seat: "前台", lambda: self.time, self.moved.append)
        self.door = NatsDoor(
            BrokerAt(("nats://127.0.0.1:1",), ""),
            cast(Any, None),
            "room",
            self.calls,
            self.here,
            epoch=7,
            leads=lambda: self.leads,
            admits=lambda seat, _role: seat != "gone",
            now=lambda: NOW,
        )

    async def ask(self, kind: str = "ask", seat: str = "aa11", body: bytes = b"", reply: str = "") -> None:
        message = SimpleNamespace(
            subject=f"lc.room.assistant.{seat}.{kind}",
            reply=reply or f"_INBOX_{seat}.t",
            data=body,
            headers={"LC-Method": "GET", "LC-Target": "/v1/state"},
        )
        await self.door._hear(cast(Any, self.line), message)

    async def answers(self, count: int) -> list[str]:
        async with asyncio.timeout(2):
            while len(self.line.said) < count:  # noqa: ASYNC110
                await asyncio.sleep(0)
        return [headers["LC-Status"] for _, _, headers in self.line.said]


async def test_one_seat_cannot_hold_up_the_engine() -> None:
    """Sixteen at once; the rest is told to wait, and another seat is served meanwhile."""
    at = Doorway()
    for _ in range(AT_ONCE + 10):
        await at.ask()
    assert await at.answers(10) == ["429"] * 10
    assert at.line.said[0][2]["Retry-After"] == "1"
    await at.ask(seat="bb22")
    await asyncio.sleep(0)
    at.calls.go_on.set()
    assert sorted(await at.answers(AT_ONCE + 11))[: AT_ONCE + 1] == ["200"] * (AT_ONCE + 1)
    await at.ask()
    assert (await at.answers(AT_ONCE + 12))[-1] == "200"
    assert at.calls.asked[-1] == ("/v1/state", "assistant", "aa11")


async def test_an_engine_that_may_not_lead_any_more_says_nothing() -> None:
    """Thawed, it finds its lease old before it finds that somebody else leads."""
    at = Doorway()
    at.leads = False
    await at.ask()
    await at.ask("here")
    at.leads = True
    await at.ask()
    for _ in range(5):
        await asyncio.sleep(0)
    at.leads = False  # while it answered
    at.calls.go_on.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert at.line.said == []
    assert len(at.calls.asked) == 1
    assert at.present.seats == ()


async def test_who_was_taken_away_is_told_so_before_the_broker_knows() -> None:
    at = Doorway()
    await at.ask(seat="gone")
    assert await at.answers(1) == ["401"]
    assert b"seat_removed" in at.line.said[0][1]
    assert at.line.said[0][2]["LC-Epoch"] == "7"


@pytest.mark.parametrize("reply", ["lc.room.beat", "_INBOX_bb22.t", "_INBOX_aa11x.t", "_INBOX_aa11", ""])
async def test_an_answer_goes_to_who_asked_or_nowhere(reply: str) -> None:
    at = Doorway()
    at.calls.go_on.set()
    message = SimpleNamespace(
        subject="lc.room.assistant.aa11.ask",
        reply=reply,
        data=b"",
        headers={"LC-Method": "GET", "LC-Target": "/v1/state"},
    )
    await at.door._hear(cast(Any, at.line), message)
    for _ in range(20):
        await asyncio.sleep(0)
    assert (at.line.said, at.calls.asked) == ([], [])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"id":"1","type":"note.put","data":{}}', "400"),
        (b'{"id":"1","type":"note.put","data":{},"expires_at":null}', "400"),
        (b'{"id":"1","type":"note.put","data":{},"expires_at":"2026-11-30T00:00:08+00:00"}', "200"),
        (b"no json", "200"),  # the call behind says what is wrong with it
    ],
)
async def test_a_command_over_a_broker_says_until_when(body: bytes, status: str) -> None:
    at = Doorway()
    at.calls.go_on.set()
    await at.ask("cmd", body=body)
    assert await at.answers(1) == [status]


async def test_a_bug_in_a_call_is_an_answer_and_the_door_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    at = Doorway()

    async def broken(_request: web.BaseRequest, _role: str) -> web.StreamResponse:
        raise RuntimeError("bug")

    at.calls.call = broken  # type: ignore[assignment, method-assign]
    await at.ask()
    assert await at.answers(1) == ["500"]
    assert "bug" in caplog.text


def test_who_falls_silent_is_gone() -> None:
    at = Doorway()
    at.here.said("aa11", "deputy", '{"seat":"desk","name":"小李"}'.encode())
    at.here.said("bb22", "viewer", b"{}")
    assert [(one.role, one.name) for one in at.present.seats] == [("assistant", "小李"), ("viewer", "前台")]
    at.here.said("bb22", "viewer", b'{"name": "' + b"x" * 2_000 + b'"}')
    assert all(len(one.name) <= SEAT_NAME for one in at.present.seats)
    at.time = GONE_SECONDS - 1
    at.here.said("aa11", "deputy", b"no json")
    at.time = GONE_SECONDS + 1
    at.here.sweep()
    assert [one.name for one in at.present.seats] == ["小李"]
    at.here.all_left()
    assert (at.present.seats, at.moved[-1]) == ((), frozenset())
    assert doors.BEAT_SECONDS < 2
