"""The shop's products beside the room's: which is which, and where they differ, one row for each field. Pure.

Nothing is taken by itself. A row carries the command that takes the shop's value and the one that lets ours
stand; both go through the rules as any other, so that floors and what is promised hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec import Struct

from liveconsole.connectors.wechat_shop.wire import fen, ident, inner, rows, whole
from liveconsole.domain.room import Room
from liveconsole.domain.shop import place_of
from liveconsole.messages.differences import MendingCommand, ShopDifference, Value

ON_SALE: Final = 5
_GONE: Final = frozenset({6, 9})
"""回收站 and 彻底删除."""
_TEXT: Final = 2_000
_SKUS: Final = 500
"""Of one product, as many as the platform allows."""
_BETWEEN: Final = re.compile(r"[\s/,、;|·_+*×()\[\]【】]+")
_LABEL: Final = re.compile(r"(?:^|(?<=[;,|、\s]))[^:=;,|、\s]{1,12}\s*[:=]\s*")
"""「颜色:红;尺码:M」 says no more than 「红 M」."""

Field = Literal["product", "title", "price_fen", "on_shelf", "image", "sku", "sku_id", "sku_title", "stock"]


class ShopSku(Struct, frozen=True):
    sku_id: str
    title: str
    price_fen: int | None
    stock: int | None
    code: str = ""


class ShopProduct(Struct, frozen=True):
    """``picture``: the address of the first one; ``on_sale``: None where the status says neither."""

    product_id: str
    title: str
    skus: list[ShopSku]
    on_sale: bool | None = None
    code: str = ""
    picture: str = ""


class OurSku(Struct, frozen=True):
    """``shop_stock``: what the shop said it has, ``our_stock``: what we had free then (`ShopStock`)."""

    sku_id: str
    title: str
    price_fen: int
    on_hand: int
    shop_stock: int | None = None
    our_stock: int | None = None
    stock_at: datetime | None = None


class OurProduct(Struct, frozen=True):
    """``picture_from``: the address that its picture was taken from."""

    product_id: str
    title: str
    price_fen: int
    on_shelf: bool
    skus: list[OurSku]
    code: str = ""
    image: str = ""
    picture_from: str = ""

    @property
    def is_plain(self) -> bool:
        """It was put without SKUs, and is its own."""
        return [sku.sku_id for sku in self.skus] == [self.product_id]


def product_of(body: Mapping[str, Any]) -> ShopProduct | None:
    """Return the product that is online in an answer of ``product/get``; None where there is none, or where
    it cannot be read: half a product is none."""
    product = inner(dict(body), "product")
    product_id, title = ident(product.get("product_id")), _text(product.get("title"))
    status = whole(product.get("status"))
    if not product_id or not title or status in _GONE:
        return None
    skus = [_sku_of(row, title) for row in rows(product, "skus")[:_SKUS]]
    if not skus or None in skus:
        return None
    pictures = product.get("head_imgs")
    picture = _text(pictures[0]) if isinstance(pictures, list) and pictures else ""
    return ShopProduct(
        product_id,
        title,
        [sku for sku in skus if sku is not None],
        None if status is None else status == ON_SALE,
        ident(product.get("spu_code")) or ident(product.get("out_product_id")),
        picture if picture.startswith(("https://", "http://")) else "",
    )


def _sku_of(row: dict[str, Any], title: str) -> ShopSku | None:
    sku_id = ident(row.get("sku_id"))
    if not sku_id:
        return None
    values = [value for pair in rows(row, "sku_attrs") if (value := _text(pair.get("attr_value")))]
    between = ";" if any(" " in value for value in values) else " "
    stock = whole(row.get("stock_num"))
    return ShopSku(
        sku_id,
        between.join(values)[:_TEXT] or title,
        fen(row.get("sale_price")),
        stock if stock is None or stock >= 0 else None,
        ident(row.get("sku_code")) or ident(row.get("out_sku_id")),
    )


def stock_of(body: Mapping[str, Any]) -> dict[str, int]:
    """Return SKU id → units to be had, of an answer of ``stock/batchget``: what a 限时抢购 keeps apart is not
    to be had at the usual price, and is part of what the shop has."""
    found: dict[str, int] = {}
    for product in rows(inner(dict(body), "data"), "spu_stock_list"):
        for row in rows(product, "sku_stock"):
            sku_id = ident(row.get("sku_id"))
            usual = whole(row.get("normal_stock_num"))
            apart = whole(row.get("limited_discount_stock_num")) or 0
            if sku_id and usual is not None and usual >= 0 <= apart:
                found[sku_id] = usual + apart
    return found


def _text(value: object) -> str:
    return value.strip()[:_TEXT] if isinstance(value, str) else ""


def our_products(room: Room) -> list[OurProduct]:
    """Return what the room has, as far as it is compared."""
    found = []
    for product in room.products.values():
        skus = []
        for sku in map(room.skus.__getitem__, product.sku_ids):
            seen = sku.measured
            told = (seen.units, seen.ours, seen.at) if seen is not None else (None, None, None)
            skus.append(OurSku(sku.sku_id, sku.title, sku.price_fen, max(0, sku.on_hand), *told))
        sent = product.sent
        found.append(
            OurProduct(
                product.product_id, product.title, product.price_fen, product.on_shelf, skus,
                _text(sent.get("code")), _text(sent.get("image")), _text(sent.get("shop_image")),
            )
        )  # fmt: skip
    return found


def paired(
    shop: Iterable[ShopProduct], ours: Iterable[OurProduct]
) -> list[tuple[ShopProduct | None, OurProduct | None]]:
    """Return which product of ours is which of the shop's: by id, then by the shop's code where only one has
    it. Ours come first, in their order."""
    left = {product.product_id: product for product in shop}
    mine = list(ours)
    found: dict[str, ShopProduct] = {
        one.product_id: left.pop(one.product_id) for one in mine if one.product_id in left
    }
    by_code = _only(left.values(), lambda one: one.code)
    for code, one in _only(
        (one for one in mine if one.product_id not in found), lambda one: one.code or one.product_id
    ).items():
        if (same := by_code.get(code)) is not None:
            found[one.product_id] = left.pop(same.product_id)
    pairs: list[tuple[ShopProduct | None, OurProduct | None]] = [
        (found.get(one.product_id), one) for one in mine
    ]
    return pairs + [(one, None) for one in left.values()]


def paired_skus(shop: ShopProduct, ours: OurProduct) -> list[tuple[ShopSku | None, OurSku | None]]:
    """As `paired`, of one product: by id, by code, by what it is called, and the only one with the only
    one."""
    left = {sku.sku_id: sku for sku in shop.skus}
    found: dict[str, ShopSku] = {}
    _pair_up(left, ours.skus, found, lambda sku: sku.sku_id, lambda sku: sku.sku_id)
    _pair_up(left, ours.skus, found, lambda sku: sku.code, lambda sku: sku.sku_id)
    _pair_up(left, ours.skus, found, lambda sku: _words(sku.title), lambda sku: _words(sku.title))
    if len(shop.skus) == len(ours.skus) == 1 and not found:
        found[ours.skus[0].sku_id] = left.popitem()[1]
    pairs: list[tuple[ShopSku | None, OurSku | None]] = [(found.get(sku.sku_id), sku) for sku in ours.skus]
    return pairs + [(sku, None) for sku in left.values()]


def _pair_up(
    left: dict[str, ShopSku],
    ours: Sequence[OurSku],
    found: dict[str, ShopSku],
    theirs_by: Callable[[ShopSku], _Key],
    ours_by: Callable[[OurSku], _Key],
) -> None:
    if not left:
        return
    theirs = _only(left.values(), theirs_by)
    for key, sku in _only((sku for sku in ours if sku.sku_id not in found), ours_by).items():
        if (same := theirs.get(key)) is not None:
            found[sku.sku_id] = left.pop(same.sku_id)


_T = TypeVar("_T")
_Key = str | frozenset[str]


def _only(several: Iterable[_T], key: Callable[[_T], _Key]) -> dict[_Key, _T]:
    """Key → the one that has it; none where two have, or where it is empty."""
    found: dict[_Key, _T | None] = {}
    for one in several:
        name = key(one)
        if name:
            found[name] = None if name in found else one
    return {name: one for name, one in found.items() if one is not None}


def _words(title: str) -> frozenset[str]:
    """Return what a SKU is called, without order, signs and labels."""
    plain = _LABEL.sub(" ", unicodedata.normalize("NFKC", title).casefold())
    return frozenset(filter(None, _BETWEEN.split(plain)))


def differences(
    shop: Sequence[ShopProduct], ours: Sequence[OurProduct], kept: Mapping[str, str], *, complete: bool
) -> list[ShopDifference]:
    """Return where the two differ; what the shop does not sell and we do not have is no difference.

    ``complete``: everything that the shop sells was read, so that what is not among it is not there.
    """
    found: list[ShopDifference] = []
    for theirs, mine in paired(shop, ours):
        if mine is None:
            if theirs is not None and theirs.on_sale is not False:
                found.append(_not_here(theirs))
        elif theirs is None:
            if complete and mine.on_shelf:
                take = MendingCommand("product.shelf", {"product_id": mine.product_id, "on": False})
                found.append(_row(mine, None, "product", mine.title, None, take))
        else:
            found += _of_product(theirs, mine)
    return [
        msgspec.structs.replace(one, kept=kept.get(_place(one)) == one.keep.data["value"]) for one in found
    ]


def _place(one: ShopDifference) -> str:
    data = one.keep.data
    return place_of(data["product_id"], data.get("sku_id"), data["field"])


def _of_product(shop: ShopProduct, ours: OurProduct) -> Iterable[ShopDifference]:
    id_ = ours.product_id
    if shop.title != ours.title:
        yield _row(ours, shop, "title", ours.title, shop.title, _put(id_, title=shop.title))
    lowest = min((sku.price_fen for sku in shop.skus if sku.price_fen is not None), default=None)
    known = all(sku.price_fen is not None for sku in shop.skus)
    if known and lowest is not None and lowest != ours.price_fen:
        yield _row(ours, shop, "price_fen", ours.price_fen, lowest, _put(id_, price_fen=lowest))
    if shop.on_sale is not None and shop.on_sale != ours.on_shelf:
        take = MendingCommand("product.shelf", {"product_id": id_, "on": shop.on_sale})
        yield _row(ours, shop, "on_shelf", ours.on_shelf, shop.on_sale, take)
    if shop.picture and shop.picture != ours.picture_from and (ours.picture_from or not ours.image):
        take = _put(id_, image=shop.picture, shop_image=shop.picture)
        yield _row(ours, shop, "image", ours.picture_from or None, shop.picture, take)
    pairs = paired_skus(shop, ours)
    for theirs, mine in pairs:
        yield from _of_sku(shop, ours, pairs, theirs, mine)


def _of_sku(
    shop: ShopProduct,
    ours: OurProduct,
    pairs: Sequence[tuple[ShopSku | None, OurSku | None]],
    theirs: ShopSku | None,
    mine: OurSku | None,
) -> Iterable[ShopDifference]:
    """Yield the rows of one SKU. A put of it names the others by their ids alone: they stay as they are."""
    id_ = ours.product_id
    others = [sku for _, sku in pairs if sku is not None and sku is not mine and not ours.is_plain]
    bare = [{"sku_id": sku.sku_id} for sku in others]

    def put(row: dict[str, Any]) -> MendingCommand:
        at = next((n for n, sku in enumerate(ours.skus) if sku is mine), len(bare))
        return _put(id_, skus=[*bare[:at], row, *bare[at:]])

    if mine is None:
        assert theirs is not None
        row = _new_sku(theirs)
        yield _row(ours, shop, "sku", None, theirs.title, put(row) if row else None, theirs)
        return
    if theirs is None:
        if not ours.is_plain:  # it gives way to the first of the shop's that is taken
            yield _row(ours, shop, "sku", mine.title, None, _put(id_, skus=bare) if bare else None, mine)
        return
    if theirs.sku_id != mine.sku_id:
        now = {"title": mine.title, "price_fen": mine.price_fen, "stock": mine.on_hand}
        yield _row(
            ours, shop, "sku_id", mine.sku_id, theirs.sku_id, put({"sku_id": theirs.sku_id, **now}), mine
        )
    if not ours.is_plain:
        if theirs.title != mine.title and _words(theirs.title) != _words(mine.title):
            take = put({"sku_id": mine.sku_id, "title": theirs.title})
            yield _row(ours, shop, "sku_title", mine.title, theirs.title, take, mine)
        if theirs.price_fen is not None and theirs.price_fen != mine.price_fen:
            take = put({"sku_id": mine.sku_id, "price_fen": theirs.price_fen})
            yield _row(ours, shop, "price_fen", mine.price_fen, theirs.price_fen, take, mine)
    yield from _of_stock(ours, shop, mine)


def _of_stock(ours: OurProduct, shop: ShopProduct, mine: OurSku) -> Iterable[ShopDifference]:
    """Both figures are of the moment at which the shop told; taking it adds what lay between them, so that
    what was sold since is not given back."""
    if mine.shop_stock is None or mine.our_stock is None or mine.shop_stock == mine.our_stock:
        return
    add = MendingCommand("stock.add", {"sku_id": mine.sku_id, "by": mine.shop_stock - mine.our_stock})
    one = _row(ours, shop, "stock", mine.our_stock, mine.shop_stock, add, mine)
    yield msgspec.structs.replace(one, at=mine.stock_at)


def _not_here(shop: ShopProduct) -> ShopDifference:
    skus = [_new_sku(sku) for sku in shop.skus]
    take = None
    if all(skus):
        price = min(sku["price_fen"] for sku in skus if sku)
        more = {"code": shop.code} if shop.code else {}  # the picture is a row of its own: it may not come
        stock = sum(sku["stock"] for sku in skus if sku)
        take = _put(shop.product_id, title=shop.title, price_fen=price, stock=stock, skus=skus, **more)
    keep = _keep(shop.product_id, "product", shop.title)
    return ShopDifference(shop.product_id, shop.title, "product", keep, None, shop.title, take)


def _new_sku(sku: ShopSku) -> dict[str, Any] | None:
    """None where its price or its units are not known: neither is 0."""
    if sku.price_fen is None or sku.stock is None:
        return None
    return {"sku_id": sku.sku_id, "title": sku.title, "price_fen": sku.price_fen, "stock": sku.stock}


def _row(
    ours: OurProduct,
    shop: ShopProduct | None,
    field: Field,
    here: Value,
    there: Value,
    take: MendingCommand | None,
    sku: OurSku | ShopSku | None = None,
) -> ShopDifference:
    other = shop.product_id if shop is not None and shop.product_id != ours.product_id else ""
    sku_id = sku.sku_id if sku is not None and not ours.is_plain else ""
    return ShopDifference(
        ours.product_id, ours.title, field, _keep(ours.product_id, field, there, sku_id), here, there, take,
        other, sku_id, sku.title if sku is not None and sku_id else "",
    )  # fmt: skip


def _put(product_id: str, **fields: Any) -> MendingCommand:
    return MendingCommand("catalogue.put", {"products": [{"product_id": product_id, **fields}]})


def _keep(product_id: str, field: Field, there: Value, sku_id: str = "") -> MendingCommand:
    data = {"product_id": product_id, "field": field, "value": msgspec.json.encode(there).decode()[:_TEXT]}
    return MendingCommand("shop.keep", data | ({"sku_id": sku_id} if sku_id else {}))
