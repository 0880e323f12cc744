"""Chains of drand: public random values, a numbered round every few seconds, each with a signature that
nobody can foresee and everybody can verify.

Here is arithmetic only: which round comes after a moment, and when. A round is fetched and its signature
verified in ``liveconsole.connectors.drand``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from liveconsole.domain.room import Room
from liveconsole.messages.draws import DrawPromise


class Chain(Struct, frozen=True):
    """``hash`` is derived from all the rest, so that who knows it cannot be given another key.

    ``genesis`` is the moment of round 1 in Unix seconds, ``period`` the seconds from round to round;
    ``public_key`` in hex, of the scheme ``bls-unchained-g1-rfc9380``.
    """

    hash: str
    public_key: str
    genesis: int
    period: int

    def round_after(self, moment: datetime) -> int:
        """Return the first round that comes at ``moment`` or later."""
        since = moment - datetime.fromtimestamp(self.genesis, UTC)
        return max(0, -(since // -timedelta(seconds=self.period))) + 1

    def time_of(self, number: int) -> datetime:
        return datetime.fromtimestamp(self.genesis + self.period * (number - 1), UTC)


QUICKNET: Final = Chain(
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec75"
        "8c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1_692_803_367,
    period=3,
)
"""The public chain of the League of Entropy: a round every 3 s, each for itself."""


def round_at(promised: DrawPromise) -> datetime | None:
    """Tell when the round of a promise is there; None where it names none. In older logs it is quicknet's."""
    if promised.round is None:
        return None
    return promised.round_at or QUICKNET.time_of(promised.round)


class Awaited(Struct, frozen=True):
    """A round that a closed draw waits for: its number in ``chain`` (its hash), and when it is there."""

    cue_id: str
    chain: str
    round: int
    at: datetime


def awaited(room: Room) -> list[Awaited]:
    """Return every public value that somebody must fetch."""
    found = []
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if cue.status != "on_air" or cue.bag is None or not cue.bag.root or cue.bag.promise is None:
            continue
        promised, comes = cue.bag.promise, round_at(cue.bag.promise)
        if comes is not None and promised.round is not None:
            found.append(Awaited(cue_id, promised.rules["randomness"]["chain"], promised.round, comes))
    return found
