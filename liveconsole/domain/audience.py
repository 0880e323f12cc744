"""Counters of who is there and what they do."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.context import Fold
from liveconsole.domain.room import Room
from liveconsole.messages import facts
from liveconsole.messages.envelope import Event


def _comment(room: Room, data: facts.CommentPosted, event: Event) -> None:
    room.audience.comments += 1


def _entered(room: Room, data: facts.ViewerEntered, event: Event) -> None:
    room.audience.entered += 1


def _followed(room: Room, data: facts.ViewerFollowed, event: Event) -> None:
    room.audience.followed += 1


def _shared(room: Room, data: facts.ViewerShared, event: Event) -> None:
    room.audience.shared += 1


def _liked(room: Room, data: facts.ViewerLiked, event: Event) -> None:
    room.audience.likes += data.count


def _gift(room: Room, data: facts.GiftSent, event: Event) -> None:
    if not data.combo:  # a combo repeats what its single gifts have told
        room.audience.gifts += data.count
        room.audience.gift_value_fen += data.value_fen


def _measured(room: Room, data: facts.RoomMeasured, event: Event) -> None:
    for name in ("online", "likes", "exposures", "clicks", "followers"):
        if (value := getattr(data, name)) is not None:
            setattr(room.audience, name, value)


FOLDS: Final[dict[str, Fold]] = {
    "comment.posted": _comment,
    "viewer.entered": _entered,
    "viewer.followed": _followed,
    "viewer.shared": _shared,
    "viewer.liked": _liked,
    "gift.sent": _gift,
    "room.measured": _measured,
}
