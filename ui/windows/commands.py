"""What a person wants, as commands: one place that knows which, and where a refusal is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject

from liveconsole.messages.rights import may
from liveconsole.messages.state import CueState
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.words.answers import sentence
from ui.words.next import plan

Told = Callable[[str, str], None]
TWICE_SECONDS: Final = 0.5
"""A second press of 下一品 so soon is the first one's echo, of a finger or of a remote: the desk may have
seen the new product already, and would go past it."""


class SeatCommands(QObject):
    """Commands of one seat. ``told(place, words)`` gets every refusal with the cue or the part it belongs to.

    Each method answers whether it asked for anything; what came of it is seen in the state.
    """

    def __init__(self, seat: Seat, role: str, told: Told, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._role, self._told = seat, role, told
        self.locked = False
        self._went: float | None = None

    @property
    def role(self) -> str:
        """Who sits here."""
        return self._role

    @property
    def room(self) -> RoomView | None:
        """The room as this seat sees it now."""
        return RoomView(self._seat.state) if self._seat.state is not None else None

    def ask(
        self, type: str, data: dict[str, Any], place: str, then: Callable[[Answer], None] | None = None
    ) -> bool:
        """Give a command; a refusal goes to `place`, an ok takes away what stood there."""
        if self.locked and type not in ("room.halt", "cue.recall"):
            return False

        def answered(answer: Answer) -> None:
            self._told(place, "" if answer.ok else sentence(answer))
            if then is not None:
                then(answer)

        self._seat.ask_then(self, type, data, answered)
        return True

    def _cue(self, cue_id: str) -> CueState | None:
        return self.room.cues.get(cue_id) if self.room else None

    # Cues ------------------------------------------------------------------------------------------

    def fire(self, cue_id: str) -> bool:
        """Fire what the seat shows, and nothing that has changed since."""
        cue = self._cue(cue_id)
        if cue is None or not may(self._role, "cue.fire"):
            return False
        return self.ask("cue.fire", {"cue_id": cue_id, "expect": cue.spec}, cue_id)

    def fix(self, cue_id: str) -> bool:
        """Make it fit what is left, as the engine itself would write it."""
        cue = self._cue(cue_id)
        fix = cue.can.fix if cue is not None else None
        return fix is not None and self.ask(fix.type, dict(fix.data), cue_id)

    def stop(self, cue_id: str, reason: str = "", override: Sequence[str] = ()) -> bool:
        """Stop a running cue; in its recall window the engine takes it for a recall. `override`: words of the
        reason that were warned of."""
        cue = self._cue(cue_id)
        if cue is None or not may(self._role, "cue.stop", cue.kind):
            return False
        data: dict[str, Any] = {"cue_id": cue_id} | ({"reason": reason} if reason else {})
        return self.ask("cue.stop", data | _override(override), cue_id)

    def recall(self, cue_id: str) -> bool:
        """Take a fired cue back."""
        return may(self._role, "cue.recall") and self.ask("cue.recall", {"cue_id": cue_id}, cue_id)

    def approve(self, cue_id: str) -> bool:
        """Approve a proposed cue."""
        return may(self._role, "cue.approve") and self.ask("cue.approve", {"cue_id": cue_id}, cue_id)

    def reject(self, cue_id: str) -> bool:
        """Send a proposed cue back."""
        return may(self._role, "cue.reject") and self.ask("cue.reject", {"cue_id": cue_id}, cue_id)

    def again(self, cue_id: str) -> bool:
        """返场: the same once more, as a draft with what is left."""
        return may(self._role, "cue.again") and self.ask("cue.again", {"cue_id": cue_id}, "again")

    def remove(self, cue_id: str) -> bool:
        """Take a cue out of the queue."""
        return self.ask("cue.remove", {"cue_id": cue_id}, cue_id)

    def move(self, cue_id: str, before: str | None) -> bool:
        """Put a cue before another one, or at the end."""
        return self.ask("cue.move", {"cue_id": cue_id} | ({"before": before} if before else {}), cue_id)

    def no_more(self, cue_id: str, reason: str = "") -> bool:
        """Let the present bag of a series be its last."""
        if not may(self._role, "bag.no_more"):
            return False
        return self.ask("bag.no_more", {"cue_id": cue_id} | ({"reason": reason} if reason else {}), cue_id)

    def hand_over(self, cue_id: str, source: str) -> bool:
        """Let another source bring a bag's entrants from now on."""
        if not may(self._role, "bag.source"):
            return False
        return self.ask("bag.source", {"cue_id": cue_id, "source": source}, cue_id)

    def confirm(self, cue_id: str, step: str, done: bool, remaining: int | None = None) -> bool:
        """What a person saw on the phone; `remaining`: the seconds that its countdown showed."""
        data: dict[str, Any] = {"cue_id": cue_id, "step": step, "done": done}
        if remaining is not None:
            data["remaining_seconds"] = remaining
        return self.ask("cue.confirm", data, cue_id)

    # Products --------------------------------------------------------------------------------------

    def go_next(self) -> bool:
        """下一品, but only the one that the key on the screen names, and once for a press that came twice."""
        room = self.room
        if room is None or self.locked or not may(self._role, "go.next"):
            return False
        now, before = time.monotonic(), self._went
        if before is not None and now - before < TWICE_SECONDS:
            self._told("next", t("刚按过下一品，这一下不算：看一眼再按"))
            return True
        self._went = now
        expect = plan(room).expect
        return self.ask("go.next", {"expect": expect} if expect else {}, "next")

    def pin(self, product_id: str, number: int) -> bool:
        """Explain the product that stood beside this number."""
        return self.ask("cart.pin", {"number": number, "expect_product_id": product_id}, "cart")

    def unpin(self) -> bool:
        """Stop explaining."""
        return self.ask("cart.unpin", {}, "cart")

    def shelf(self, product_id: str, on: bool) -> bool:
        """Put a product on the shelf or take it off."""
        return self.ask("product.shelf", {"product_id": product_id, "on": on}, "cart")

    def move_product(self, product_id: str, to: int) -> bool:
        """Move a product in the cart; its number stays with it."""
        return self.ask("cart.move", {"product_id": product_id, "to": to}, "cart")

    def remove_product(self, product_id: str) -> bool:
        """Take a product out of the cart."""
        return self.ask("cart.remove", {"product_id": product_id}, "cart")

    # The room --------------------------------------------------------------------------------------

    def halt(self) -> bool:
        """全停."""
        return may(self._role, "room.halt") and self.ask("room.halt", {}, "room")

    def open_broadcast(self, title: str = "", override: Sequence[str] = ()) -> bool:
        """开播; `override`: words of the name that were warned of."""
        data: dict[str, Any] = {"title": title} if title else {}
        return self.ask("broadcast.open", data | _override(override), "room")

    def close_broadcast(self) -> bool:
        """下播; the engine says what still runs."""
        return self.ask("broadcast.close", {}, "room")


def _override(terms: Sequence[str]) -> dict[str, Any]:
    return {"override": list(terms)} if terms else {}
