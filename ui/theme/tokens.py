"""The design tokens: every colour and measure of the desk has its name here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from liveconsole.views.shades import mix

GAP: Final = 12
RADIUS: Final = 12
RADIUS_SMALL: Final = 8
ROW: Final = 44


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Every theme maps the same names; text tones reach 4.5 : 1 on bg0, bg1 and bg2 (tested)."""

    name: str
    dark: bool
    bg0: str  # window
    bg1: str  # panel
    bg2: str  # raised
    bg3: str  # well, track
    line: str
    fg0: str  # text
    fg1: str  # second
    fg2: str  # label
    accent: str  # act, pin
    live: str  # on air, danger
    ok: str
    warn: str
    flash: str
    coupon: str
    bag: str
    gift: str
    bundle: str
    red_packet: str
    first_come: str
    group_buy: str
    bargain: str
    pk: str
    accent_fill: str  # a filled button or band that carries `on_fill` text
    live_fill: str
    on_fill: str
    ink: str  # text on a filled ok, warn or kind of promotion


DARK: Final = Tokens(
    name="dark",
    dark=True,
    bg0="#0B0E14",
    bg1="#121722",
    bg2="#1A2130",
    bg3="#232C3D",
    line="#263042",
    fg0="#EAF0F7",
    fg1="#B3BFCE",
    fg2="#8592A0",
    accent="#3B8EFF",
    live="#FF4D5E",
    ok="#33C48D",
    warn="#F4B740",
    flash="#FF7A45",
    coupon="#B57BFF",
    bag="#F2B233",
    gift="#EDA3E4",
    bundle="#2CC8DC",
    red_packet="#FF7FA0",
    first_come="#8FD14F",
    group_buy="#98A4F5",
    bargain="#C49A6C",
    pk="#DCE04A",
    accent_fill="#2A6FE0",
    live_fill="#D92B3E",
    on_fill="#FFFFFF",
    ink="#0B0E14",
)

LIGHT: Final = Tokens(
    name="light",
    dark=False,
    bg0="#EEF1F6",
    bg1="#FFFFFF",
    bg2="#F4F6FA",
    bg3="#E1E6EE",
    line="#C9D1DD",
    fg0="#121722",
    fg1="#3B4656",
    fg2="#566172",
    accent="#0B5CD6",
    live="#C8102E",
    ok="#08704A",
    warn="#8A5A00",
    flash="#A63A08",
    coupon="#7A36C9",
    bag="#835F00",
    gift="#A3238E",
    bundle="#006B8F",
    red_packet="#A8244F",
    first_come="#2F6B00",
    group_buy="#232E94",
    bargain="#7A5135",
    pk="#5A5F00",
    accent_fill="#0B5CD6",
    live_fill="#C8102E",
    on_fill="#FFFFFF",
    ink="#FFFFFF",
)

HIGH_CONTRAST: Final = Tokens(
    name="high_contrast",
    dark=True,
    bg0="#000000",
    bg1="#000000",
    bg2="#0D0D0D",
    bg3="#2B2B2B",
    line="#A8B3C2",
    fg0="#FFFFFF",
    fg1="#F0F4FA",
    fg2="#D5DEEA",
    accent="#7DB8FF",
    live="#FF8A94",
    ok="#5CF0B5",
    warn="#FFD166",
    flash="#FFA27A",
    coupon="#D3B0FF",
    bag="#FFD166",
    gift="#FFB3F0",
    bundle="#8FEFFF",
    red_packet="#FFA3BD",
    first_come="#B4F27A",
    group_buy="#A9B0FF",
    bargain="#E3C39B",
    pk="#F2F56B",
    accent_fill="#0B5CD6",
    live_fill="#C8102E",
    on_fill="#FFFFFF",
    ink="#000000",
)

THEMES: Final = {t.name: t for t in (DARK, LIGHT, HIGH_CONTRAST)}

PLAYS: Final = ("gift", "bundle", "red_packet", "first_come", "group_buy", "bargain", "pk")
"""Kinds of promotion beyond the first ones: a tone each, by the kind's own name."""

TEXT_TONES: Final = ("fg0", "fg1", "fg2", "accent", "live", "ok", "warn", "flash", "coupon", "bag", *PLAYS)
"""The names that text may be painted in."""

COLOUR_NAMES: Final = tuple(f.name for f in fields(Tokens) if f.name not in {"name", "dark"})


def field_edge(tokens: Tokens) -> str:
    """The border of what can be written into or ticked: 3 : 1 on every ground (WCAG 2.2, 1.4.11)."""
    return mix(tokens.line, tokens.fg2, 0.68)


def soft(tokens: Tokens, tone: str) -> tuple[str, str]:
    """Ground and text of a quiet tinted thing (chip, row, band) of a tone."""
    if tone in {"fg0", "fg1", "fg2"}:
        return tokens.bg3, tokens.fg1
    colour = getattr(tokens, tone)
    return mix(tokens.bg1, colour, 0.16), mix(colour, tokens.fg0, 0.4)


def solid(tokens: Tokens, tone: str) -> tuple[str, str]:
    """Ground and text of a loud filled thing (button, pill) of a tone."""
    if tone in {"accent", "live"}:
        return str(getattr(tokens, tone + "_fill")), tokens.on_fill
    if tone in {"fg0", "fg1", "fg2"}:
        return tokens.bg3, tokens.fg0
    return str(getattr(tokens, tone)), tokens.ink
