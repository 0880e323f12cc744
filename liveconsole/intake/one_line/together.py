"""拼团 and 砍价 in one line: one SKU, its price, and how many people it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.tokens import Token

_GOODS = frozenset({"refs", "id", "sku"})


def group_buy(line: LineReader) -> dict[str, Any]:
    """The spec of a 拼团."""
    sku_id, found = _sku(line, {"group_price", "size", "groups", "per", "time"})
    return {
        "sku_id": sku_id,
        "price_fen": line.fen(_said(line, found, "group_price", "no_price"), 0, 1),
        "size": line.count(_said(line, found, "size", "no_size")),
        "groups": line.count(_said(line, found, "groups", "no_groups")),
        "per_buyer": line.per_buyer(found),
        "seconds": line.time(found),
    }


def bargain(line: LineReader) -> dict[str, Any]:
    """The spec of a 砍价."""
    sku_id, found = _sku(line, {"bargain_price", "friends", "per", "time"})
    return {
        "sku_id": sku_id,
        "price_fen": line.fen(_said(line, found, "bargain_price", "no_price"), 0, 1),
        "friends": line.count(_said(line, found, "friends", "no_friends")),
        "per_buyer": line.per_buyer(found),
        "seconds": line.time(found),
    }


def _said(line: LineReader, found: Mapping[str, Token], name: str, missing: str) -> Token:
    if name not in found:
        raise line.missing(missing)
    return found[name]


def _sku(line: LineReader, names: set[str]) -> tuple[str, Mapping[str, Token]]:
    """The one SKU that it is about, and its other tokens."""
    goods = [token for token in line.tokens if token.name in _GOODS]
    found = line.only([token for token in line.tokens if token not in goods], names)
    good = line.one([token for token in goods if token.name != "sku"])
    skus = [token for token in goods if token.name == "sku"]
    if len(skus) > 1:
        raise line.wrong("twice", skus[1])
    if skus and skus[0].groups[0] != good.product_id:
        raise line.wrong("other_product", skus[0], text=line.said_of(skus[0]), title=good.title)
    if skus:
        return good.skus[skus[0].numbers[0]].sku_id, found
    if len(good.skus) > 1:
        titles = "、".join(sku.title for sku in good.skus)
        raise line.missing("which_sku", title=good.title, skus=titles)
    return good.skus[0].sku_id, found
