"""Products and promotions in few words, the same in every place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from liveconsole.messages.specs import Spec
from liveconsole.messages.state import CueState, MeasuredState, ProductState
from ui.i18n import t
from ui.kinds import kind_of, name_of
from ui.seat.room import RoomView
from ui.widgets.when import age
from ui.words.cues import kept_for


def points_of(product: ProductState | None) -> list[str]:
    """What is said for a product, point by point."""
    points = product.points if product is not None else None
    if isinstance(points, str):
        return [point for point in points.split(" · ") if point]
    return list(points or ())


def left_of(sales: Iterable[CueState], product: ProductState) -> tuple[int | None, int]:
    """What flash sales have left of one product, and how much they set aside of it: of a sale of several
    goods only its own. None where nobody reports it."""
    own = {sku.sku_id for sku in product.skus}
    whole, left = 0, 0
    known = True
    for sale in sales:
        mine = [sku for sku in sale.skus if sku.sku_id in own]
        whole += sum(sku.quantity for sku in mine)
        # What a person read off the platform is the whole sale's, and tells only where that is one product's.
        told = [sale.left] if len(mine) == len(sale.skus) else [sku.left for sku in mine]
        known = known and None not in told
        left += sum(n for n in told if n is not None)
    return (left if known else None), whole


def reading_of(cue: CueState) -> MeasuredState | None:
    """What its figures are, where somebody read them off the platform and nobody tells them one by one."""
    return cue.measured if cue.read_off else None


def read_words(reading: MeasuredState | None, now: datetime) -> str:
    """The sign of a hand and the age of what was read: ``手 3 分前``; empty where nothing was."""
    if reading is None:
        return ""
    ago = age(max(0.0, (now - reading.at).total_seconds()))
    return t("手 {age}前", age=ago) if reading.by == "person" else t("来源 {age}前", age=ago)


def terms_title(kind: str, terms: Spec | None, room: RoomView) -> str:
    """A promotion in one short line: ``秒杀 ¥99 · 3 号``, ``满 199 减 20``, ``福袋「驼色好看」``."""
    return kind_of(kind).short(terms, room) if terms is not None else name_of(kind)


def cue_title(cue: CueState, room: RoomView) -> str:
    """A promotion in one short line."""
    return terms_title(cue.kind, cue.terms, room)


def cue_counts(cue: CueState) -> list[str]:
    """What a running promotion has come to, most telling first. What no source tells is ``—``, never 0."""
    if cue.terms is None:
        return []
    return [*filter(None, [kept_for(cue, short=True)]), *kind_of(cue.kind).counts(cue, cue.terms)]
