"""What a row of the page says, as plain values: words of figures, and of what is in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liveconsole.messages.broadcasts import PastBroadcast
from liveconsole.views.money import yuan_short
from liveconsole.views.past import doubt, figure, is_doubtful, summed
from ui.clean import clean
from ui.i18n import t
from ui.widgets.when import day_words, wall_clock

_WHY: Final = {
    "no_orders_told": "没有订单来源",
    "no_audience_told": "没记人数",
    "coupons_untold": "券数没来源",
    "platform_sold_more": "平台显示卖得更多",
    "too_long": "太长，读不完",
}
COLUMNS: Final = ("时长", "成交额", "支付订单", "最高在线", "让利")


@dataclass(frozen=True, slots=True)
class RowFigure:
    """A figure and a small fact under it. ``doubted``: a chip stands before the small one."""

    value: str
    small: str = ""
    tone: str = "fg0"
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One broadcast. ``best``: (picture, title); ``bars``: shares of the highest, None: nobody told."""

    number: int
    title: str
    when: str
    best: tuple[tuple[str | None, str], ...]
    bars: tuple[float, ...] | None
    figures: tuple[RowFigure, ...]
    closed: bool


def facts_of(row: PastBroadcast, images: Mapping[str, str | None]) -> RowFacts:
    """``images``: product → its picture now."""
    said, card = row.summary, row.card
    turnover = card.turnover if card is not None else None
    most = max(turnover, default=0) if turnover else 0
    title = said.title or t("没有名字的直播")
    return RowFacts(
        said.number,
        title,
        " · ".join(
            filter(
                None,
                (
                    t("{when} · 第 {number} 场", number=said.number, when=moment(said.opened_at)),
                    t("试验 {names}", names=clean(t("、").join(row.tests), 80)) if row.tests else "",
                ),
            )
        ),
        tuple((images.get(p.product_id), p.title) for p in card.best) if card is not None else (),
        None if turnover is None else tuple(fen / most if most else 0.0 for fen in turnover),
        tuple(_figures(row)),
        said.closed_at is not None,
    )


def moment(at: datetime) -> str:
    """``11-27 周四 19:02``, here."""
    return f"{day_words(at)} {wall_clock(at)}"


def duration(row: PastBroadcast) -> str:
    """``2:31``; of one that runs, that it does."""
    if row.summary.closed_at is None:
        return t("直播中")
    minutes = int((row.summary.closed_at - row.summary.opened_at).total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _figures(row: PastBroadcast) -> Iterable[RowFigure]:
    said, card = row.summary, row.card
    spoken = t("讲解 {n} 次", n=card.segments) if card is not None and card.segments else ""
    yield RowFigure(duration(row), spoken)
    refund = said.refund_fen
    yield _figure(row, "gmv_fen", "" if not refund else t("退 {sum}", sum=yuan_short(refund)))
    yield _figure(row, "paid", "" if said.unpaid is None else t("未付 {n}", n=f"{said.unpaid:,}"))
    at = card.online_peak_at if card is not None else None
    yield _figure(row, "online_peak", f"{at.astimezone():%H:%M}" if at is not None else "")
    given, gmv = figure(row, "given_fen"), said.gmv_fen
    share = t("占成交 {percent}%", percent=f"{given / gmv:.1%}"[:-1]) if given is not None and gmv else ""
    yield _figure(row, "given_fen", share)


def _figure(row: PastBroadcast, name: str, small: str) -> RowFigure:
    value, why = figure(row, name), doubt(row, name)
    if value is None:
        if row.card is None and row.summary.closed_at is not None:
            return RowFigure("…", t("正在读"), "fg2")
        untold = not row.summary.orders_known and name != "online_peak"
        open_now = "" if row.card is not None else t("下播后才有")
        return RowFigure("—", why_words(why or ("no_orders_told" if untold else "")) or open_now, "fg2")
    words = shown(name, value)
    if why:
        return RowFigure(f"≥ {words}", why_words(why), "warn", doubted=True)
    return RowFigure(words, small)


def shown(name: str, value: int) -> str:
    """Money as money, a count as a count."""
    return yuan_short(value) if name.endswith("_fen") else f"{value:,}"


def why_words(code: str) -> str:
    """Why a figure is in doubt or unknown."""
    return t(_WHY[code]) if code in _WHY else ""


def month_of(row: PastBroadcast) -> tuple[int, int]:
    """Year and month, here."""
    at = row.summary.opened_at.astimezone()
    return at.year, at.month


def month_words(rows: list[PastBroadcast]) -> tuple[str, str]:
    """The month's name, and what it came to: 至少 where a part is unknown or in doubt."""
    year, month = month_of(rows[0])
    parts = [t("{n} 场", n=len(rows))]
    for name in ("gmv_fen", "paid"):
        whole = summed(rows, name)
        if whole.value is None:
            continue
        words = yuan_short(whole.value) if name == "gmv_fen" else t("{n} 单", n=f"{whole.value:,}")
        parts.append(t("至少 {sum}", sum=words) if whole.least else words)
    return t("{year} 年 {month} 月", year=year, month=month), " · ".join(parts)


def finds(row: PastBroadcast, sought: str) -> bool:
    """Whether a name, number, day or title of sold goods has it."""
    sought = sought.strip().casefold()
    said = row.summary
    if sought.isascii() and sought.isdigit() and len(sought) < 4:
        return str(said.number) == sought
    goods = row.card.goods if row.card is not None else []
    day = f"{said.opened_at.astimezone():%Y-%m-%d}"
    return any(sought in text.casefold() for text in (said.title, day, *goods))


__all__ = [
    "COLUMNS", "RowFacts", "RowFigure", "duration", "facts_of", "finds", "is_doubtful", "moment", "month_of",
    "month_words", "shown", "why_words",
]  # fmt: skip
