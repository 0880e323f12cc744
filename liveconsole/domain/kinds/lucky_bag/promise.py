"""What is fixed about a draw before anybody can enter it: ``cue.on_air`` carries it.

The rules, the salt of the entry ids and the random value are named here, the value by its hash (``local``)
or by a public round that nobody knows yet (drand, with the fallback for when that round is not to be had).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from liveconsole.domain import draw
from liveconsole.domain.audience import loudest
from liveconsole.domain.context import Context
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.draws import DrawPromise
from liveconsole.messages.specs import LuckyBagSpec
from liveconsole.messages.text import LETTERS_VERSION

DEFAULT_ALTERNATES: Final = 10

_AFTER_CLOSE: Final = timedelta(seconds=10)
"""The round is still nobody's knowledge at the close, whatever the clocks say."""
BEACON_WAIT: Final = timedelta(seconds=30)
"""How long after its round the public value is waited for before the announced fallback is drawn."""


def alternates_of(spec: LuckyBagSpec) -> int:
    """As many alternates as winners but at most 10, where the spec does not say."""
    return min(spec.winners, DEFAULT_ALTERNATES) if spec.alternates is None else spec.alternates


def draws_here(cue: Cue) -> bool:
    return isinstance(cue.spec, LuckyBagSpec) and cue.spec.draw == "console"


def promise(room: Room, cue: Cue, ctx: Context, *, closes: datetime | None = None) -> DrawPromise | None:
    """Return what goes into ``cue.on_air``, or into ``bag.opened`` for the next bag of a series; None where
    the platform draws.

    Args:
        closes: when the bag closes, where that is not ``seconds`` from now.
    """
    spec = cue.spec
    if not isinstance(spec, LuckyBagSpec) or not draws_here(cue):
        return None
    draw_id = draw.uuid_shaped(ctx.chance.fresh(16))
    salt = ctx.chance.fresh(16).hex()
    commit = draw.commitment(ctx.chance.secret(draw_id))
    source, number, round_at = room.settings.randomness, None, None
    chain = ctx.chance.chain if source == "drand" else None
    if chain is None:  # a room that asked for a chain may be opened where nothing can verify one
        source = "local"
    randomness: dict[str, Any] = {"source": source, "commit": commit}
    if chain is not None:
        number = chain.round_after((closes or ctx.now + timedelta(seconds=spec.seconds)) + _AFTER_CLOSE)
        round_at, wait = chain.time_of(number), int(BEACON_WAIT.total_seconds())
        randomness |= {"chain": chain.hash, "round": number, "fallback": "local", "wait_seconds": wait}
    rules = _rules(room, cue, spec, draw_id, salt, ctx) | {"randomness": randomness}
    if source_heard := loudest(room, ctx.now):
        rules["entry"]["source"] = source_heard
    return DrawPromise(
        draw_id=draw_id,
        salt=salt,
        rules=rules,
        rules_sha256=draw.rules_hash(rules),
        source=source,
        commit=commit,
        round=number,
        fallback="local" if number is not None else "",
        round_at=round_at,
    )


def earlier_winners(room: Room, how: str, now: datetime) -> set[str]:
    """Return who stands back, by ``specs.StandBack``: of this broadcast, or of the last days."""
    if how == "none":
        return set()
    since = room.broadcast.opened_at
    if how.startswith("days:"):
        since = now - timedelta(days=int(how.removeprefix("days:")))
    return {won.viewer_id for won in room.won if since is None or won.at >= since}


def _before(cue: Cue) -> list[Bag]:
    """The bags of its series that are drawn, where the one that is promised is the next."""
    return cue.bags if cue.status == "on_air" else []


def _rules(room: Room, cue: Cue, spec: LuckyBagSpec, draw_id: str, salt: str, ctx: Context) -> dict[str, Any]:
    entry: dict[str, Any] = {"weight": 1}
    if spec.entry.keyword is not None:
        entry |= {"keyword": spec.entry.keyword, "match": spec.entry.match, "letters": LETTERS_VERSION}
    if spec.audience is not None:
        entry["audience"] = spec.audience
    how = spec.entry.stand_back or room.settings.stand_back
    before = _before(cue)
    series = cue.spec.series if isinstance(cue.spec, LuckyBagSpec) else None
    won = {pid for bag in before for pid in bag.ever_won} if series is not None and series.once else set()
    people = earlier_winners(room, how, ctx.now) | won
    back = sorted(draw.entry_id(draw_id, salt, pid) for pid in people)
    more: dict[str, Any] = {}
    if how != "none":
        entry["stand_back"] = how
    if how != "none" or won:
        more["stood_back"] = back
    if series is not None:
        more["series"] = msgspec.to_builtins(series) | {"bag": len(before) + 1}
    if before:
        more["series"]["after"] = before[-1].receipt_sha256
    prize: dict[str, Any] = {"name": spec.prize.name, "value_fen": spec.prize.value_fen}
    if spec.prize.product_id is not None:
        prize["product_id"] = spec.prize.product_id
    return {
        "v": 1,
        "algorithm": draw.ALGORITHM,
        "draw_id": draw_id,
        "cue_id": cue.cue_id,
        "salt": salt,
        "prize": prize,
        "winners": spec.winners,
        "alternates": alternates_of(spec),
        "entry": entry,
        "excluded": sorted({*(draw.entry_id(draw_id, salt, pid) for pid in spec.exclude), *back}),
        **more,
        "claim": {"followed": spec.claim.followed, "seconds": spec.claim.seconds},
        "seconds": spec.seconds,
    }
