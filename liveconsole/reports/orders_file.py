"""Orders of all the years as a file: CSV or a workbook. Money is in 元, times are China's, and what came from
outside is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from liveconsole.domain.china import CHINA
from liveconsole.messages.order_pages import BookOrder
from liveconsole.messages.wording import plain_yuan
from liveconsole.views.order_words import COLUMN_WORDS, PERSONAL, STATE_WORDS
from liveconsole.views.report.guard import guarded, is_risky
from liveconsole.views.shades import TABLE_HEAD

MONEY: Final = ("total", "paid", "refund")
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CELL_LONG: Final = 32_000


def columns(*, personal: bool) -> list[str]:
    """Return the columns in their order."""
    return [name for name in COLUMN_WORDS if personal or name not in PERSONAL]


def values(order: BookOrder, buyer: tuple[str, str] | None, *, english: bool) -> dict[str, Any]:
    """Return what an order has for each column: texts, whole 分, moments; None where nobody knows.
    ``buyer``: outside id and name."""
    goods = "；".join(
        f"{line.title or line.sku_id}{f' {line.sku}' if line.sku else ''} ×{line.units}"
        for line in order.lines
    )
    way = order.shipment
    return {
        "order_id": order.order_id,
        "state": STATE_WORDS[order.state][english],
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "total": order.total_fen,
        "paid": order.paid_fen,
        "refund": order.refund_fen,
        "units": order.units,
        "goods": f"{goods} …+{order.more_lines}" if order.more_lines else goods,
        "scene": order.scene,
        "payment": order.payment,
        "province": order.province,
        "carrier": way.carrier if way is not None else None,
        "tags": " ".join(order.tags),
        "buyer_id": buyer[0] if buyer is not None else None,
        "buyer": buyer[1] if buyer is not None else None,
        "waybill": way.waybill if way is not None else None,
        "note": order.note,
    }


def orders_csv(rows: Iterable[dict[str, Any]], names: Sequence[str], *, english: bool) -> bytes:
    """Return the file with a byte order mark: a spreadsheet opens it in the right letters."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow([COLUMN_WORDS[name][english] for name in names])
    write.writerows([_text(name, row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def orders_xlsx(rows: Iterable[dict[str, Any]], names: Sequence[str], *, english: bool) -> bytes:
    """Return the workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": TABLE_HEAD})
        money = book.add_format({"num_format": "¥#,##0.00"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        quoted, plain = book.add_format({"quote_prefix": True}), book.add_format({})
        sheet = book.add_worksheet("订单" if not english else "orders")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(names):
            sheet.set_column(place, place, 40 if name == "goods" else 20)
            sheet.write_string(0, place, COLUMN_WORDS[name][english], head)
        for number, row in enumerate(rows, 1):
            for place, name in enumerate(names):
                value = row[name]
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, _local(value), time)
                elif isinstance(value, int):
                    sheet.write_number(
                        number,
                        place,
                        value / 100 if name in MONEY else value,
                        money if name in MONEY else plain,
                    )
                elif value:
                    text = "".join(c for c in value if c >= " ")[:_CELL_LONG]
                    sheet.write_string(number, place, text, quoted if is_risky(text) else plain)
    return out.getvalue()


def _local(at: datetime) -> datetime:
    return at.astimezone(CHINA).replace(tzinfo=None, microsecond=0)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).isoformat(" ")
    if isinstance(value, int):
        return plain_yuan(value) if name in MONEY else str(value)
    return guarded(str(value))
