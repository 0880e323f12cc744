"""The engine's account of its sources, as the strip and the health panel read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

Json = Mapping[str, Any]


def account(state: Json, now: datetime) -> dict[str, Any]:
    """``health`` of a state with one entry a source (``source, last_at, count, simulated``) and what is owed.

    Ages become moments, so that they go on growing between two states. A capture source that was turned
    on and has not spoken yet is listed too: that is the one to look after.
    """
    health = dict(state.get("health") or {})
    heard = health.get("sources")
    if isinstance(heard, list):
        return health
    simulated = bool((state.get("room") or {}).get("simulated"))
    sources = [
        {
            "source": name,
            "last_at": (now - timedelta(seconds=float(said["age_seconds"]))).isoformat(),
            "count": said.get("events"),
            "simulated": simulated,
        }
        for name, said in (heard or {}).items()
    ]
    names = " ".join(str(source["source"]) for source in sources)
    for name, said in (health.get("capture") or {}).items():
        if said.get("state") != "off" and name not in names:
            sources.append({"source": f"/{name}", "last_at": None, "count": 0, "simulated": False})
    health["sources"] = sources
    health["owed"] = sum(1 for cue in state.get("cues", ()) if cue.get("owed"))
    health["inbox"] = health.get("waiting")
    return health
