"""Viewers as such: who is hidden here, and who asks to be forgotten.

Hiding is of eyes alone: words of somebody hidden stay on the log, and he enters bags, buys and wins like
everybody. What named somebody forgotten is not for the rules (`engine.forgetting`).
"""

from __future__ import annotations

from typing import Final

from liveconsole.domain import membership, shown_reviews, stories
from liveconsole.domain.comment_desk import MutedViewer
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.platforms import is_elsewhere
from liveconsole.domain.room import Room
from liveconsole.messages.care import ViewerForgotten
from liveconsole.messages.commands import ViewerForget
from liveconsole.messages.envelope import Event
from liveconsole.messages.moderation import (
    ViewerConfirm,
    ViewerConfirmed,
    ViewerMute,
    ViewerMuted,
    ViewerUnmute,
    ViewerUnmuted,
)
from liveconsole.messages.refusals import Refused

MUTED_LIMIT: Final = 2_000
"""People hidden at once, those of earlier evenings among them."""


def forget(room: Room, data: ViewerForget, ctx: Context) -> Decision | Refused:
    """Forget him; what he bought, won and is owed stays, and is nobody's."""
    return Decision([ctx.event("viewer.forgotten", ViewerForgotten(data.viewer_id))], {})


def mute(room: Room, data: ViewerMute, ctx: Context) -> Decision | Refused:
    """Hide him from now on, or for good; said again with another reason, that one stands."""
    known = room.comment_desk.muted.get(data.viewer_id)
    reason = data.reason.strip()
    if known is not None and known.hidden and (known.block, known.reason) == (data.block, reason):
        return Decision([], {})
    if known is None and len(room.comment_desk.muted) >= MUTED_LIMIT:
        return Refused("over_limit", {"detail": f"muted: {MUTED_LIMIT + 1} > {MUTED_LIMIT}"})
    muted = ViewerMuted(data.viewer_id, reason, data.block, is_elsewhere(room))
    return Decision([ctx.event("viewer.muted", muted)], {})


def unmute(room: Room, data: ViewerUnmute, ctx: Context) -> Decision | Refused:
    known = room.comment_desk.muted.get(data.viewer_id)
    if known is None or not known.hidden:
        return Decision([], {})
    unmuted = ViewerUnmuted(data.viewer_id, data.reason.strip(), known.there)
    return Decision([ctx.event("viewer.unmuted", unmuted)], {})


def confirm(room: Room, data: ViewerConfirm, ctx: Context) -> Decision | Refused:
    """Take it that a person did it at the platform; where nothing is to be done it is said for nothing."""
    known = room.comment_desk.muted.get(data.viewer_id)
    if known is None or known.step is None:
        return Decision([], {})
    done = ctx.event("viewer.confirmed", ViewerConfirmed(data.viewer_id))
    return Decision([done], {})


def begin_evening(room: Room) -> None:
    """Another broadcast opens: who was hidden for the evening is shown, the block list stays, and what is yet
    to be taken back at the platform."""
    room.comment_desk.muted = {
        pid: one for pid, one in room.comment_desk.muted.items() if one.block or not one.hidden
    }


def _forgotten(room: Room, data: ViewerForgotten, event: Event) -> None:
    """The room knows pids only. Who comes again is somebody else, and no list holds him."""
    room.comment_desk.muted.pop(data.viewer_id, None)
    membership.forget(room, data.viewer_id)
    shown_reviews.forgotten(room, data.viewer_id)
    stories.forgotten(room, data.viewer_id)


def _muted(room: Room, data: ViewerMuted, event: Event) -> None:
    known = room.comment_desk.muted.pop(data.viewer_id, None)
    there = known is not None and known.there
    as_before = known is not None and known.hidden and known.block == data.block
    one = MutedViewer(data.viewer_id, event.actor, event.at, data.reason, data.block, there=there)
    if data.asked and not (there and as_before):
        one.step = "block" if data.block else "mute"
    room.comment_desk.muted[data.viewer_id] = one


def _unmuted(room: Room, data: ViewerUnmuted, event: Event) -> None:
    known = room.comment_desk.muted.get(data.viewer_id)
    if known is not None and data.asked:
        known.hidden, known.step = False, "lift"
    else:
        room.comment_desk.muted.pop(data.viewer_id, None)


def _confirmed(room: Room, data: ViewerConfirmed, event: Event) -> None:
    known = room.comment_desk.muted.get(data.viewer_id)
    if known is None:
        return
    if known.step == "lift":
        del room.comment_desk.muted[data.viewer_id]
    else:
        known.step, known.there = None, True


COMMANDS: Final[dict[str, Rule]] = {
    "viewer.forget": forget,
    "viewer.mute": mute,
    "viewer.unmute": unmute,
    "viewer.confirm": confirm,
}
FOLDS: Final[dict[str, Fold]] = {
    "viewer.forgotten": _forgotten,
    "viewer.muted": _muted,
    "viewer.unmuted": _unmuted,
    "viewer.confirmed": _confirmed,
}
