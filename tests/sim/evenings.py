"""Somebody who closes the broadcast and opens the next one, and a shop that tells of the ones before."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.sim.clients import Commands, Producer
from tests.sim.platform import MS, SECOND
from tests.sim.seats import PRICES, Script
from tests.sim.world import World

Data = dict[str, Any]
_TRIES = 40
"""Looks at what still runs before the close is given up."""


class Evenings:
    """The broadcasts of one run, some twenty seconds each."""

    def __init__(
        self, world: World, commands: Commands, script: Script, shop: Producer, dice: Random
    ) -> None:
        self._world = world
        self._commands = commands
        self._script = script
        self._shop = shop
        self._dice = dice
        self.resting = False
        world.later(dice.randint(9, 18) * SECOND, self._end)
        world.later(SECOND, self._tell_late)

    def _end(self) -> None:
        if not self.resting:
            self._commands.ask("host", "room.halt", {})
            self._close(_TRIES)

    def _close(self, tries: int) -> None:
        """As a person does: what hinders the close is answered, and it is tried again."""

        def then(said: Data) -> None:
            if said["ok"]:
                self._world.later(self._dice.randint(0, 2_500) * MS, self._open)

        if self.resting or not tries:
            return
        stage = self._world.checker.stage
        if not stage.open:
            self._open()
            return
        hinders = [c for c in stage.live.values() if c.key or c.status in ("recallable", "on_air", "unknown")]
        if not [c for c in hinders if c.kind != "pin"]:
            self._commands.ask("host", "broadcast.close", {}, then)
        elif self._script.settings["platform"] == "manual":
            for cue in [c for c in hinders if c.key]:
                data = {"cue_id": cue.cue_id, "step": cue.step, "done": True}
                self._commands.ask("host", "cue.confirm", data)
        self._world.later(SECOND, self._close, tries - 1)

    def _open(self) -> None:
        if not self.resting:
            self._commands.ask("host", "broadcast.open", {"title": "再一场"})
            self._world.later(self._dice.randint(8, 20) * SECOND, self._end)

    def _tell_late(self) -> None:
        """Refunds, closes, payments and second words about orders of before; and ids that are used again."""
        if self.resting:
            return
        dice, checker = self._dice, self._world.checker
        self._world.later(dice.randint(400, 2_500) * MS, self._tell_late)
        left = [(id_, order) for id_, order in checker.books.orders.items() if order.left]
        if left:
            order_id, order = dice.choice(left)
            placed: Data = {
                "order_id": order_id,
                "buyer": {"id": "buyer-1", "name": ""},
                "lines": [{"sku_id": "hat", "quantity": 1, "unit_price_fen": PRICES["hat"]}],
                "total_fen": PRICES["hat"],
            }
            told: list[tuple[str, Data]] = [
                ("order.refunded", {"order_id": order_id, "refund_fen": dice.randint(1, 9_900)}),
                ("order.closed", {"order_id": order_id, "reason": "退货"}),
                ("order.paid", {"order_id": order_id, "paid_fen": order.paid_fen + dice.randint(0, 9)}),
                ("order.placed", placed),
            ]
            self._shop.tell(*dice.choice(told))
            if dice.random() < 0.2:
                lines = [{"sku_id": "hat", "quantity": 1}]
                data = {"order_id": order_id, "buyer": placed["buyer"], "lines": lines}
                self._commands.ask("producer", "order.request", data)
        gone = list(checker.stage.gone)
        if gone and dice.random() < 0.3:
            cue_id = dice.choice(gone)
            spec = {"product_id": "hat"}
            self._commands.ask("host", "cue.add", {"cue_id": cue_id, "kind": "pin", "spec": spec})
            self._shop.tell("promotion.measured", {"cue_id": cue_id, "sold": 1})
