"""The answer library as a CSV: written for people, read back with a reason for every row that is left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.answers import ANSWER_LONG, QUESTION_LONG
from liveconsole.messages.state import AnswerState
from liveconsole.views.report.guard import guarded, is_risky

COLUMNS: Final = ("product_id", "question", "zh", "en")
BYTES_MAX: Final = 4 * 1024 * 1024
ROWS_MAX: Final = 500
"""As many answers as a room holds."""
REASONS: Final[dict[str, tuple[str, str]]] = {
    "too_large": ("文件太大", "The file is too large"),
    "not_text": ("不是 UTF-8 或 GB18030 的文字", "Not text in UTF-8 or GB18030"),
    "no_columns": ("第一行要有 question、zh", "The first row must name question and zh"),
    "unknown_product": ("没有这个商品", "No such product"),
    "no_words": ("没有问题或回答", "No question, or no answer"),
    "too_long": ("问题或回答太长", "The question or the answer is too long"),
    "too_many": ("行数太多", "Too many rows"),
}
"""Why a file or a row is not taken: (zh, en)."""


class ReadAnswers(Struct, frozen=True):
    """``puts``: data of ``answer.put``, one a row; ``refused``: (row, from 1, and a key of `REASONS`)."""

    puts: list[dict[str, Any]]
    refused: list[tuple[int, str]]


def write_answers(answers: Iterable[AnswerState]) -> bytes:
    """Return the file, with a byte order mark: a spreadsheet opens it in the right letters."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(COLUMNS)
    for one in answers:
        write.writerow([guarded(cell) for cell in (one.product_id or "", one.question, one.zh, one.en)])
    return out.getvalue().encode("utf-8-sig")


def read_answers(raw: bytes, products: Collection[str]) -> ReadAnswers:
    """Return what stands in a file; ``products``: ids that the room has."""
    if len(raw) > BYTES_MAX:
        return ReadAnswers([], [(0, "too_large")])
    text = _text(raw)
    if text is None:
        return ReadAnswers([], [(0, "not_text")])
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:
        return ReadAnswers([], [(0, "not_text")])
    if not rows or not {"question", "zh"} <= {str(name).strip() for name in rows[0]}:
        return ReadAnswers([], [(0, "no_columns")])
    found = ReadAnswers([], [])
    for number, row in enumerate(rows, 1):
        cells = {str(name).strip(): _cell(value) for name, value in row.items() if isinstance(value, str)}
        if reason := _reason(number, cells, products):
            found.refused.append((number, reason))
        elif any(cells.values()):
            sent = {name: cells.get(name, "") for name in ("question", "zh", "en")}
            product = cells.get("product_id", "")
            found.puts.append(sent | ({"product_id": product} if product else {}))
    return found


def _text(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _cell(text: str) -> str:
    """Without the apostrophe that `guarded` put before it."""
    bare = text.strip()
    return bare[1:] if bare.startswith("'") and is_risky(bare[1:]) else bare


def _reason(number: int, cells: dict[str, str], products: Collection[str]) -> str:
    if not any(cells.values()):
        return ""
    question, zh, en = (cells.get(name, "") for name in ("question", "zh", "en"))
    if number > ROWS_MAX:
        return "too_many"
    if not question or not (zh or en):
        return "no_words"
    if len(question) > QUESTION_LONG or max(len(zh), len(en)) > ANSWER_LONG:
        return "too_long"
    if (product := cells.get("product_id", "")) and product not in products:
        return "unknown_product"
    return ""
