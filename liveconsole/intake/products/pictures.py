"""Where the pictures of a table's products are: at an address, in a file beside it, or in the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.intake.pictures.fetching import is_address
from liveconsole.intake.products.rows import CatalogueRow, ProductTable
from liveconsole.intake.tables import plain
from liveconsole.intake.tables.drawn import Drawn
from liveconsole.messages.bounds import PICTURE_BYTES

_NAMES: Final = (
    "图片 主图 商品图片 商品图 商品主图 主图链接 图片链接 图片地址 主图地址 缩略图 产品图片 产品图 宝贝图片"
    " 宝贝主图 image images picture pictures photo imageurl pictureurl mainimage"
)
_COLUMN: Final = frozenset(_NAMES.split())
_ENDS: Final = (".png", ".jpg", ".jpeg", ".webp")


def pictures_of(products: ProductTable, drawn: Drawn, folder: Path | None) -> dict[str, bytes | str]:
    """Return product → the bytes of its picture, or the address at which it is. A file is one beside the
    table, or in a folder beside it: nothing further up is read, whatever a cell says. A paste has none."""
    rows = [row for row in products.rows if isinstance(row, CatalogueRow)]
    lines = sorted(row.line for row in rows)
    after = dict(zip(lines, [*lines[1:], 2**31], strict=True))
    labels = [plain(label) for label in products.columns.labels]
    column = next((place for place, label in enumerate(labels) if label in _COLUMN), None)
    found: dict[str, bytes | str] = {}
    for row in rows:
        cells = products.lines[row.line].cells
        cell = cells[column].strip() if column is not None and column < len(cells) else ""
        picture = drawn.of(cell, row.line, after[row.line]) or _named(cell, folder)
        if picture:
            found[row.product_id] = picture
    return found


def with_pictures(products: ProductTable, kept: Mapping[str, str]) -> ProductTable:
    """Return the table with the hashes of the pictures that were kept."""
    rows = [
        msgspec.structs.replace(row, image=kept[row.product_id])
        if isinstance(row, CatalogueRow) and row.product_id in kept
        else row
        for row in products.rows
    ]
    return msgspec.structs.replace(products, rows=rows)


def _named(cell: str, folder: Path | None) -> bytes | str:
    if is_address(cell):
        return cell.split()[0]
    if folder is None or not cell.lower().endswith(_ENDS) or len(cell) > 300:
        return ""
    try:
        home = folder.resolve()
        file = (home / cell.replace("\\", "/")).resolve()
        if not file.is_relative_to(home) or not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(PICTURE_BYTES + 1)
    except (OSError, ValueError):
        return ""
