"""What the law asks before anything is shown: qualifications, and reviews where they are required."""

from __future__ import annotations

from datetime import datetime

from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import qualified, reviews
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.refusals import Refused


def cannot_start(room: Room, cue: Cue, now: datetime) -> Refused | None:
    """Tell what is in a promotion's way at its time: a licence may have ended by then."""
    goods = sorted(kind_of(cue).goods(room, cue.spec))
    at = cue.at if cue.at is not None and cue.at > now else now
    subjects = [f"cue:{cue.cue_id}", *(f"product:{id_}" for id_ in goods)]
    return qualified.refusal(room, goods, at) or reviews.refusal(room, subjects)


def cannot_show(room: Room, product_id: str, now: datetime) -> Refused | None:
    """Tell why a product cannot be explained."""
    return qualified.refusal(room, [product_id], now) or reviews.refusal(room, [f"product:{product_id}"])


def cannot_read_out(room: Room, segment_id: str) -> Refused | None:
    """Tell why a segment's script cannot be read out."""
    return reviews.refusal(room, [f"segment:{segment_id}"])
