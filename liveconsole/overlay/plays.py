"""What viewers see of a list, a PK and red packets: fields of their cards. Names come out masked only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from liveconsole.domain.draw import promise_code
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import FirstComeSpec, PkSpec, RedPacketSpec
from liveconsole.messages.wording import short_yuan
from liveconsole.views.masks import mask_name, plain_line

STALE: Final = timedelta(seconds=60)
"""A figure read off the platform is not shown to viewers any longer than this (contract)."""
NAMED: Final = 6
"""So many of a list are named, those who came last: whoever watches looks for himself."""
_TITLE: Final = 60


def shown_of(cue: Cue) -> list[str]:
    """Return the pids of those whom the card names."""
    if cue.places is None or not isinstance(cue.spec, FirstComeSpec):
        return []
    return [pid for pid, _ in cue.places.placed(cue.spec.places)[-NAMED:]]


def first_come(room: Room, cue: Cue, names: Mapping[str, str]) -> dict[str, Any]:
    spec, there = cue.spec, cue.places
    assert isinstance(spec, FirstComeSpec)
    word = plain_line(spec.keyword, _TITLE)
    fields: dict[str, Any] = {"keyword": word, "quantity": spec.places, "price_fen": spec.price_fen}
    fields["condition"] = f"评论“{word}”，按先后前 {spec.places} 位"
    sku = room.skus.get(spec.sku_id or "")
    product = room.products.get(sku.product_id) if sku is not None else None
    fields["title"] = plain_line(product.title, _TITLE) if product is not None else f"扣“{word}”"
    if there is not None:
        placed = there.placed(spec.places)
        fields["entrants"] = len(placed)
        fields["waiting"] = there.waiting(spec.places)
        last = placed[-NAMED:]
        first = len(placed) - len(last) + 1
        fields["places"] = [
            f"{number}. {mask_name(names.get(pid, ''))}" for number, (pid, _) in enumerate(last, first)
        ]
        if there.promise is not None:
            fields["promise_code"] = promise_code(there.promise.rules_sha256)
    return fields


def pk(cue: Cue, now: datetime) -> dict[str, Any]:
    """A score that nobody told, or told too long ago, is not there: never 0 : 0."""
    assert isinstance(cue.spec, PkSpec)
    fields: dict[str, Any] = {"title": plain_line(cue.spec.opponent, _TITLE)}
    if cue.spec.stake:
        fields["condition"] = f"输了{plain_line(cue.spec.stake, _TITLE)}"
    if cue.pk is None:
        return fields
    if cue.spec.rounds > 1:
        fields |= {"round": len(cue.pk.scores), "rounds": cue.spec.rounds}
    score = cue.pk.scores[-1]
    fresh = score.at is not None and now - score.at <= STALE
    if fresh and score.at is not None and score.ours is not None and score.theirs is not None:
        fields |= {"score": [score.ours, score.theirs], "known_until": score.at + STALE}
    return fields


def red_packet(cue: Cue, now: datetime) -> dict[str, Any]:
    """How many are left only where somebody read it a moment ago."""
    spec, seen = cue.spec, cue.measured
    assert isinstance(spec, RedPacketSpec)
    fields: dict[str, Any] = {"title": f"{short_yuan(spec.total_fen)} 元", "quantity": spec.packets}
    if seen is not None and now - seen.at <= STALE:
        left = seen.left
        if left is None and seen.claimed is not None:
            left = max(0, spec.packets - seen.claimed)
        if left is not None:
            fields |= {"left": left, "known_until": seen.at + STALE}
    return fields
