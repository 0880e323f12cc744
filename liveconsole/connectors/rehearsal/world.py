"""The simulated audience of a room. Pure: seed, scenario and what it sees decide all; time comes in.

Driven step by step, on virtual time (headless) or on the wall's (`driver`). What it says is marked simulated
by its source, ``/rehearsal/<seed>``, which no real room takes.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from liveconsole.connectors.rehearsal.chance import poisson
from liveconsole.connectors.rehearsal.drills import CALM, Air
from liveconsole.connectors.rehearsal.moment import Moment, Outbox
from liveconsole.connectors.rehearsal.plays import PlayedThere
from liveconsole.connectors.rehearsal.scenario import Phrases, Scenario, ScenarioProduct
from liveconsole.connectors.rehearsal.shoppers import Shoppers
from liveconsole.connectors.rehearsal.talk import Crowd, Talk
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.messages.sources import SIMULATED

MEASURE_EVERY: Final = timedelta(seconds=5)
_WARM_UP: Final = 90.0
"""Seconds until a room is about as full as it gets."""
_ONES_EVERY: Final = 45.0
_ONES_FOR: Final = 6.0
_OF_THE_DRILL: Final = 0.5
"""Of the comments while a drill runs that has words of its own."""


class World:
    """Viewers and shoppers from ``start`` on. ``run`` tells this run from others in the same log."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        start: datetime,
        *,
        products: list[ScenarioProduct],
        phrases: Phrases,
        run: str = "",
    ) -> None:
        self.source = f"{SIMULATED}{seed}"
        self._scenario = scenario
        self._start = start
        self._now = start
        self._dice = Random(f"{seed}/world")
        self._out = Outbox(self.source, run)
        self._crowd = Crowd(seed, scenario.viewers, phrases)
        self._talk = Talk(seed, phrases, products)
        self._shoppers = Shoppers(seed, scenario, products, self._crowd, self._talk, self._out, phrases.after)
        self._platform = PlayedThere(seed, self._out)
        self._measured = start - MEASURE_EVERY
        self._likes = 0
        self._exposures = 0
        self._clicks = 0
        self._followers = 12_000 + self._dice.randrange(5_000)

    def step(self, now: datetime, view: RehearsalRoom, air: Air = CALM) -> Moment:
        """Everything from the last step until ``now``, in a room that looks like ``view``; ``air`` is how a
        drill has the audience live."""
        seconds = max(0.0, (now - self._now) / timedelta(seconds=1))
        self._now = self._out.now = now
        if air.mute:
            return self._out.take()
        if view.open:
            self._audience(seconds, view, air)
        self._shoppers.step(seconds, view, air.sale_orders)
        return self._out.take()

    def answered(self, id_: str, ok: bool, result: dict[str, Any]) -> None:
        """What the engine said to an ask of an earlier moment."""
        self._shoppers.answered(id_, ok, result)

    @property
    def has_buyers(self) -> bool:
        """Whether what is done after the order is of interest to anybody."""
        return self._shoppers.buyers is not None

    def shop_did(self, case_id: str, order_id: str, act: str, *, done: bool) -> None:
        """What a seat asked of the shop is done, or is not to be."""
        if self._shoppers.buyers is not None:
            self._shoppers.buyers.shop_did(case_id, order_id, act, done=done)

    def _audience(self, seconds: float, view: RehearsalRoom, air: Air) -> None:
        age = (self._now - self._start) / timedelta(seconds=1)
        low, high = self._scenario.online
        fullness = 1 - math.exp(-age / _WARM_UP)
        online = round(low + (high - low) * fullness * (0.9 + 0.1 * math.sin(age / 70)))
        ones = age % _ONES_EVERY < _ONES_FOR and age > _ONES_FOR
        lively = (0.7 + 0.3 * fullness) * (2.5 if ones else 1.0) * seconds

        rates, dice, out = self._scenario.rates, self._dice, self._out
        for _ in range(poisson(dice, rates.enters * seconds)):
            out.fact("viewer.entered", {"viewer": self._crowd.somebody(dice)})
        for bag in view.bags:
            for _ in range(poisson(dice, rates.entries * seconds)):
                self._say(self._talk.keyword(bag.keyword))
        for line in view.lists:
            for _ in range(poisson(dice, rates.entries * seconds)):
                self._say(self._talk.keyword(line.keyword))
        self._platform.step(self._now, view)
        for _ in range(poisson(dice, rates.comments * lively * air.comments)):
            aside = air.says and dice.random() < _OF_THE_DRILL
            self._say(dice.choice(air.says) if aside else self._talk.idle(view.pinned, ones=ones))
        for _ in range(poisson(dice, rates.likes * seconds)):
            count = 1 + poisson(dice, 4.0)
            self._likes += count
            out.fact("viewer.liked", {"viewer": self._crowd.somebody(dice), "count": count})
        follows = poisson(dice, rates.follows * seconds * (3.0 if view.bags else 1.0))
        self._followers += follows
        for _ in range(follows):
            out.fact("viewer.followed", {"viewer": self._crowd.somebody(dice)})
        for _ in range(poisson(dice, rates.shares * seconds)):
            out.fact("viewer.shared", {"viewer": self._crowd.somebody(dice)})
        for _ in range(poisson(dice, rates.gifts * seconds)):
            self._gift()
        self._exposures += poisson(dice, online * 0.02 * seconds)
        self._clicks += poisson(dice, online * (0.006 if view.pinned else 0.002) * seconds)
        if self._now - self._measured >= MEASURE_EVERY:
            self._measured = self._now
            figures = {
                "online": online,
                "likes": self._likes,
                "exposures": self._exposures,
                "clicks": self._clicks,
                "followers": self._followers,
            }
            out.fact("room.measured", figures)

    def _say(self, text: str) -> None:
        self._out.fact("comment.posted", {"viewer": self._crowd.somebody(self._dice), "text": text})

    def _gift(self) -> None:
        name, fen = self._talk.gift()
        count = self._dice.choice([1, 1, 1, 5, 10])
        viewer = self._crowd.somebody(self._dice)
        data = {"viewer": viewer, "gift": name, "count": count, "value_fen": count * fen}
        self._out.fact("gift.sent", data)
