"""Lines of one product put together as its SKUs; ids that a table has twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec

from liveconsole.intake.products.ids import alike
from liveconsole.intake.products.rows import BadRow, CatalogueRow, ReadLine, RowRemark, SkuRow
from liveconsole.intake.products.terms import Terms
from liveconsole.intake.tables import TableRow

Found = Sequence[ReadLine | BadRow]


def once_each(found: Found) -> list[CatalogueRow | BadRow]:
    """Every id once; the first one is taken."""
    seen: dict[str, int] = {}
    rows: list[CatalogueRow | BadRow] = []
    for each in found:
        if isinstance(each, ReadLine):
            first = seen.setdefault(each.row.product_id, each.row.line)
            rows.append(each.row if first == each.row.line else _bad(each, "twice", line=first))
        else:
            rows.append(each)
    return rows


def grouped(found: Found) -> list[CatalogueRow | BadRow]:
    """Lines with the same id are the SKUs of one product, in the place of its first line. All of them are
    taken or none: a SKU that is left out is one without stock."""
    groups: dict[str, list[ReadLine]] = {}
    for each in found:
        if isinstance(each, ReadLine):
            groups.setdefault(each.row.product_id, []).append(each)
    lost = {each.product_id: each.line for each in reversed(found) if isinstance(each, BadRow)}
    wrong = _wrong(groups, lost)
    rows: list[CatalogueRow | BadRow] = []
    for each in found:
        if not isinstance(each, ReadLine):
            rows.append(each)
        elif (bad := wrong.get(each.row.line)) is not None:
            rows.append(bad)
        elif (group := groups[each.row.product_id])[0] is each:
            rows.append(_product([one for one in group if one.row.line not in wrong]))
    return rows


def _wrong(groups: Mapping[str, Sequence[ReadLine]], lost: Mapping[str, int]) -> dict[int, BadRow]:
    """``lost``: product → its first line that could not be read."""
    wrong: dict[int, BadRow] = {}
    owners: dict[str, int] = {}
    for group in groups.values():
        first = group[0]
        titles: dict[str, int] = {}
        plain = not any(each.row.spec or each.sku_id for each in group)
        for each in group:
            line, said = each.row.line, each.row.spec or each.sku_id
            if not said and each is not first:
                wrong[line] = _bad(each, "twice", line=first.row.line)
                if plain:
                    continue  # no SKU of the first one: it stands, as in a table without SKUs
            elif each.row.title != first.row.title:
                wrong[line] = _bad(each, "sku_titles", line=first.row.line)
            elif said in titles:
                wrong[line] = _bad(each, "sku_twice", line=titles[said], value=said)
            elif each.sku_id and each.sku_id in owners:
                wrong[line] = _bad(each, "sku_twice", line=owners[each.sku_id], value=each.sku_id)
            titles.setdefault(said, line)
            if each.sku_id:
                owners.setdefault(each.sku_id, line)
        own = None if plain else next((each.row.line for each in group if each.row.line in wrong), None)
        blamed = lost.get(first.row.product_id, own)
        if blamed is not None:
            for each in group:
                wrong.setdefault(each.row.line, _bad(each, "sibling", line=blamed))
    return wrong


def _bad(each: ReadLine, code: str, **params: Any) -> BadRow:
    return BadRow(each.row.line, each.text, code, params)


def _product(group: Sequence[ReadLine]) -> CatalogueRow:
    """One line without an id of its SKU is a product as it stands: what is said of its size is no choice."""
    first = group[0].row
    if len(group) == 1 and not group[0].sku_id:
        return first
    skus = [
        SkuRow(
            each.sku_id or f"{first.product_id}/{each.row.spec or first.title}",
            each.row.spec or each.sku_id or first.title,
            each.row.price_fen,
            each.row.stock,
            each.row.floor_fen,
        )
        for each in group
    ]
    floors = [sku.floor_fen for sku in skus]
    listed = [each.row.list_price_fen for each in group if each.row.list_price_fen is not None]
    return msgspec.structs.replace(
        first,
        price_fen=min(sku.price_fen for sku in skus),
        stock=None if first.stock is None else sum(sku.stock or 0 for sku in skus),
        floor_fen=min(floor for floor in floors if floor is not None) if None not in floors else None,
        list_price_fen=min(listed) if listed else None,
        points=next((each.row.points for each in group if each.row.points), ""),
        spec="",
        terms=reduce(Terms.over, (each.row.terms for each in group)),
        skus=skus,
        remarks=tuple({remark.code: remark for each in group for remark in each.row.remarks}.values()),
    )


def with_likes(
    rows: Sequence[CatalogueRow | BadRow], lines: Mapping[int, TableRow]
) -> list[CatalogueRow | BadRow]:
    """An id that differs from another of the table by its blanks alone is none of its own; one that differs
    by its case may be. ``lines``: row → its line as it stood."""
    first: dict[str, CatalogueRow] = {}
    found: list[CatalogueRow | BadRow] = []
    for row in rows:
        other = first.setdefault(alike(row.product_id), row) if isinstance(row, CatalogueRow) else None
        if isinstance(row, CatalogueRow) and other is not None and other is not row:
            params = {"line": other.line, "known": other.product_id}
            if row.product_id.casefold() == other.product_id.casefold():
                remarks = (*row.remarks, RowRemark("id_case", params))
                row = msgspec.structs.replace(row, remarks=remarks)
            elif not row.product_id.isdigit():  # zeros are told by `with_zeros`
                row = BadRow(row.line, lines[row.line].text, "id_like_row", params)
        found.append(row)
    return found


def with_zeros(rows: Sequence[CatalogueRow | BadRow]) -> list[CatalogueRow | BadRow]:
    """Ids of digits that are shorter than one of the same table that begins with a zero are marked: sheets
    drop leading zeros of what they take for a number."""
    zeros = [
        row.product_id for row in rows if isinstance(row, CatalogueRow) and _begins_with_zero(row.product_id)
    ]
    if not zeros:
        return list(rows)
    like = max(zeros, key=len)
    return [
        msgspec.structs.replace(row, remarks=(*row.remarks, RowRemark("zeros", {"like": like})))
        if isinstance(row, CatalogueRow)
        and row.product_id.isascii()
        and row.product_id.isdigit()
        and len(row.product_id) < len(like)
        and not _begins_with_zero(row.product_id)
        else row
        for row in rows
    ]


def _begins_with_zero(id_: str) -> bool:
    return len(id_) > 1 and id_.startswith("0") and id_.isascii() and id_.isdigit()
