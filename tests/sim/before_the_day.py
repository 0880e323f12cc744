"""What somebody prepares and notes about money: a broadcast is planned, and mostly dropped again."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from liveconsole.domain.room import Room

_RIVAL = {"shop": "隔壁", "title": "帽子", "price_fen": 3_900}


def asked(room: Room, dice: Random, now: datetime, sharer: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what is asked this time, in order; each of them may fall out."""
    asks: list[tuple[str, dict[str, Any]]] = [
        ("prepare.tick", {"item": dice.choice(["video", "notice"]), "done": dice.random() < 0.7}),
        ("prepare.plan", {"at": (now + timedelta(days=3)).isoformat()}),
        ("prepare.drop", {"plan_id": next(iter(room.prepare), "none")}),
        ("parts.put", {"parts": [{"who": "host", "percent": "30"}]}),
        ("sharer.put", {"viewer_id": sharer, "goods": []}),
        ("rivals.put", {"week": "2026-11-23", "rows": [_RIVAL]}),
    ]
    return [ask for ask in asks if dice.random() < 0.6]
