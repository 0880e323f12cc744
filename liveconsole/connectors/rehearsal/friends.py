"""Viewers who buy together and help each other: they open groups, join them, ask friends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from msgspec import Struct, field

from liveconsole.connectors.rehearsal.chance import poisson
from liveconsole.connectors.rehearsal.moment import Outbox, between
from liveconsole.connectors.rehearsal.talk import Crowd
from liveconsole.connectors.rehearsal.view import BargainView, CouponView, GroupView, RehearsalRoom

Viewer = dict[str, str]
Then = Callable[[bool, dict[str, Any]], Any]
_OPENS: Final = 0.35
"""How often somebody opens a group though others wait."""
_KNOWN: Final = 1_000
"""So many orders of groups are remembered, the newest."""
_IN_VAIN: Final = 0.3
"""How often one friend fewer comes than are needed."""


class Doings(Struct, frozen=True):
    """What shoppers do that friends do as well."""

    ask: Callable[[str, dict[str, Any], Then], None]
    granted: Callable[[str, Viewer, dict[str, Any], str | None], None]
    tell: Callable[[str, dict[str, Any]], None]
    after: Callable[[float, Callable[[], None]], None]


class _Open(Struct):
    """A group that waits, as those who share it know it."""

    group_id: str
    people: set[str] = field(default_factory=set)


class Friends:
    """``rate``: how many a second begin something."""

    def __init__(self, dice: Random, crowd: Crowd, out: Outbox, doings: Doings) -> None:
        self._dice, self._crowd, self._out, self._do = dice, crowd, out, doings
        self._open: dict[str, list[_Open]] = {}
        self._asked: dict[str, int] = {}
        """Order of a group → what it cost."""

    def step(self, seconds: float, view: RehearsalRoom, rate: float) -> None:
        for group in view.groups:
            for _ in range(poisson(self._dice, rate * seconds)):
                self._join(group)
        for bargain in view.bargains:
            for _ in range(poisson(self._dice, rate * seconds / 2)):
                self._bargain(bargain)
        if view.goes_back is not None:
            self._give_back(view.goes_back)
        self._open = {view_.cue_id: self._open.get(view_.cue_id, []) for view_ in view.groups}

    def _give_back(self, order_id: str) -> None:
        """The platform's part of a group that was not full: it tells that the money went back, once."""
        fen = self._asked.pop(order_id, None)
        if fen:
            self._do.tell("order.refunded", {"order_id": order_id, "refund_fen": fen})

    def _join(self, view: GroupView) -> None:
        waiting = self._open.setdefault(view.cue_id, [])
        if not waiting or (view.openable and self._dice.random() < _OPENS):
            waiting.append(_Open(self._out.number("G")))
        group = self._dice.choice(waiting)
        buyer, order_id = self._crowd.somebody(self._dice), self._out.number("R")
        data = {
            "order_id": order_id,
            "buyer": buyer,
            "lines": [{"sku_id": view.sku_id, "quantity": self._dice.randint(1, view.per_buyer)}],
            "cue_id": view.cue_id,
            "group_id": group.group_id,
        }

        def then(ok: bool, said: dict[str, Any]) -> None:
            if ok:
                group.people.add(buyer["id"])
                self._asked[order_id] = int(said["total_fen"])
                while len(self._asked) > _KNOWN:
                    del self._asked[next(iter(self._asked))]
                self._do.granted(order_id, buyer, said, view.cue_id)
            if (not ok and not group.people) or len(group.people) >= view.size:
                there = self._open.get(view.cue_id, [])
                self._open[view.cue_id] = [one for one in there if one is not group]

        self._do.ask("order.request", data, then)

    def _bargain(self, view: BargainView) -> None:
        """Friends come one by one; then the buyer asks for the price, also when one is missing."""
        buyer = self._crowd.somebody(self._dice)
        about = {"cue_id": view.cue_id, "for": buyer}
        self._come("bargain.helped", about, view.friends, lambda: self._buy(view, buyer))

    def share(self, view: CouponView, viewer: Viewer, then: Callable[[], None]) -> None:
        """Whoever wants a coupon that is shared (分享券) brings others before he asks for it."""
        self._come("share.brought", {"cue_id": view.cue_id, "by": viewer}, view.friends, then)

    def _come(self, told: str, about: dict[str, Any], needed: int, then: Callable[[], None]) -> None:
        friends = needed - (1 if self._dice.random() < _IN_VAIN else 0)
        wait = 0.0
        for _ in range(friends):
            wait += between((0.5, 4.0), self._dice.random())
            data = {**about, "viewer": self._crowd.somebody(self._dice)}
            self._do.after(wait, lambda data=data: self._do.tell(told, data))  # type: ignore[misc]
        self._do.after(wait + 1.0, then)

    def _buy(self, view: BargainView, buyer: Viewer) -> None:
        order_id = self._out.number("R")
        lines = [{"sku_id": view.sku_id, "quantity": 1}]
        data = {"order_id": order_id, "buyer": buyer, "lines": lines, "cue_id": view.cue_id}

        def then(ok: bool, said: dict[str, Any]) -> None:
            if ok:
                self._do.granted(order_id, buyer, said, view.cue_id)

        self._do.ask("order.request", data, then)
