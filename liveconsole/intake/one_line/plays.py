"""What is played with the audience, in one line: a list, a PK, red packets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.tokens import Token

_OF_A_LIST: Final = frozenset({"kind_list", "keyword", "quantity", "winners", "price", "time"})
_OF_A_PK: Final = frozenset({"kind_pk", "opponent", "quoted", "rounds", "stake", "time"})
_OF_PACKETS: Final = frozenset({"kind_packet", "total", "worth", "quantity", "time"})
_GOODS: Final = frozenset({"refs", "id", "sku"})


def first_come(line: LineReader) -> dict[str, Any]:
    """「扣1接龙 x50 3号 秒59 5分」; 「接龙 口令「想要」 x30」."""
    about = [token for token in line.tokens if token.name in _GOODS]
    found = line.only([token for token in line.tokens if token.name not in _GOODS], _OF_A_LIST)
    amount = found.get("quantity") or found.get("winners")
    if amount is None:
        raise line.missing("no_quantity")
    spec: dict[str, Any] = {**_word(line, found), "places": line.count(amount)}
    if "price" in found or about:
        if "price" not in found:
            raise line.missing("no_price")
        spec |= {"sku_id": _sku(line, about), "price_fen": line.fen(found["price"], 1, 2)}
    return spec | {"seconds": line.time(found)}


def _word(line: LineReader, found: Mapping[str, Token]) -> dict[str, Any]:
    said = found.get("keyword")
    if said is None:
        bare = line.text_of(found["kind_list"], 0)
        if not bare:
            raise line.missing("no_word")
        return {"keyword": bare}
    word = {"keyword": line.text_of(said, 1)}
    if said.groups[0] in {"包含", "含"}:
        return word | {"match": "contains"}
    return word | ({"match": "lenient"} if said.groups[0] == "宽松" or said.groups[-1] is not None else {})


def _sku(line: LineReader, about: list[Token]) -> str:
    """The one SKU that it is: of several the line says which."""
    good = line.one([token for token in about if token.name != "sku"])
    chosen = {number for token in about if token.name == "sku" for number in token.numbers}
    if len(good.skus) == 1:
        chosen = {0}
    if len(chosen) != 1:
        skus = "、".join(sku.title for sku in good.skus)
        raise line.missing("which_sku", title=good.title, skus=skus)
    return good.skus[chosen.pop()].sku_id


def pk(line: LineReader) -> dict[str, Any]:
    """「连麦PK 对手「小美」 3局 赌注「唱歌」 5分」."""
    found = line.only(line.tokens, _OF_A_PK)
    named = found.get("opponent") or found.get("quoted")
    opponent = line.text_of(named, 0) if named is not None else ""
    if not opponent:
        raise line.missing("no_opponent")
    spec: dict[str, Any] = {"opponent": opponent, "seconds": line.time(found)}
    if "rounds" in found:
        spec["rounds"] = line.count(found["rounds"])
    if "stake" in found:
        spec["stake"] = line.text_of(found["stake"], 0)
    return spec


def red_packet(line: LineReader) -> dict[str, Any]:
    """「红包 200元 x50 3分」."""
    found = line.only(line.tokens, _OF_PACKETS)
    total = found.get("total") or found.get("worth")
    if total is None:
        raise line.missing("no_total")
    if "quantity" not in found:
        raise line.missing("no_quantity")
    bare = total.name == "total" and total.groups[0] is None
    fen = line.fen(total, 2) if bare else line.fen(total, 0, 1)
    return {"total_fen": fen, "packets": line.count(found["quantity"]), "seconds": line.time(found)}
