"""本场上限 in one line: 「3号 本场上限50 每人2」「3号 M 本场每人2件」「3号 本场不限」. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import Struct

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.remarks import LineRemark, UnreadableLine
from liveconsole.views.goods import Good, Goods, GoodsSku

_UNITS: Final = re.compile(r"本场(?:总共|一共)?\s*(?:上限|最多|限)[:：]?\s*(\d{1,7})\s*件?")
_EACH: Final = re.compile(r"(?:本场)?\s*每人\s*(?:上限|最多|限)?[:：]?\s*(\d{1,7})\s*件?")
_NONE: Final = re.compile(r"本场不限(?:量|购)?")


class LimitDraft(Struct, frozen=True):
    """What ``stock.limit`` takes, and what it is about."""

    sku_id: str
    title: str
    units: int | None
    per_buyer: int | None

    @property
    def data(self) -> dict[str, Any]:
        return {"sku_id": self.sku_id, "units": self.units, "per_buyer": self.per_buyer}


def read_limit(line: str, goods: Goods, *, on_stage: str | None = None) -> LimitDraft | LineRemark | None:
    """Return the bound that a line sets, or what is wrong with it; None: it is about something else.

    Args:
        on_stage: the product that is meant where the line names none.
    """
    said = [found for pattern in (_NONE, _UNITS, _EACH) if (found := pattern.search(line)) is not None]
    if not said or "本场" not in "".join(found[0] for found in said):
        return None
    figures = {found.re: found for found in said}
    rest = line
    for found in said:
        rest = rest[: found.start()] + " " * (found.end() - found.start()) + rest[found.end() :]
    try:
        good, sku = _about(LineReader(rest, goods, on_stage))
    except UnreadableLine as error:
        return error.remark
    units, each = (
        int(found[1]) if (found := figures.get(pattern)) is not None else None for pattern in (_UNITS, _EACH)
    )
    if 0 in (units, each) or (_NONE in figures and (units or each)):
        return LineRemark("whole", said[0].start(), len(said[0][0]), {"text": said[0][0]})
    title = good.title if sku.title == good.title else f"{good.title} {sku.title}"
    return LimitDraft(sku.sku_id, title, units, each)


def _about(line: LineReader) -> tuple[Good, GoodsSku]:
    """The one SKU that the rest of the line names; raises `UnreadableLine`."""
    refs = [token for token in line.tokens if token.name in {"refs", "id"}]
    named = [token for token in line.tokens if token.name == "sku"]
    line.only([token for token in line.tokens if token not in refs and token not in named], ())
    good = line.one(refs)
    places = {number for token in named for number in token.numbers}
    if not places and len(good.skus) == 1:
        places = {0}
    if len(places) != 1:
        skus = "、".join(sku.title for sku in good.skus)
        raise line.missing("which_sku", title=good.title, skus=skus)
    return good, good.skus[places.pop()]
