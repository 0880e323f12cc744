"""What is counted, what somebody has to see to, and how the engine does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET

from liveconsole.domain import budget, given, sales
from liveconsole.domain.gaps import HeardSource, gap_of
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Room
from liveconsole.messages.bounds import GAPS
from liveconsole.messages.budgets import BudgetState
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.sources import tool_of
from liveconsole.messages.state import (
    AudienceState,
    BroadcastGivenState,
    FigureState,
    GapState,
    HealthState,
    NoteState,
    OrdersState,
    PledgeState,
    RecentState,
    SourceState,
    UnknownCueState,
)
from liveconsole.views.state.worlds import worlds_state


def orders_state(room: Room) -> OrdersState:
    """Figures are None where nobody reports orders: what a person measured stands on its promotion only."""
    known = orders_known(room)
    totals = msgspec.structs.asdict(room.totals)
    aftersales = totals.pop("aftersales") or UNSET
    if not known:
        totals = dict.fromkeys(totals) | {"unmatched": room.totals.unmatched}
    return OrdersState(known=known, oversold=oversold(room), aftersales=aftersales, **totals)


def oversold(room: Room) -> int:
    """Units that orders were promised beyond a sale's bounds or beyond the stock, each counted once; what
    earlier broadcasts left short is theirs."""
    by_sale: dict[str, int] = {}
    units = 0
    for cue in room.cues.values():
        if cue.sale:
            beyond = sales.oversold(cue)
            units += beyond
            for sku_id, count in cue.sale.items():
                by_sale[sku_id] = by_sale.get(sku_id, 0) + count.oversold
    return units + sum(
        max(0, s.oversold - by_sale.get(s.sku_id, 0) - room.short_before.get(s.sku_id, 0))
        for s in room.skus.values()
        if s.oversold
    )


def discount_state(room: Room, now: datetime) -> BroadcastGivenState:
    found = given.of_broadcast(room, now)
    stands = _budget(room, now)
    if not orders_known(room):
        return BroadcastGivenState(None, None, found.most_fen, stands)
    return BroadcastGivenState(found.given_fen, found.held_fen, found.most_fen, stands)


def _budget(room: Room, now: datetime) -> BudgetState | None:
    spent = budget.spent(room, now)
    if spent is None:
        return None
    prizes = given.prizes_of_broadcast(room, now)
    return BudgetState(spent.limit_fen, spent.used_fen, spent.percent, prizes, budget.ahead(room, now))


def audience_state(room: Room) -> AudienceState:
    told = msgspec.structs.asdict(room.audience)
    told["measured"] = {name: FigureState(one.value, one.at) for name, one in room.audience.measured.items()}
    told["recent"] = {
        name: RecentState(one.value, one.before, one.minutes, one.at)
        for name, one in room.audience.recent.items()
    }
    return AudienceState(**told)


def unknown_cues_state(room: Room) -> list[UnknownCueState]:
    return [UnknownCueState(one.cue_id, one.at, one.count) for one in reversed(room.unknown_cues.values())]


def notes_state(room: Room) -> list[NoteState]:
    return [NoteState(**msgspec.structs.asdict(note)) for note in room.notes]


def pledges_state(room: Room) -> list[PledgeState]:
    return [PledgeState(**msgspec.structs.asdict(pledge)) for pledge in room.pledges.values()]


def heard_sources(
    sources: Mapping[str, Mapping[str, Any]],
    capture: Mapping[str, Mapping[str, Any]],
    connections: Mapping[str, ConnectionState],
) -> list[HeardSource]:
    """Return every source that spoke, as the rule of gaps sees it."""
    found = []
    for name, said in sources.items():
        if said["last_at"] is None:
            continue
        tool = tool_of(name)
        state, since = _tool_state(capture.get(tool), connections.get(_CONNECTED.get(tool, "")))
        found.append(
            HeardSource(
                name,
                said["last_at"],
                said.get("pauses", ()),
                state,
                since,
                comments=bool(said.get("comments")),
                asked=tool in _ASKED,
            )
        )
    return found


def _tool_state(
    capture: Mapping[str, Any] | None, connection: ConnectionState | None
) -> tuple[str, datetime | None]:
    if capture is not None:
        return str(capture.get("state", "")), capture.get("state_at")
    if connection is None:
        return "", None
    gone = connection.state in _GONE or connection.code == "closed"
    return ("waiting" if gone else connection.state), connection.since


_CONNECTED: Final = {"browser": "browser", "wechat_shop": "shop"}
"""What a source's path begins with → the connection that brings it."""
_ASKED: Final = frozenset({"wechat_shop"})
_GONE: Final = frozenset({"away", "failed", "login", "waiting"})
"""States of a connection in which nothing comes from it."""


def _source(
    room: Room, one: HeardSource, heard: list[HeardSource], said: Mapping[str, Any], now: datetime
) -> SourceState:
    gap, rate = gap_of(room, one, heard, now), said.get("per_minute")
    return SourceState(
        one.source,
        one.last,
        said["events"],
        room.simulated,
        one.comments or UNSET,
        rate if rate is not None else UNSET,
        gap.since if gap is not None else UNSET,
        gap.why if gap is not None else UNSET,
    )


def health_state(health: Mapping[str, Any], room: Room, now: datetime) -> HealthState:
    """``health``: the engine's own account (`Engine.health`), ``sources`` with the moment of their last word.

    A capture source that was turned on and has not spoken yet is listed too: that is the one to look after.
    """
    capture: dict[str, dict[str, Any]] = health.get("capture", {})
    heard = heard_sources(health.get("sources", {}), capture, health.get("connections", {}))
    sources = [_source(room, one, heard, health["sources"][one.source], now) for one in heard]
    sources += [
        SourceState(name, None, said["events"], room.simulated)
        for name, said in health.get("sources", {}).items()
        if said["last_at"] is None
    ]
    connections: dict[str, ConnectionState] = dict(health.get("connections", {}))
    names = " ".join(source.source for source in sources)
    for name, said in capture.items():
        if said.get("state") != "off" and name not in names:
            sources.append(SourceState(f"/{name}", None, 0))
    return HealthState(
        ok=health.get("ok", True),
        trouble=health.get("trouble", ""),
        version=health.get("version", ""),
        waiting=health.get("waiting", 0),
        sources=sources,
        capture=capture,
        clock_ahead_seconds=health.get("clock_ahead_seconds", 0),
        seats=list(health.get("seats", ())),
        seats_more=health.get("seats_more", 0),
        lists=list(health.get("lists", ())),
        connections=connections,
        gaps=[GapState(g.source, g.since, g.until, g.why) for g in reversed(room.gaps[-GAPS:])],
        trouble_since=health.get("trouble_since") or UNSET,
        worlds=worlds_state(room, connections, sources, capture),
        open_question=health.get("open_question") or UNSET,
        cases_overdue=health.get("cases_overdue") or UNSET,
        cases_soon=health.get("cases_soon") or UNSET,
        backup=health.get("backup") or UNSET,
        playback=health.get("playback", UNSET),
    )
