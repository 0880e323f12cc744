"""All that a board paints as tables of words: for the window, for T, and for a file."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liveconsole.messages.boards import (
    LEVELS,
    BoardComparison,
    BoardPage,
    BoardProduct,
    BoardTrend,
    Funnel,
    Number,
    PurchaseRow,
    SegmentScore,
    Switchback,
    Tile,
)
from ui.clean import clean
from ui.i18n import t
from ui.kinds import name_of
from ui.widgets.when import clock, wall_clock
from ui.windows.boards.table import BoardTable, TableCell, TableColumn, TableLine
from ui.words import boards as words

LEVEL_WORDS: Final = {"basic": "基础", "advanced": "进阶", "decision": "决策"}
_ALARM_TONES: Final = {"low": "warn", "very_low": "live", "safety": "live", "out": "live"}
_VERDICTS: Final = {"more": "更多", "less": "更少", "open": "看不出差别"}


def tables_of(page: BoardPage, now: datetime) -> list[BoardTable]:
    """All of a board, in the order in which it stands there."""
    found = [_tiles(t(LEVEL_WORDS[level]), page.levels.get(level, []), now) for level in LEVELS]
    found.append(_tiles(t("还有"), page.more, now))
    if page.trend is not None:
        found += [_minutes(page.trend), _around(page.trend)]
    for title, funnel in ((t("从看见到付钱"), page.funnel), (t("从看过到再买"), page.following)):
        if funnel is not None and funnel.steps:
            found.append(_steps(title, funnel))
    found.append(goods(page))
    if page.entrances is not None:
        found.append(_scenes(page))
    if page.comparison is not None:
        found.append(_compared(page.comparison))
    found += [scores(page), switchbacks(page), purchases(page), mix(page)]
    return [table for table in found if table.rows]


def _columns(*names: str, words_from: int = 99) -> tuple[TableColumn, ...]:
    """Numbers stand at the right; the first is a name, those from ``words_from`` on are words."""
    return tuple(TableColumn(name, right=0 < n < words_from) for n, name in enumerate(names))


def _line(*cells: str | TableCell) -> TableLine:
    return TableLine(tuple(TableCell(cell) if isinstance(cell, str) else cell for cell in cells))


def _number(value: Number | None, unit: str, *, tone: str = "fg0", role: str = "base") -> TableCell:
    """A number as it is read, and as a file has it."""
    return TableCell(words.number(value, unit), tone, role, value, unit)


def _tiles(title: str, tiles: list[Tile], now: datetime) -> BoardTable:
    columns = _columns(
        t("名字"),
        t("总数"),
        t("近 10 分"),
        t("前 10 分"),
        t("变化"),
        t("来源"),
        t("多久前"),
        t("为什么没有"),
        words_from=5,
    )
    return BoardTable(title, columns, tuple(_tile(tile, now) for tile in tiles))


def _tile(tile: Tile, now: datetime) -> TableLine:
    return _line(
        words.name_words(tile.name),
        _number(tile.value, tile.unit),
        _number(tile.last, tile.unit),
        _number(tile.before, tile.unit),
        words.change_words(tile.change) or "—",
        words.source_words(tile.source),
        words.ago(tile.at, now) or "—",
        words.why_words(tile.why),
    )


def _minutes(trend: BoardTrend) -> BoardTable:
    count = len(trend.gmv_fen or trend.online or ())
    rows = []
    for n in range(count):
        at = datetime.fromtimestamp(trend.start.timestamp() + n * trend.minutes * 60, trend.start.tzinfo)
        fen = trend.gmv_fen[n] if trend.gmv_fen is not None and n < len(trend.gmv_fen) else None
        online = trend.online[n] if trend.online is not None and n < len(trend.online) else None
        rows.append(_line(wall_clock(at), _number(fen, "fen"), _number(online, "people")))
    return BoardTable(t("每分钟"), _columns(t("时间"), t("成交额"), t("在线人数")), tuple(rows))


def _around(trend: BoardTrend) -> BoardTable:
    rows = []
    for each in trend.promotions:
        burst = _number(each.burst, "times")
        if each.burst is None and each.why is not None:
            burst = TableCell(words.why_words(each.why))
        rows.append(
            _line(
                f"{name_of(each.kind)} {each.title}".strip(),
                wall_clock(each.at),
                wall_clock(each.until) if each.until is not None else t("还在进行"),
                _number(each.before_fen, "fen"),
                _number(each.during_fen, "fen"),
                _number(each.after_fen, "fen"),
                burst,
            )
        )
    columns = _columns(
        t("促销"), t("开始"), t("结束"), t("前 5 分"), t("期间"), t("后 5 分"), t("每分钟比之前")
    )  # fmt: skip
    return BoardTable(t("促销"), columns, tuple(rows), note=t("前后对比 · 非因果"))


def _steps(title: str, funnel: Funnel) -> BoardTable:
    rows = []
    for step in funnel.steps:
        value = _number(step.value, step.unit)
        why = words.why_words(step.why) or words.why_words(step.rate_why)
        rows.append(
            _line(words.step_words(step.name), value, _number(step.rate, "share"),
                  _number(step.rate_last, "share"), why)
        )  # fmt: skip
    columns = _columns(t("一步"), t("多少"), t("占上一步"), t("上场"), t("为什么没有"), words_from=4)
    return BoardTable(title, columns, tuple(rows))


def _scenes(page: BoardPage) -> BoardTable:
    assert page.entrances is not None
    rows = [
        _line(words.scene_words(row.scene), _number(row.orders, "orders"),
              _number(row.gmv_fen, "fen"), _number(row.share, "share"),
              _number(row.share_last, "share"))
        for row in page.entrances.rows
    ]  # fmt: skip
    columns = _columns(t("从哪来"), t("支付订单"), t("成交额"), t("占比"), t("上场"))
    return BoardTable(t("单从哪来"), columns, tuple(rows))


def _compared(found: BoardComparison) -> BoardTable:
    rows = []
    for each in found.figures:
        whys = (each.this_why, each.last_why, each.mean_why)
        rows.append(
            _line(words.name_words(each.name), _number(each.this, each.unit),
                  _number(each.last, each.unit), _number(each.mean, each.unit),
                  words.change_words(each.change) or "—",
                  next((said for why in whys if (said := words.why_words(why))), ""))
        )  # fmt: skip
    columns = _columns(
        t("名字"), t("本场"), t("上场"), t("同时段均值"), t("比上场"), t("为什么没有"), words_from=5
    )
    return BoardTable(t("都按开播 {n} 分钟比", n=found.minute), columns, tuple(rows))


def goods(page: BoardPage) -> BoardTable:
    """商品, the most sold in the last ten minutes first."""
    found = page.products
    columns = (
        TableColumn(t("商品"), right=False),
        TableColumn(t("讲了"), gives=4),
        TableColumn(t("点击"), gives=3),
        TableColumn(t("支付")),
        TableColumn(t("点击 → 支付"), gives=5),
        TableColumn(t("成交额")),
        TableColumn(t("近 10 分")),
        TableColumn(t("前 10 分"), gives=2),
        TableColumn(t("退款"), gives=6),
        TableColumn(t("余")),
    )
    rows = tuple(_product(row) for row in found.rows) if found is not None else ()
    more = found.of - len(found.rows) if found is not None else 0
    return BoardTable(t("商品"), columns, rows, note=t("按近 10 分钟成交额排"), more=max(0, more))


def _product(row: BoardProduct) -> TableLine:
    title = clean(row.title, 80)
    name = t("{number} 号 {title}", number=row.number, title=title) if row.number is not None else title
    rate = _number(row.clicks_to_paid, "share")
    why = row.clicks_to_paid is None and row.why is not None
    spoken = "—" if row.explained_seconds is None else clock(row.explained_seconds)
    cells = (
        TableCell(name, "fg0", "strong"),
        TableCell(spoken),
        _number(row.clicks, "count"),
        _number(row.paid, "orders"),
        TableCell(f"— {words.why_words(row.why)}", "fg2", "small") if why else rate,
        _number(row.gmv_fen, "fen"),
        _number(row.last_fen, "fen", role="strong" if row.last_fen else "base"),
        _number(row.before_fen, "fen"),
        _number(row.refund_fen, "fen"),
        _number(row.left, "units", tone=_ALARM_TONES.get(row.stock_alarm, "fg0")),
    )
    return TableLine(cells, (row.image, title), row.pinned, t("讲解中") if row.pinned else "")


def scores(page: BoardPage) -> BoardTable:
    """The three numbers of each segment with their parts, never one mixed number."""
    columns = (
        TableColumn(t("讲解"), right=False), TableColumn(t("分钟")), TableColumn(t("信息分")),
        TableColumn(t("情绪分")), TableColumn(t("互动分")), TableColumn(t("回答"), gives=4),
        TableColumn(t("好评"), gives=3), TableColumn(t("评论"), gives=2), TableColumn(t("说话的人"), gives=1),
    )  # fmt: skip
    return BoardTable(
        t("每段三个分"), columns, tuple(map(_score, page.scores)), note=t("和近 10 场的中位数比，50 是一样")
    )


def _score(row: SegmentScore) -> TableLine:
    if row.why is not None and row.information is row.emotion is row.interaction is None:
        said = TableCell(words.why_words(row.why), "fg2", "small")
    else:
        said = _number(row.information, "score")
    name = f"{wall_clock(row.at)} {clean(row.title, 60)}"
    texts = [_number(row.emotion, "score"), _number(row.interaction, "score")]
    texts += [_number(n, "count") for n in (row.answered, row.good, row.comments, row.talkers)]
    first = (TableCell(name, "fg0", "strong"), TableCell(f"{row.minutes:.1f}"), said)
    return TableLine((*first, *texts))


def mix(page: BoardPage) -> BoardTable:
    """Minutes of each kind of content beside the goal."""
    whole = sum(row.minutes for row in page.mix)
    rows = [
        _line(words.content_words(row.kind), f"{row.minutes:.1f}",
              f"{row.minutes / whole:.0%}" if whole else "—",
              "—" if row.goal is None else f"{row.goal}0%")
        for row in page.mix
    ]  # fmt: skip
    columns = _columns(t("内容"), t("分钟"), t("占比"), t("目标"))
    return BoardTable(t("讲了什么"), columns, tuple(rows))


def switchbacks(page: BoardPage) -> BoardTable:
    """Blocks with and without something; no verdict before there are enough."""
    columns = (
        TableColumn(t("试什么"), right=False), TableColumn(t("开"), gives=2), TableColumn(t("关"), gives=2),
        TableColumn(t("开着时")), TableColumn(t("关着时")), TableColumn(t("差")),
        TableColumn(t("区间"), gives=1), TableColumn(t("结论"), right=False),
    )  # fmt: skip
    return BoardTable(t("轮换试验"), columns, tuple(map(_switchback, page.switchbacks)))


def verdict_words(row: Switchback) -> str:
    """What came of a test; before there is enough of it, why nothing is said."""
    if row.difference is None:
        return words.why_words(row.why) or t("段数不够，先不下结论")
    return t(_VERDICTS[row.verdict]) if row.verdict in _VERDICTS else "—"


def _switchback(row: Switchback) -> TableLine:
    blocks = t("{n} 段", n=row.on_blocks), t("{n} 段", n=row.off_blocks)
    if row.difference is None:
        texts = (clean(row.name, 60), *blocks, "—", "—", "—", "—", verdict_words(row))
        return _line(*texts)
    between = "—"
    if row.low is not None and row.high is not None:
        between = f"{words.number(row.low, row.unit)} – {words.number(row.high, row.unit)}"
    numbers = (_number(n, row.unit) for n in (row.on_mean, row.off_mean, row.difference))
    return _line(clean(row.name, 60), *blocks, *numbers, between, verdict_words(row))


def purchases(page: BoardPage) -> BoardTable:
    """周采购计划 with the parts of its sum."""
    columns = (
        TableColumn(t("商品"), right=False), TableColumn(t("每周卖")), TableColumn(t("季节系数"), gives=3),
        TableColumn(t("安全库存"), gives=2), TableColumn(t("手上")), TableColumn(t("在途"), gives=4),
        TableColumn(t("到货天数"), gives=5), TableColumn(t("这周买")),
    )  # fmt: skip
    rows = tuple(map(_purchase, page.purchases))
    note = t("每周卖 × 季节系数 + 安全库存 − 手上 − 在途；点一行填到货天数")
    return BoardTable(
        t("周采购计划"), columns, rows, note=note, more=max(0, page.purchases_of - len(page.purchases))
    )


def _purchase(row: PurchaseRow) -> TableLine:
    weekly = "—" if row.weekly is None else f"{row.weekly:.1f}"
    buy = _number(row.buy, "units", role="strong")
    if row.buy is None and row.why is not None:
        buy = TableCell(words.why_words(row.why), "fg2", "small")
    return _line(
        TableCell(clean(row.title, 80), "fg0", "strong"),
        weekly,
        TableCell(f"×{row.season:.2f}", value=row.season, unit="times"),
        _number(row.safety, "units"),
        _number(row.on_hand, "units"),
        _number(row.ordered, "units"),
        _number(row.lead_days, "count"),
        buy,
    )
