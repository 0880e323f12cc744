"""A kind of a newer program: a neutral look, and nothing that could be said of its terms."""

from __future__ import annotations

from typing import Final

from ui.kinds import plain

NAME: Final = ""
TITLE: Final = ("促销", "Promotion")
FIRE: Final = ("开始", "Start")
TONE: Final = "fg1"
ICON: Final = "question"
LISTED: Final = True
PRICES: Final = False
NAMED: Final = False
STOP_TELLS_WHY: Final = False
MEASURED: Final = ()

outcome, prize_of, claim_of = plain.outcome, plain.prize_of, plain.claim_of
title = short = planned = plain.untitled
untold, names_typed, goods = plain.untold, plain.names_typed, plain.goods
several, unit_prices = plain.several, plain.unit_prices
detail, counts, left, heed, feed_about = plain.detail, plain.counts, plain.left, plain.heed, plain.feed_about
at_most, given, unpriced = plain.at_most, plain.given, plain.unpriced
unit_price, unit_left = plain.unit_price, plain.unit_left
