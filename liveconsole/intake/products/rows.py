"""A product of a table, or why a row is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from liveconsole.intake.products.terms import NOTHING_OF_TERMS, Terms
from liveconsole.intake.products.words import COLUMN_NAMES, REASONS, REFUSALS, REMARKS
from liveconsole.intake.tables import Columns, TableRow, in_words, with_reasons


class SkuRow(Struct, frozen=True):
    sku_id: str
    title: str
    price_fen: int
    stock: int | None
    floor_fen: int | None = None


class RowRemark(Struct, frozen=True):
    """What was taken and is worth a look: ``code`` is one of ``REMARKS``."""

    code: str
    params: dict[str, Any] = {}

    def said(self, *, english: bool = False) -> str:
        zh, en = REMARKS[self.code]
        return (en if english else zh).format_map(self.params)


class Refusal(Struct, frozen=True):
    """Why a table is not read as a whole: ``code`` is one of ``REFUSALS``."""

    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        params = dict(self.params)
        if "column" in params:
            names = [COLUMN_NAMES[name][english] for name in params["column"]]
            params["column"] = (", " if english else "、").join(names)
        zh, en = REFUSALS[self.code]
        return (en if english else zh).format_map(params)


class CatalogueRow(Struct, frozen=True):
    """A product that can be put. ``line`` is where it starts in the text or the sheet, from 1."""

    line: int
    product_id: str
    title: str
    price_fen: int
    stock: int | None
    """None: the table has no such column."""
    floor_fen: int | None = None
    list_price_fen: int | None = None
    points: str = ""
    spec: str = ""
    """The variant of a product that has only this one row and no SKU id."""
    skus: Sequence[SkuRow] = ()
    remarks: tuple[RowRemark, ...] = ()
    stood: str = ""
    """The id as it stands in the table, where it was read as another."""
    image: str = ""
    """The hash of its picture, once that is kept."""
    terms: Terms = NOTHING_OF_TERMS

    def product(self, *, known: bool = False) -> dict[str, Any]:
        """As ``catalogue.put`` takes it. Of a ``known`` one what the table does not say stays."""
        put: dict[str, Any] = {
            "product_id": self.product_id,
            "title": self.title,
            "price_fen": self.price_fen,
        }
        if self.stock is not None or not known:
            put["stock"] = self.stock or 0
        for name in ("floor_fen", "list_price_fen"):
            if getattr(self, name) is not None:
                put[name] = getattr(self, name)
        if self.image:
            put["image"] = self.image
        if self.points:
            put["points"] = self.points
        put |= self.terms.put()
        if self.skus:
            put["skus"] = [
                {name: value for name, value in msgspec.structs.asdict(sku).items() if value is not None}
                | {"stock": sku.stock or 0}
                for sku in self.skus
            ]
        return put


class BadRow(Struct, frozen=True):
    """A row that cannot be taken: ``code`` is one of ``REASONS``, ``text`` the row as it stood."""

    line: int
    text: str
    code: str
    params: dict[str, Any] = {}
    cell: str = ""
    """Which cell of a sheet, as ``D3``; ``""`` for a paste, or where no one cell is to blame."""
    product_id: str = ""
    """As it stands there: other rows of the product wait for this one."""

    def reason(self, *, english: bool = False) -> str:
        params = dict(self.params)
        if "column" in params:
            params["column"] = COLUMN_NAMES[params["column"]][english]
        zh, en = REASONS[self.code]
        return (en if english else zh).format_map(params)


class ProductTable(Struct, frozen=True):
    """A table of products as it was understood."""

    rows: Sequence[CatalogueRow | BadRow]
    columns: Columns
    lines: Mapping[int, TableRow]
    """Row → its line as it stood."""
    refusal: Refusal | None = None
    """Why nothing was read, and what is to be chosen (`columns`)."""

    @property
    def good(self) -> list[CatalogueRow]:
        return [row for row in self.rows if isinstance(row, CatalogueRow)]

    @property
    def bad(self) -> list[BadRow]:
        return [row for row in self.rows if isinstance(row, BadRow)]

    def to_mend(self, bad: Sequence[BadRow], *, english: bool = False) -> str:
        """The bad rows as a spreadsheet takes them, below their header and with a column of reasons: mended,
        they can be pasted here as they are."""
        lines = list(self.lines.values())
        names = self.columns.heading(lines, {name: both[english] for name, both in COLUMN_NAMES.items()})
        rows = [(self.lines[row.line].cells, row.reason(english=english)) for row in bad]
        return with_reasons(names, rows, english=english)

    def remarks(self) -> list[RowRemark]:
        """What is to be said of the table as a whole."""
        said: list[RowRemark] = []
        if self.columns.known is not None:
            known = self.columns.known
            said.append(RowRemark("known", {"name": known.name, "english": known.english}))
        if self.columns.above:
            said.append(RowRemark("above", {"n": self.columns.above}))
        hidden = sum(line.hidden for line in self.lines.values())
        if hidden:
            said.append(RowRemark("hidden", {"n": hidden}))
        if self.columns.header is not None and "stock" not in self.columns.order:
            said.append(RowRemark("no_stock"))
        if self.columns.ignored:
            said.append(RowRemark("ignored", {"names": in_words(self.columns.ignored)}))
        return said


class ReadLine(Struct, frozen=True):
    """One line that was understood, before the lines of a product are put together."""

    row: CatalogueRow
    text: str
    sku_id: str
