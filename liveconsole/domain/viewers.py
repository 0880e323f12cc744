"""Viewers as such: who asks to be forgotten. What named him is not for the rules (`engine.forgetting`)."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.care import ViewerForgotten
from liveconsole.messages.commands import ViewerForget
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def forget(room: Room, data: ViewerForget, ctx: Context) -> Decision | Refused:
    """Forget him; what he bought, won and is owed stays, and is nobody's."""
    return Decision([ctx.event("viewer.forgotten", ViewerForgotten(data.viewer_id))], {})


def _forgotten(room: Room, data: ViewerForgotten, event: Event) -> None:
    """The room knows pids only."""


COMMANDS: Final[dict[str, Rule]] = {"viewer.forget": forget}
FOLDS: Final[dict[str, Fold]] = {"viewer.forgotten": _forgotten}
