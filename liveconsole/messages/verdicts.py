"""What ``POST /v1/judge`` answers: what the rules would say to a command now, what it could cost, what would
mend it, and what should not be said in it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from liveconsole.messages.state.cues import LowestState


class RefusalSaid(Struct, frozen=True):
    """A refusal as the door gives it; ``also``: what else is in the way."""

    code: str = ""
    text: str = ""
    params: dict[str, Any] = {}
    also: list[RefusalSaid] = []


class SkuFault(RefusalSaid, frozen=True):
    """``at_start``: it would be in the way only if it were fired now."""

    at_start: bool = False


class SkuSaid(Struct, frozen=True):
    """One SKU of what is composed by SKUs."""

    sku_id: str = ""
    lowest_fen: int | None = None
    floor_fen: int | None = None
    free: int | None = None
    faults: list[SkuFault] = []


class RepairFix(Struct, frozen=True):
    """Values that are ready to be put in; None: that one stays. No units: it is not sold."""

    price_fen: int | None = None
    quantity: int | None = None
    off_fen: int | None = None


class RepairSaid(Struct, frozen=True):
    """A fault of one SKU, and what mends it."""

    code: str = ""
    sku_id: str = ""
    params: dict[str, Any] = {}
    fix: RepairFix = RepairFix()


class MendedSpec(Struct, frozen=True):
    """The spec with every repair in it."""

    spec: dict[str, Any]
    quantity: int = 0
    exposure_fen: int = 0


class FineCount(Struct, frozen=True):
    """How many of a thing are well."""

    n: int = 0


class FineThing(Struct, frozen=True):
    """``skus`` or ``overlap``."""

    code: str = ""
    params: FineCount = FineCount()


class FieldLimit(Struct, frozen=True):
    """What the platform allows in a field."""

    zh: str = ""
    en: str = ""


class SaidTwice(Struct, frozen=True):
    """A sentence in both languages, and what it is about."""

    code: str = ""
    zh: str = ""
    en: str = ""
    fits: bool = False


class WarnedWord(Struct, frozen=True):
    """A word that should not be said: how it stands there (letters from ``start`` to before ``end`` of the
    text that ``field`` names), its name in the list, and why."""

    text: str = ""
    term: str = ""
    zh: str = ""
    en: str = ""
    suggestion: str | None = None
    field: str | None = None
    start: int = 0
    end: int = 0


class Verdict(RefusalSaid, frozen=True):
    """``ok``, or the refusal. Without a spec in it nothing is said of prices; ``limits`` is null where no
    platform is asked. Amounts are 分."""

    ok: bool = False
    lowest_fen: int | None = None
    lowest: LowestState | None = None
    exposure_fen: int | None = None
    over_budget_fen: int | None = None
    at_start: RefusalSaid | None = None
    """What would be in its way if it were fired now."""
    skus: list[SkuSaid] = []
    repairs: list[RepairSaid] = []
    mended: MendedSpec | None = None
    fine: list[FineThing] = []
    limits: dict[str, FieldLimit] | None = None
    notices: list[SaidTwice] = []
    advice: list[SaidTwice] = []
    words: list[WarnedWord] = []
