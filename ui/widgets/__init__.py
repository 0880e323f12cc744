"""Small things that know no room. They paint what they are given; they ask nothing and keep no clock."""

from __future__ import annotations

from ui.widgets.buttons import END_SECONDS, FireButton, HoldButton, MoneyButton, button
from ui.widgets.chip import CappedButton, Chip, FilterChip, KeyCap, KindMark, Mark
from ui.widgets.cost import Cost, CostMeter
from ui.widgets.facts import FactLine, ShortFact
from ui.widgets.fields import NumberField
from ui.widgets.frames import FlowRow, Section, Separator
from ui.widgets.meters import Bar, Ring, Sparkline
from ui.widgets.notices import EmptyState, Notice
from ui.widgets.numbers import Figure, Fraction, Money
from ui.widgets.painted import PaintedText
from ui.widgets.picture import ProductPicture, paint_picture
from ui.widgets.plain import PlainLabel, plain_tip, set_tip
from ui.widgets.segments import Segments

__all__ = [
    "END_SECONDS",
    "Bar",
    "CappedButton",
    "Chip",
    "Cost",
    "CostMeter",
    "EmptyState",
    "FactLine",
    "Figure",
    "FilterChip",
    "FireButton",
    "FlowRow",
    "Fraction",
    "HoldButton",
    "KeyCap",
    "KindMark",
    "Mark",
    "Money",
    "MoneyButton",
    "Notice",
    "NumberField",
    "PaintedText",
    "PlainLabel",
    "ProductPicture",
    "Ring",
    "Section",
    "Segments",
    "Separator",
    "ShortFact",
    "Sparkline",
    "button",
    "paint_picture",
    "plain_tip",
    "set_tip",
]
