"""The promotions that a line can be: which tokens each takes, and what its spec becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.lots import bundle, gift
from liveconsole.intake.one_line.plays import first_come, pk, red_packet
from liveconsole.intake.one_line.remarks import LineDraft
from liveconsole.intake.one_line.sale import sale
from liveconsole.intake.one_line.together import bargain, group_buy
from liveconsole.intake.one_line.tokens import Token

_OF_A_BAG: Final = frozenset(
    {
        "kind_bag", "keyword", "prize", "worth", "winners", "quantity", "time", "alternates",
        "follow", "claim", "platform", "stand_back",
        "series", "gap", "once",
    }
)  # fmt: skip


def _pin(line: LineReader) -> dict[str, Any]:
    line.only(line.tokens, {"kind_pin", "pin_number", "refs", "id"})
    tokens = [token for token in line.tokens if token.name in {"pin_number", "refs", "id"}]
    return {"product_id": line.one(tokens).product_id}


def _coupon(line: LineReader) -> dict[str, Any]:
    rules = [token for token in line.tokens if token.name in {"full", "zhe", "off"}]
    refs = [token for token in line.tokens if token.name in {"refs", "id"}]
    rest = [token for token in line.tokens if token not in rules and token not in refs]
    found = line.only(
        rest, {"kind_coupon", "name", "quoted", "whole", "quantity", "per", "time", "valid", "share"}
    )
    rule = _rule(line, rules)
    if "quantity" not in found:
        raise line.missing("no_quantity")
    named = found.get("name") or found.get("quoted")
    name = line.text_of(named, 0) if named is not None else ""
    spec: dict[str, Any] = {
        "name": name or _rule_name(rule),
        "rule": rule,
        "quantity": line.count(found["quantity"]),
        "per_buyer": line.per_buyer(found),
        "seconds": line.time(found),
    }
    scope = [id_ for token in refs for id_ in line.refs(token)]
    if not refs and line.default is not None and "whole" not in found:
        scope = [line.default]
    if scope:
        spec["scope"] = {"product_ids": list(dict.fromkeys(scope))}
    if "valid" in found:
        spec["valid_seconds"] = line.seconds(found["valid"])
    if "share" in found:
        spec["share"] = {"friends": line.count(found["share"])}
    return spec


def _rule(line: LineReader, tokens: list[Token]) -> dict[str, Any]:
    if not tokens:
        raise line.missing("no_rule")
    first = tokens[0]
    for other in tokens[1:]:
        if other.name != "full" or first.name != "full":
            raise line.wrong("rules", other)
    if first.name == "zhe":
        return {"zhe": _zhe(line, first)}
    if first.name == "off":
        return {"off_fen": line.fen(first, 0, 1) if first.groups[0] is not None else line.fen(first, 2)}
    tiers = []
    for token in tokens:
        with_full = token.groups[0] is not None  # 「满 199 减 20」, or 「199 减 20」 behind another
        threshold = line.fen(token, 0, 1) if with_full else line.fen(token, 4)
        off = line.fen(token, 2, 3) if with_full else line.fen(token, 5)
        tiers.append({"threshold_fen": threshold, "off_fen": off})
    return tiers[0] if len(tiers) == 1 else {"tiers": tiers}


def _zhe(line: LineReader, token: Token) -> str:
    """「85折」 is 8.5 折, as people say it."""
    said = line.of(token)
    whole, _, part = said.partition(".")
    if not part and len(whole) == 2:
        whole, part = whole[0], whole[1]
    part = part.rstrip("0")
    if len(whole) != 1 or len(part) > 2 or not (whole + part).strip("0"):
        raise line.wrong("zhe", token, text=said)
    return f"{whole}.{part}" if part else whole


def _bag(line: LineReader) -> dict[str, Any]:
    refs = [token for token in line.tokens if token.name in {"refs", "id"}]
    amounts = [token for token in line.tokens if token.name in {"winners", "quantity"}]
    if len(amounts) > 1:
        last = amounts[1]
        raise line.wrong("twice", last)
    rest = [token for token in line.tokens if token not in refs]
    found = line.only(rest, _OF_A_BAG)
    winners = 1
    if amounts:
        winners = line.count(amounts[0])
    else:
        line.usual("usual_winners")
    spec: dict[str, Any] = {
        "prize": _prize(line, found, refs),
        "winners": winners,
        "entry": _entry(line, found.get("keyword")),
        "seconds": line.time(found),
    }
    if "alternates" in found:
        spec["alternates"] = int(line.of(found["alternates"]))
    if found.keys() & {"follow", "claim"}:
        spec["claim"] = {"followed": "follow" in found}
        if "claim" in found:
            spec["claim"]["seconds"] = line.seconds(found["claim"])
    if "stand_back" in found:
        tonight, days, _ = found["stand_back"].groups
        how = "broadcast" if tonight else f"days:{int(days)}" if days else "none"
        spec["entry"]["stand_back"] = how
    if "series" in found:
        spec["series"] = _series(line, found)
    elif odd := found.keys() & {"gap", "once"}:
        raise line.wrong("not_here", found[min(odd)])
    if "platform" in found or _is_platform(line, found["kind_bag"]):
        spec["draw"] = "platform"
    return spec


def _series(line: LineReader, found: Mapping[str, Token]) -> dict[str, Any]:
    series: dict[str, Any] = {"count": int(found["series"].groups[0] or 0), "gap_seconds": 0}
    if "gap" not in found:
        line.usual("usual_gap")
    elif found["gap"].groups[0] is not None:
        series["gap_seconds"] = line.seconds(found["gap"])
    if "once" in found:
        series["once"] = found["once"].groups[0] is not None
    return series


def _is_platform(line: LineReader, token: Token) -> bool:
    return line.text.startswith("平台", token.start)


def _prize(line: LineReader, found: Mapping[str, Token], refs: list[Token]) -> dict[str, Any]:
    name = line.text_of(found["prize"], 0) if "prize" in found else ""
    good = line.one(refs) if refs else None
    if good is None and not name:
        raise line.missing("no_prize")
    prize: dict[str, Any] = {"name": name or (good.title if good is not None else "")}
    if "worth" in found:
        prize["value_fen"] = line.fen(found["worth"], 0, 1)
    elif good is not None:
        prize["value_fen"] = good.price_fen
    else:
        raise line.missing("no_value")
    if good is not None:
        prize["product_id"] = good.product_id
    return prize


def _entry(line: LineReader, token: Token | None) -> dict[str, Any]:
    if token is None:
        return {}
    entry: dict[str, Any] = {"keyword": line.text_of(token, 1)}
    if token.groups[0] in {"包含", "含"}:
        entry["match"] = "contains"
    elif token.groups[0] == "宽松" or token.groups[-1] is not None:
        entry["match"] = "lenient"
    return entry


def _rule_name(rule: Mapping[str, Any]) -> str:
    """What a coupon without a name is called."""
    if "zhe" in rule:
        return f"{rule['zhe']}折券"
    tiers = rule.get("tiers") or [rule]
    return "".join(
        f"满{_plain(t['threshold_fen'])}减{_plain(t['off_fen'])}"
        if "threshold_fen" in t
        else f"直减{_plain(t['off_fen'])}"
        for t in tiers
    )


def _plain(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}".rstrip("0").rstrip(".")


_KINDS: Final[list[tuple[str, set[str], Callable[[LineReader], dict[str, Any]]]]] = [
    ("lucky_bag", {"kind_bag"}, _bag),
    ("gift", {"kind_gift", "reach"}, gift),
    ("bundle", {"kind_bundle", "together"}, bundle),
    ("first_come", {"kind_list"}, first_come),
    ("pk", {"kind_pk"}, pk),
    ("red_packet", {"kind_packet"}, red_packet),
    ("group_buy", {"group_price"}, group_buy),
    ("bargain", {"bargain_price"}, bargain),
    ("flash_sale", {"price"}, sale),
    ("coupon", {"kind_coupon", "full", "zhe", "off"}, _coupon),
    ("pin", {"kind_pin", "pin_number"}, _pin),
]
"""Kind, the tokens of which one makes it so, and how it is read; the first that fits."""


def draft_of(line: LineReader) -> LineDraft:
    """The promotion that the line is; raises `Unreadable`."""
    names = {token.name for token in line.tokens}
    if not line.text.strip():
        raise line.missing("empty")
    for kind, marks, read in _KINDS:
        if names & marks:
            return LineDraft(kind, read(line), line.warnings)
    raise line.missing("no_kind")
