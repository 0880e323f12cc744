"""The long sections row by row: a row that is equal to the one before keeps its bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import FirstComeSpec
from liveconsole.messages.state import CanState, CueState, LowestState, ProductState, WordState
from liveconsole.views.state import room as rooms
from liveconsole.views.state.can import can_state, rests_on
from liveconsole.views.state.cues import cue_row, cue_state, in_order, lowest_of, texts_of, with_can
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.revisions import Rows, array

_encode = msgspec.json.Encoder().encode
_read_can = msgspec.json.Decoder(CanState).decode
_LEFT_OUT: Final = CanState(True, True, True, True, True, True, True, True, True)
"""In rows that are the same for every role: theirs is put behind (`SeatRows`)."""


class ProductRows:
    def __init__(self) -> None:
        self.rows: Rows = {}
        self.array = b"[]"
        self._made: dict[str, tuple[ProductState, object, bytes]] = {}

    def refresh(self, room: Room, now: datetime) -> bool:
        """Make them anew; whether anything is otherwise than before, or there was nothing before."""
        first = not self._made and not self.rows
        promised = rooms.promised(room)
        made: dict[str, tuple[ProductState, object, bytes]] = {}
        for product in room.products.values():
            shown = rooms.product_state(room, product, promised, now)
            kept = self._made.get(product.product_id)
            if kept is None or kept[0] != shown or kept[1] is not product.sent:
                kept = shown, product.sent, rooms.product_row(product, shown)
            made[product.product_id] = kept
        rows = {id_: row for id_, (_, _, row) in made.items()}
        same = not first and list(rows.items()) == list(self.rows.items())
        self._made = made
        if not same:
            self.rows, self.array = rows, array(list(rows.values()))
        return not same


class CueRows:
    """Promotions as every role sees them; ``made`` grows with every making."""

    def __init__(self) -> None:
        self.made = 0
        self.cues: list[tuple[Cue, bytes]] = []
        self._rows: dict[str, tuple[CueState, bytes]] = {}
        self._lowest: dict[str, tuple[int, LowestState | None]] = {}
        self._words: dict[str, tuple[object, list[WordState]]] = {}

    def forget(self) -> None:
        """Somebody is known by another name: every row is made anew."""
        self._rows = {}

    def refresh(self, look: StateInputs, ground: int) -> None:
        """``ground``: what prices rest on; as long as it is the same the lowest prices are too."""
        room = look.room
        cues = in_order(room)
        bags = [bag for cue in cues for bag in cue.bags]
        winners = {winner.viewer_id for bag in bags for winner in (*bag.winners, *bag.alternates)}
        winners |= _placed(cues)
        people = look.names.names(winners) if winners else {}
        rows: dict[str, tuple[CueState, bytes]] = {}
        lowest: dict[str, tuple[int, LowestState | None]] = {}
        for cue in cues:
            low = self._lowest.get(cue.cue_id)
            if low is None or low[0] != ground:
                low = ground, lowest_of(room, cue)
            lowest[cue.cue_id] = low
            shown = cue_state(
                room,
                cue,
                look.now,
                _LEFT_OUT,
                people=people,
                turned_away=look.turned_away,
                lowest=low[1],
                words=self._marked(look, cue),
            )
            kept = self._rows.get(cue.cue_id)
            if kept is None or kept[0] != shown:
                kept = shown, look.names.shown(cue_row(shown))
            rows[cue.cue_id] = kept
        self._rows, self._lowest = rows, lowest
        self._words = {id_: kept for id_, kept in self._words.items() if id_ in rows}
        self.cues = [(cue, rows[cue.cue_id][1]) for cue in cues]
        self.made += 1

    def _marked(self, look: StateInputs, cue: Cue) -> list[WordState]:
        """The words of its texts; looked for again only when a text or a list is another."""
        if look.words is None or cue.status in ("ended", "removed"):
            return []
        texts = tuple(texts_of(look.room, cue))
        key = look.words.lists, texts
        kept = self._words.get(cue.cue_id)
        if kept is None or kept[0] != key:
            kept = self._words[cue.cue_id] = key, look.words.found(texts)
        return kept[1]


def _placed(cues: list[Cue]) -> set[str]:
    """Who has a place on a list."""
    return {
        pid
        for cue in cues
        if cue.places is not None and isinstance(cue.spec, FirstComeSpec)
        for pid, _ in cue.places.placed(cue.spec.places)
    }


class SeatRows:
    """Promotions as one role sees them: with what it may do to each."""

    def __init__(self, role: str) -> None:
        self.rows: Rows = {}
        self.array = b"[]"
        self._role = role
        self._made = 0
        self._can: dict[str, tuple[object, bytes]] = {}

    def refresh(self, look: StateInputs, cues: CueRows, ground: int) -> bool:
        """Follow the rows of everybody; whether they were made anew."""
        if self._made == cues.made:
            return False
        room, now = look.room, look.now
        can: dict[str, tuple[object, bytes]] = {}
        rows: Rows = {}
        for cue, row in cues.cues:
            key = _hangs_on(room, cue, ground)
            kept = self._can.get(cue.cue_id)
            if kept is None or kept[0] != key:
                kept = key, _encode(can_state(room, cue, self._role, now))
            can[cue.cue_id] = kept
            rows[cue.cue_id] = with_can(row, kept[1])
        self.rows, self.array = rows, array(list(rows.values()))
        self._can, self._made = can, cues.made
        return True

    def can(self) -> dict[str, CanState]:
        """Return what the role may do to each promotion."""
        return {cue_id: _read_can(body) for cue_id, (_, body) in self._can.items()}


def _hangs_on(room: Room, cue: Cue, ground: int) -> object:
    """What the answers about a promotion hang on; of one that is over very little."""
    if cue.status == "ended" and cue.bag is None:
        return room.settings.platform, cue.owed.step if cue.owed is not None else None
    return ground, rests_on(room, cue)
