"""Products as people paste them or keep them in a file.

Pure: the desk and ``liveconsole import`` share it. A row that cannot be taken is given back with its reason
and its text; no row is guessed at, and none takes its neighbours with it, but for the rows of one product.
"""

from __future__ import annotations

from liveconsole.intake.products.changes import Change, RowChange, compare, refuse
from liveconsole.intake.products.putting import ProductImport
from liveconsole.intake.products.reading import is_goods, parse_rows, paste_products, read_products
from liveconsole.intake.products.rows import BadRow, CatalogueRow, ProductTable, Refusal, RowRemark, SkuRow

__all__ = [
    "BadRow",
    "CatalogueRow",
    "Change",
    "ProductImport",
    "ProductTable",
    "Refusal",
    "RowChange",
    "RowRemark",
    "SkuRow",
    "compare",
    "is_goods",
    "parse_rows",
    "paste_products",
    "read_products",
    "refuse",
]
