"""The feed over a long evening: comments decoded, folded and shown, as many as are asked for."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from ui.bench.start import say
from ui.panels.feed import FeedPanel
from ui.seat.seat import FRAME_MS

_BATCH: Final = 160
"""A frame's worth at 10,000 a second."""
_TEMPLATES: Final = 64
_decode = msgspec.json.Decoder().decode


async def run(comments: int) -> dict[str, Any]:
    """Pauses half way and at the end, so that whoever asked can look at our memory.

    Time is the events' own, so that an evening passes in a minute.
    """
    panel = FeedPanel()
    panel.resize(480, 960)
    panel.show()
    rng = random.Random(3)
    frames = [_frame(rng) for _ in range(_TEMPLATES)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    began, done, told = time.perf_counter(), 0, False
    while done < comments:
        at += timedelta(milliseconds=FRAME_MS)
        stamp = at.isoformat(timespec="milliseconds").encode()
        frame = frames[rng.randrange(_TEMPLATES)]
        panel.take(_decode(frame.replace(b"@at", stamp).replace(b"@n", b"%d" % done)))
        if done // _BATCH % 62 == 0:
            panel.tick(at)
            await asyncio.sleep(0)
        done += _BATCH
        if not told and done >= comments // 2:
            told = True
            _pause(done)
    _pause(done)
    return {"comments": done, "rows": len(panel.feed), "seconds": time.perf_counter() - began}


def _pause(done: int) -> None:
    """Say how far it is, and wait for a line."""
    say({"folded": done})
    sys.stdin.readline()


def _frame(rng: random.Random) -> bytes:
    """One frame of the stream, with marks where its time and what makes its texts new will stand."""
    events = []
    for _ in range(_BATCH):
        viewer = rng.randrange(200_000)
        text = (
            "扣1" if rng.random() < 0.3 else f"{rng.choice(('有黑色吗', '什么时候发货', '已拍'))} @n {viewer}"
        )
        who = {"id": f"wx{viewer}", "name": f"用户{viewer}"}
        events.append(
            {"seq": 1, "type": "comment.posted", "at": "@at", "data": {"viewer": who, "text": text}}
        )
    return msgspec.json.encode(events)
