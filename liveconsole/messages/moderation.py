"""Who is not shown here any more: what a seat sends, and what stands on the log of it."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from liveconsole.messages.fields import AnyPersonId, Pid, Text, Typed

MuteStep = Literal["mute", "block", "lift"]
"""What a person still has to do at the platform: 禁言, 拉黑, or take either back."""


class ViewerMute(Struct, frozen=True):
    """Hidden here at once, on every seat. ``block`` outlives the evening."""

    viewer_id: AnyPersonId
    reason: Text = ""
    block: bool = False


class ViewerUnmute(Struct, frozen=True):
    viewer_id: AnyPersonId
    reason: Text = ""


class ViewerConfirm(Struct, frozen=True):
    """A person did at the platform what `MuteStep` asked for."""

    viewer_id: AnyPersonId


class ViewerMuted(Struct, frozen=True):
    """``viewer.muted``; ``asked``: the platform is somebody else's, where a person has to do the same."""

    viewer_id: Pid
    reason: Typed = ""
    block: bool = False
    asked: bool = False


class ViewerUnmuted(Struct, frozen=True):
    """``viewer.unmuted``; ``asked``: it was done at the platform, and is to be taken back there."""

    viewer_id: Pid
    reason: Typed = ""
    asked: bool = False


class ViewerConfirmed(Struct, frozen=True):
    viewer_id: Pid


COMMANDS: Final[dict[str, type[Struct]]] = {
    "viewer.mute": ViewerMute,
    "viewer.unmute": ViewerUnmute,
    "viewer.confirm": ViewerConfirm,
}
EVENTS: Final[dict[str, type[Struct]]] = {
    "viewer.muted": ViewerMuted,
    "viewer.unmuted": ViewerUnmuted,
    "viewer.confirmed": ViewerConfirmed,
}
