"""Rooms for the host's screen: the rich evening with a rundown and notes, at one fixed moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.ui.committed import NOW, wire
from tests.ui.fake_bus import FakeBus
from tests.ui.sample_state import sample_state
from ui.seat.seat import Seat
from ui.windows.host.notes import as_note
from ui.windows.host.window import HostWindow

SCRIPT = """大家看我手上这条，驼色，两米长，
十六微米长绒，贴着脖子一点不扎。
平时直播间一百九十九，
今天九十九，就五十条，
送礼盒，自己戴送妈妈都体面。
想要的先把地址填好，
我们数三二一上链接。"""


class StillSeat(Seat):
    """A seat whose clock stands."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


def segment(segment_id: str, product_id: str | None, **more: Any) -> dict[str, Any]:
    """A segment as the state body has it."""
    return {
        "segment_id": segment_id,
        "product_id": product_id,
        "title": "",
        "script": "",
        "minutes": 8.0,
        "cues": [],
        "conditions": "",
        "tag": "explain",
        "number": None,
        "product_title": "",
        "on_shelf": True if product_id else None,
        "by": "assistant",
        "current": False,
        "done": False,
        "started_at": None,
        "ended_at": None,
        "spent_seconds": 0,
        "steps": [],
    } | more


def note(note_id: str, text: str, **more: Any) -> dict[str, Any]:
    """A note as the state body has it."""
    return {"note_id": note_id, "text": text, "by": "assistant", "to": "host", "at": wire(NOW)} | more


def host_state(*, counting: bool = False, running: bool = True) -> dict[str, Any]:
    """The evening with a rundown; ``counting``: the next sale is in its recall window."""
    state = sample_state()
    begun = NOW - timedelta(seconds=1300)
    state["rundown"] = {
        "segments": [
            segment("s0", None, title="开场", done=True, started_at=wire(begun), ended_at=wire(begun)),
            segment("s1", "silk", done=True, started_at=wire(begun), ended_at=wire(begun)),
            segment(
                "s2", "scarf", script=SCRIPT, current=True, started_at=wire(NOW - timedelta(seconds=381))
            ),
            segment("s3", "gloves", script="手套男女同款。\n内里加绒，能划手机。"),
            segment("s4", "beret"),
        ],
        "current": "s2",
        "next": "s3",
    }
    state["notes"] = [
        note("n1", as_note("165 / 52 公斤，会不会太长？", 87)),
        note("n2", as_note("什么时候发货？", 31)),
        note("n3", as_note("有没有黑色？")),
        note("n4", "库存只有 18，下一品别超 6 分钟"),
    ]
    if not counting:
        state["cues"] = [c for c in state["cues"] if c["status"] != "recallable"]
    if not running:
        state["cues"] = [c for c in state["cues"] if c["kind"] == "pin"]
    return state


def host_at(state: dict[str, Any] | None, now: datetime = NOW, role: str = "host") -> HostWindow:
    """The window on a seat that has seen exactly this."""

    async def join() -> FakeBus:
        return FakeBus(state or {})

    seat = StillSeat(join)
    seat.moment = now
    seat.state = state
    return HostWindow(seat, role)
