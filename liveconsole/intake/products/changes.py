"""A table of products against the catalogue that is there: what is new, what changes, what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.intake.products.ids import alike
from liveconsole.intake.products.rows import BadRow, CatalogueRow, ProductTable, RowRemark, SkuRow
from liveconsole.intake.products.terms import licences_said
from liveconsole.messages.law import Qualification
from liveconsole.messages.state import ProductState, SkuState
from liveconsole.views.money import yuan_short

State = Literal["new", "changed", "same", "wrong"]
Json = Mapping[str, Any]

MONEY: Final = frozenset({"price_fen", "floor_fen", "list_price_fen"})


class Change(Struct, frozen=True):
    """``field`` of ``catalogue.put``, with the title of the SKU that it is of; ``skus``: which ones."""

    field: str
    before: Any
    after: Any
    sku: str = ""


class RowChange(Struct, frozen=True):
    """A row as it stands against the catalogue."""

    line: int
    state: State
    row: CatalogueRow | None = None
    bad: BadRow | None = None
    changes: Sequence[Change] = ()
    remarks: Sequence[RowRemark] = ()


def compare(products: ProductTable, known: Iterable[ProductState]) -> list[RowChange]:
    """``known``: the products that the state shows; empty where nothing is known, which lets only pass what a
    look at the catalogue would refuse."""
    there = {product.product_id: product for product in known}
    likes = {alike(id_): id_ for id_ in there}
    seen: list[RowChange] = []
    for row in products.rows:
        if isinstance(row, BadRow):
            seen.append(RowChange(row.line, "wrong", bad=row))
            continue
        if row.stood in there:  # it came in so once, and is that product
            row = msgspec.structs.replace(row, product_id=row.stood)
        now = there.get(row.product_id)
        row = _with_its_sku(row, now)
        if now is not None and row.terms.licences:
            row = msgspec.structs.replace(row, terms=row.terms.with_pictures(now.qualifications))
        wrong = _against(row, now, likes)
        if wrong is not None:
            code, params = wrong
            bad = BadRow(row.line, products.lines[row.line].text, code, params)
            seen.append(RowChange(row.line, "wrong", bad=bad))
        elif now is None:
            seen.append(RowChange(row.line, "new", row, remarks=row.remarks))
        else:
            changes = list(_changes(row, now))
            seen.append(
                RowChange(row.line, "changed" if changes else "same", row, None, changes, row.remarks)
            )
    return seen


def refuse(
    seen: Sequence[RowChange], product_id: str, reason: str, products: ProductTable
) -> list[RowChange]:
    """The rows after the engine has refused one product, with its reason."""
    return [
        RowChange(
            each.line,
            "wrong",
            bad=BadRow(each.line, products.lines[each.line].text, "refused", {"reason": reason}),
        )
        if each.row is not None and each.row.product_id == product_id
        else each
        for each in seen
    ]


def _with_its_sku(row: CatalogueRow, now: ProductState | None) -> CatalogueRow:
    """A table may name the only variant of a product that has one."""
    skus: Sequence[SkuState] = now.skus if now is not None else ()
    if row.skus or not row.spec or len(skus) != 1 or skus[0].title != row.spec:
        return row
    sku_id = skus[0].sku_id
    if sku_id == row.product_id:
        return row
    return msgspec.structs.replace(
        row, skus=[SkuRow(sku_id, row.spec, row.price_fen, row.stock, row.floor_fen)]
    )


def _against(
    row: CatalogueRow, now: ProductState | None, likes: Mapping[str, str]
) -> tuple[str, dict[str, Any]] | None:
    if now is None:
        known = likes.get(alike(row.product_id))
        if known is None:
            return None
        lost = row.product_id.isdigit() and known.isdigit() and len(known) > len(row.product_id)
        return ("id_zeros" if lost else "id_like"), {"known": known}
    skus = now.skus
    plain = [sku.sku_id for sku in skus] == [row.product_id]
    if not row.skus and not plain and row.stock is not None:
        return "needs_skus", {"n": len(skus)}
    floors = {sku.sku_id: sku.floor_fen for sku in skus}
    for price, own, floor in _prices(row, floors, now.floor_fen):
        if own is None and floor is not None and price < floor:
            return "under_floor", {"price": yuan_short(price), "floor": yuan_short(floor)}
    return None


def _prices(
    row: CatalogueRow, floors: Mapping[str, int | None], usual: int | None
) -> Iterable[tuple[int, Any, Any]]:
    """(price, the floor that the table names, the floor that holds now)."""
    if not row.skus:
        yield row.price_fen, row.floor_fen, floors.get(row.product_id, usual)
    for sku in row.skus:
        yield (
            sku.price_fen,
            sku.floor_fen if sku.floor_fen is not None else row.floor_fen,
            floors.get(sku.sku_id),
        )


def _changed_terms(put: Json, now: ProductState) -> Iterable[Change]:
    there = {
        "category": now.category,
        "ship_hours": now.ship_hours,
        "ships_on": now.ships_on.isoformat() if now.ships_on is not None else None,
    }
    for name, before in there.items():
        if name in put and put[name] != before:
            yield Change(name, before, put[name])
    if "qualifications" in put:
        after = msgspec.convert(put["qualifications"], list[Qualification])
        if after != (now.qualifications or []):
            yield Change("licences", licences_said(now.qualifications) or None, licences_said(after))


def _changes(row: CatalogueRow, now: ProductState) -> Iterable[Change]:
    put = row.product(known=True)
    for name in ("title", "price_fen", "floor_fen", "list_price_fen", "stock", "points", "image"):
        if (
            name in put
            and put[name] != getattr(now, name)
            and not (row.skus and name in ("stock", "floor_fen"))
        ):
            yield Change(name, getattr(now, name), put[name])
    yield from _changed_terms(put, now)
    if not row.skus:
        return
    there = {sku.sku_id: sku for sku in now.skus}
    if list(there) != [sku.sku_id for sku in row.skus]:
        yield Change("skus", [sku.title for sku in now.skus], [sku.title for sku in row.skus])
    for sku in row.skus:
        before = there.get(sku.sku_id)
        if before is None:
            continue
        for name in ("title", "price_fen", "floor_fen", "stock"):
            after = getattr(sku, name)
            if after is not None and after != getattr(before, name):
                yield Change(name, getattr(before, name), after, sku.title)
