"""Rooms that are shared: nobody yet, somebody asks, seats that sit there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from liveconsole.messages.sharing import AskState, SharedSeatState, SharingState
from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.layout.scenes import SCENES

CODE = "1G0M-7N48-54Q2-40H4-48D2-GA1R-7ZRG-4081-6DT2"


def sharing(**more: Any) -> SharingState:
    """Open on an address, one code, one computer and one phone that are let in."""
    fields: dict[str, Any] = {
        "open": True,
        "address": "192.168.1.20",
        "port": 41234,
        "phone": True,
        "code": CODE,
        "code_until": NOW + timedelta(seconds=431),
        "link": f"https://192.168.1.20:41234/join#{CODE.replace('-', '')}",
        "fingerprint": " ".join(["3F9A"] * 16),
        "here": 1,
        "seats": [
            SharedSeatState("s1", "前台电脑", "assistant", True, "desk", True, NOW, True),
            SharedSeatState(
                *("s2", "<b>小林</b>的手机", "assistant", False, "phone", False),
                *(NOW - timedelta(minutes=4), False),
            ),
        ],
    }
    return SharingState(**(fields | more))


def ask(id_: str = "a1", kind: Any = "phone", label: str = "<b>小林</b>的手机") -> AskState:
    return AskState(id_, label, "483291", kind, NOW, NOW + timedelta(seconds=100), "192.168.1.31")


def shared(state: State | None = None, **more: Any) -> State:
    """A room with the sharing; its revision moves with what it says."""
    state = state or SCENES["rich"]()
    said = sharing(**more)
    revisions = replace(state.revisions, sharing=hash(repr(said)) & 0xFFFFFF)
    return replace(state, sharing=said, revisions=revisions)
