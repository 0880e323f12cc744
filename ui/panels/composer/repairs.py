"""What a judgement would have mended in a spec, and what it looked at and found well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct


class RepairParams(Struct, frozen=True):
    """The figures of a fault that are said in words of its own."""

    available: int = 0
    quantity: int | None = None
    final_fen: int = 0
    floor_fen: int = 0


class CellRepair(Struct, frozen=True):
    """A fault of one SKU. ``fix``: fields of the spec and what they would be, no units for not sold."""

    sku_id: str = ""
    code: str = ""
    params: dict[str, Any] | None = None
    fix: dict[str, Any] | None = None

    def figures(self) -> RepairParams:
        """Those of its params that we know."""
        return msgspec.convert(self.params or {}, RepairParams)


class FineCount(Struct, frozen=True):
    """How many of a thing are well."""

    n: int = 0


class FineThing(Struct, frozen=True):
    """``skus`` or ``overlap``."""

    code: str = ""
    params: FineCount | None = None


class JudgedRepairs(Struct, frozen=True):
    """Of ``POST /v1/judge`` what the column at the right says of the cells."""

    code: str = ""
    """Why it is refused; empty where it is not."""
    repairs: list[CellRepair] | None = None
    fine: list[FineThing] | None = None
    skus: list[dict[str, Any]] | None = None
    limits: dict[str, Any] | None = None
    notices: list[dict[str, Any]] | None = None


def of_judgement(said: Mapping[str, Any]) -> JudgedRepairs:
    """Read once what the engine said."""
    return msgspec.convert(said, JudgedRepairs)
