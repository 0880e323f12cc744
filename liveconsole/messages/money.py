"""Money after the broadcast: who gets which part of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import MARK, AnyPersonId, Fen, Id, Pid

PARTS_LIMIT: Final = 10
_Percent = Annotated[str, msgspec.Meta(pattern=r"^\d{1,3}(\.\d{1,2})?$")]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40, extra={MARK: "typed"})]


class Payee(Struct, frozen=True):
    """``who``: host, assistant, agency, or what people call whoever gets it; ``percent``: "12.5"."""

    who: _Name
    percent: _Percent


class PartsPut(Struct, frozen=True):
    """``parts.put``: who gets which part of what an evening brings, from a day in China on. The rest is the
    shop's. The same day again: instead."""

    parts: Annotated[list[Payee], msgspec.Meta(max_length=PARTS_LIMIT)]
    since: date | None = None


class PartsWritten(Struct, frozen=True):
    parts: list[Payee]
    since: date


class SharerPrice(Struct, frozen=True):
    """One of a sharer's goods. ``percent``: his commission of what is paid and not given back."""

    sku_id: Id
    price_fen: Fen
    percent: _Percent | None = None


class SharerPut(Struct, frozen=True):
    """``sharer.put``: 专属价 of a sharer, the same for three days from now on. No goods: he has none."""

    viewer_id: AnyPersonId
    goods: Annotated[list[SharerPrice], msgspec.Meta(max_length=50)]


class SharerWritten(Struct, frozen=True):
    viewer_id: Pid
    goods: list[SharerPrice]
    until: datetime


MONEY_COMMANDS: Final[dict[str, type[Struct]]] = {"parts.put": PartsPut, "sharer.put": SharerPut}
MONEY_EVENTS: Final[dict[str, type[Struct]]] = {"parts.put": PartsWritten, "sharer.put": SharerWritten}
