"""A promotion in one line, as it is typed or pasted from a chat: 「3号 秒99 x50 限2 5分」. Pure.

`read` gives a spec or says which letters it could not read; a figure is never passed over. `write` is the
other way round. What a spec may promise is judged by the engine, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.text import folded_with_places
from liveconsole.views import line_tokens
from liveconsole.views.goods import Good, Goods, GoodsSku
from liveconsole.views.line_tokens import Token
from liveconsole.views.money import NotMoney, parse_yuan
from liveconsole.views.ranges import numbers

USUAL_SECONDS: Final = 300

REASONS: Final[dict[str, tuple[str, str]]] = {
    "empty": ("没有内容", "Nothing there"),
    "no_kind": (
        "看不出是秒杀、券、福袋还是讲解",
        "Neither a sale, a coupon, a bag nor a pin can be read here",
    ),
    "unread": ("这里看不懂：{text}", "Cannot read this: {text}"),
    "not_here": ("{text} 不属于这种促销", "{text} does not belong to this kind of promotion"),
    "twice": ("写了两次：{text}", "Said twice: {text}"),
    "no_goods": ("没写几号商品", "Which product? Write its number"),
    "unknown_number": ("购物车里没有 {number} 号", "The cart has no number {number}"),
    "unknown_id": ("没有这个编号的商品：{text}", "No product with this id: {text}"),
    "which_sku": ("{title} 有几个规格，写明哪个：{skus}", "{title} has several SKUs, say which: {skus}"),
    "no_price": ("没写秒杀价", "No price"),
    "no_quantity": ("没写数量，如 x50", "No quantity, such as x50"),
    "no_rule": ("没写优惠，如 满199减20 或 8.5折", "No discount, such as 满199减20 or 8.5折"),
    "no_prize": ("没写奖品，如 奖「围巾」", "No prize, such as 奖「围巾」"),
    "no_value": ("没写奖品价值，如 值199", "The prize has no value, such as 值199"),
    "money": ("不是金额：{text}", "Not an amount: {text}"),
    "whole": ("要整数：{text}", "A whole number is wanted: {text}"),
    "time": ("时长不对：{text}", "Not a length of time: {text}"),
    "zhe": ("折扣不对：{text}", "Not a discount: {text}"),
    "rules": ("一张券只能有一种优惠：{text}", "A coupon has one kind of discount: {text}"),
    "usual_time": ("没写时长，按 5 分钟", "No time was said: 5 minutes"),
    "usual_limit": ("没写限购，按每人 1", "No limit was said: 1 per person"),
    "usual_winners": ("没写几个人中奖，按 1 人", "The number of winners was not said: 1"),
    "passed": ("没用到：{text}", "Not used: {text}"),
}


class Remark(Struct, frozen=True):
    """``at`` and ``length`` are letters of the line as it was given; ``code`` is one of ``REASONS``."""

    code: str
    at: int
    length: int
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        return (en if english else zh).format_map(self.params)


class Draft(Struct, frozen=True):
    """A promotion that was read; ``warnings`` are what was taken as usual, or left unused."""

    kind: str
    spec: dict[str, Any]
    warnings: list[Remark]


class Unreadable(Exception):
    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.code)
        self.remark = remark


def read(line: str, goods: Goods, *, product_id: str | None = None) -> Draft | Remark:
    """The promotion of a line, or the first thing that is wrong with it.

    Args:
        product_id: the product that is meant where the line names none.
    """
    try:
        return _Reading(line, goods, product_id).draft()
    except Unreadable as error:
        return error.remark


class _Reading:
    def __init__(self, line: str, goods: Goods, product_id: str | None) -> None:
        self.line, self.goods, self.default = line, goods, product_id
        self.text, self.places = folded_with_places(line)
        self.warnings: list[Remark] = []
        self.tokens = self._tokens()

    # Reading ----------------------------------------------------------------------------------------

    def _tokens(self) -> list[Token]:
        """Words between them are passed over with a warning, figures never."""
        text, place = self.text, 0
        opening = line_tokens.OPENING.match(text)
        if opening is not None and line_tokens.token_at(text, len(text) - len(text.lstrip())) is None:
            place = opening.end()
        found: list[Token] = []
        passed = place
        good: Good | None = None
        while place < len(text):
            skipped = line_tokens.SKIPPED.match(text, place)
            token = None if skipped else self._sku(good, place) or line_tokens.token_at(text, place)
            if skipped is None and token is None:
                place += 1
                continue
            self._passed(passed, place)
            place = passed = skipped.end() if skipped is not None else token.end if token is not None else 0
            if token is not None:
                if token.name != "chatter":
                    found.append(token)
                good = self._good(token) or good
                if good is not None and token.name in {"refs", "id", "pin_number"}:
                    place = passed = self._past_title(good, place)
        self._passed(passed, len(text))
        return found

    def _passed(self, start: int, end: int) -> None:
        if start >= end:
            return
        said = self._said(start, end)
        if any(letter.isdigit() for letter in self.text[start:end]):
            raise self._wrong("unread", start, end, text=said)
        self.warnings.append(self._remark("passed", start, end, text=said))

    def _good(self, token: Token) -> Good | None:
        """The one product that a token names."""
        if token.name == "id":
            return self.goods.products.get(self._text_of(token, 0))
        number = token.groups[0] if token.name == "pin_number" else None
        if token.name == "refs":
            number = token.groups[0] or token.groups[1]
        if number is None or not number.isdigit():
            return None
        return self.goods.products.get(self.goods.numbers.get(int(number), ""))

    def _past_title(self, good: Good, place: int) -> int:
        """Behind the product's title, where it stands behind its number: there may be figures in it."""
        start = place + len(self.text[place:]) - len(self.text[place:].lstrip(" 「"))
        title = folded_with_places(good.title)[0].strip()
        end = start + len(title)
        if not title or not self.text.startswith(title, start) or self.text[end : end + 1].isdigit():
            return place
        return end + len(self.text[end:]) - len(self.text[end:].lstrip("」"))

    def _sku(self, good: Good | None, place: int) -> Token | None:
        """A SKU of the product that was named last, by its title; the longest that fits."""
        if good is None or len(good.skus) < 2:
            return None
        for number, sku in sorted(enumerate(good.skus), key=lambda pair: -len(pair[1].title)):
            title = folded_with_places(sku.title)[0].strip()
            end = place + len(title)
            if title and self.text.startswith(title, place) and not self.text[end : end + 1].isalnum():
                return Token("sku", place, end, (str(number),), ((place, end),))
        return None

    def _said(self, start: int, end: int) -> str:
        return self.line[self.places[start] : self.places[end]].strip()

    def _remark(self, code: str, start: int, end: int, **params: Any) -> Remark:
        at = self.places[start]
        return Remark(code, at, self.places[end] - at, params)

    def _wrong(self, code: str, start: int, end: int, **params: Any) -> Unreadable:
        return Unreadable(self._remark(code, start, end, **params))

    def _missing(self, code: str, **params: Any) -> Unreadable:
        """Something that the line does not say: its whole is marked."""
        return Unreadable(Remark(code, 0, len(self.line), params))

    def _usual(self, code: str) -> None:
        self.warnings.append(Remark(code, len(self.line), 0))

    # Figures ----------------------------------------------------------------------------------------

    def _of(self, token: Token) -> str:
        """The group that fitted, where a pattern has several ways to say the same."""
        return next((group for group in token.groups if group is not None), "")

    def _text_of(self, token: Token, first: int) -> str:
        """The text of a quoted or bare field, as it was written."""
        for start, end in token.spans[first : first + 4]:
            if start >= 0:
                return self._said(start, end)
        return ""

    def _fen(self, token: Token, group: int, tenth: int | None = None) -> int:
        """The amount of a group; ``tenth`` is the group of the second 9 in 「9 块 9」."""
        said = token.groups[group] or ""
        if tenth is not None and token.groups[tenth] is not None and "." not in said:
            said = f"{said}.{token.groups[tenth]}"
        try:
            return parse_yuan(said)
        except NotMoney:
            raise self._wrong("money", *token.spans[group], text=said) from None

    def _count(self, token: Token) -> int:
        said = self._of(token)
        if not said.isdigit() or int(said) == 0:
            raise self._wrong("whole", token.start, token.end, text=said)
        return int(said)

    def _seconds(self, token: Token) -> int:
        said = self._of(token)
        seconds = line_tokens.seconds_of(said)
        if seconds is None:
            raise self._wrong("time", token.start, token.end, text=said)
        return seconds

    def _refs(self, token: Token) -> list[str]:
        """The product ids that it names."""
        if token.name == "id":
            said = self._text_of(token, 0)
            if said not in self.goods.products:
                raise self._wrong("unknown_id", token.start, token.end, text=said)
            return [said]
        found, wrong = numbers(self._of(token))
        if wrong:
            raise self._wrong("unread", token.start, token.end, text=self._said(token.start, token.end))
        for number in found:
            if number not in self.goods.numbers:
                raise self._wrong("unknown_number", token.start, token.end, number=number)
        return [self.goods.numbers[number] for number in found]

    # The kinds --------------------------------------------------------------------------------------

    def draft(self) -> Draft:
        names = {token.name for token in self.tokens}
        if not self.text.strip():
            raise self._missing("empty")
        ways: list[tuple[str, set[str], Callable[[], dict[str, Any]]]] = [
            ("lucky_bag", {"kind_bag"}, self._bag),
            ("flash_sale", {"price"}, self._sale),
            ("coupon", {"kind_coupon", "full", "zhe", "off"}, self._coupon),
            ("pin", {"kind_pin", "pin_number"}, self._pin),
        ]
        for kind, marks, make in ways:
            if names & marks:
                spec = make()
                return Draft(kind, spec, self.warnings)
        raise self._missing("no_kind")

    def _only(self, *names: str) -> dict[str, Token]:
        """The tokens by name; one that has no place in this promotion is wrong where it is a figure."""
        found: dict[str, Token] = {}
        for token in self.tokens:
            said = self._said(token.start, token.end)
            if token.name not in names:
                if any(letter.isdigit() for letter in said):
                    raise self._wrong("not_here", token.start, token.end, text=said)
                self.warnings.append(self._remark("passed", token.start, token.end, text=said))
            elif token.name in found and not token.name.startswith("kind_") and token.name != "whole":
                raise self._wrong("twice", token.start, token.end, text=said)
            found[token.name] = token
        return found

    def _time(self, found: Mapping[str, Token]) -> int:
        if "time" in found:
            return self._seconds(found["time"])
        self._usual("usual_time")
        return USUAL_SECONDS

    def _per_buyer(self, found: Mapping[str, Token]) -> int:
        if "per" in found:
            return self._count(found["per"])
        self._usual("usual_limit")
        return 1

    def _one(self, tokens: Sequence[Token]) -> Good:
        ids = [id_ for token in tokens for id_ in self._refs(token)] or (
            [self.default] if self.default is not None else []
        )
        if not ids:
            raise self._missing("no_goods")
        if len(ids) > 1:
            token = tokens[-1]
            raise self._wrong("twice", token.start, token.end, text=self._said(token.start, token.end))
        return self.goods.products[ids[0]]

    def _pin(self) -> dict[str, Any]:
        self._only("kind_pin", "pin_number", "refs", "id")
        tokens = [token for token in self.tokens if token.name in {"pin_number", "refs", "id"}]
        return {"product_id": self._one(tokens).product_id}

    def _sale(self) -> dict[str, Any]:
        repeated = {"refs", "id", "sku", "price", "quantity"}
        groups: list[dict[str, Token]] = [{}]
        rest: list[Token] = []
        for token in self.tokens:
            if token.name not in repeated:
                rest.append(token)
                continue
            name = "refs" if token.name == "id" else token.name
            if name in {"refs", "sku"} and {"price", "quantity"} <= groups[-1].keys():
                groups.append({})
            if name in groups[-1]:
                raise self._wrong("twice", token.start, token.end, text=self._said(token.start, token.end))
            groups[-1][name] = token
        self.tokens = rest
        found = self._only("per", "time")
        skus: list[dict[str, Any]] = []
        good: Good | None = None
        for group in groups:
            refs = [group["refs"]] if "refs" in group else []
            good = self._one(refs) if refs or good is None else good
            if "price" not in group:
                raise self._missing("no_price")
            if "quantity" not in group:
                raise self._missing("no_quantity")
            sku = self._which(good, group.get("sku"))
            price = self._fen(group["price"], 1, 2)
            skus.append(
                {"sku_id": sku.sku_id, "price_fen": price, "quantity": self._count(group["quantity"])}
            )
        spec: dict[str, Any] = dict(skus[0]) if len(skus) == 1 else {"skus": skus}
        spec |= {"per_buyer": self._per_buyer(found), "seconds": self._time(found)}
        if any((group["price"].groups[0] or "").startswith("改") for group in groups):
            spec["via"] = "price"
        return spec

    def _which(self, good: Good, said: Token | None) -> GoodsSku:
        if said is not None:
            return good.skus[int(self._of(said))]
        if len(good.skus) != 1:
            titles = "、".join(sku.title for sku in good.skus)
            raise self._missing("which_sku", title=good.title, skus=titles)
        return good.skus[0]

    def _coupon(self) -> dict[str, Any]:
        rules = [token for token in self.tokens if token.name in {"full", "zhe", "off"}]
        refs = [token for token in self.tokens if token.name in {"refs", "id"}]
        self.tokens = [token for token in self.tokens if token not in rules and token not in refs]
        found = self._only("kind_coupon", "name", "quoted", "whole", "quantity", "per", "time", "valid")
        rule = self._rule(rules)
        if "quantity" not in found:
            raise self._missing("no_quantity")
        named = found.get("name") or found.get("quoted")
        name = self._text_of(named, 0) if named is not None else ""
        spec: dict[str, Any] = {
            "name": name or _rule_name(rule),
            "rule": rule,
            "quantity": self._count(found["quantity"]),
            "per_buyer": self._per_buyer(found),
            "seconds": self._time(found),
        }
        scope = [id_ for token in refs for id_ in self._refs(token)]
        if not refs and self.default is not None and "whole" not in found:
            scope = [self.default]
        if scope:
            spec["scope"] = {"product_ids": list(dict.fromkeys(scope))}
        if "valid" in found:
            spec["valid_seconds"] = self._seconds(found["valid"])
        return spec

    def _rule(self, tokens: list[Token]) -> dict[str, Any]:
        if not tokens:
            raise self._missing("no_rule")
        first = tokens[0]
        for other in tokens[1:]:
            if other.name != "full" or first.name != "full":
                raise self._wrong("rules", other.start, other.end, text=self._said(other.start, other.end))
        if first.name == "zhe":
            return {"zhe": self._zhe(first)}
        if first.name == "off":
            return {"off_fen": self._fen(first, 0, 1) if first.groups[0] is not None else self._fen(first, 2)}
        tiers = []
        for token in tokens:
            with_full = token.groups[0] is not None  # 「满 199 减 20」, or 「199 减 20」 behind another
            threshold = self._fen(token, 0, 1) if with_full else self._fen(token, 4)
            off = self._fen(token, 2, 3) if with_full else self._fen(token, 5)
            tiers.append({"threshold_fen": threshold, "off_fen": off})
        return tiers[0] if len(tiers) == 1 else {"tiers": tiers}

    def _zhe(self, token: Token) -> str:
        """「85折」 is 8.5 折, as people say it."""
        said = self._of(token)
        whole, _, part = said.partition(".")
        if not part and len(whole) == 2:
            whole, part = whole[0], whole[1]
        part = part.rstrip("0")
        if len(whole) != 1 or len(part) > 2 or not (whole + part).strip("0"):
            raise self._wrong("zhe", token.start, token.end, text=said)
        return f"{whole}.{part}" if part else whole

    def _bag(self) -> dict[str, Any]:
        refs = [token for token in self.tokens if token.name in {"refs", "id"}]
        amounts = [token for token in self.tokens if token.name in {"winners", "quantity"}]
        if len(amounts) > 1:
            last = amounts[1]
            raise self._wrong("twice", last.start, last.end, text=self._said(last.start, last.end))
        self.tokens = [token for token in self.tokens if token not in refs]
        found = self._only(
            "kind_bag", "keyword", "prize", "worth", "winners", "quantity", "time", "alternates",
            "follow", "claim", "platform",
        )  # fmt: skip
        winners = 1
        if amounts:
            winners = self._count(amounts[0])
        else:
            self._usual("usual_winners")
        spec: dict[str, Any] = {
            "prize": self._prize(found, refs),
            "winners": winners,
            "entry": self._entry(found.get("keyword")),
            "seconds": self._time(found),
        }
        if "alternates" in found:
            spec["alternates"] = int(self._of(found["alternates"]))
        if found.keys() & {"follow", "claim"}:
            spec["claim"] = {"followed": "follow" in found}
            if "claim" in found:
                spec["claim"]["seconds"] = self._seconds(found["claim"])
        if "platform" in found or self._is_platform(found["kind_bag"]):
            spec["draw"] = "platform"
        return spec

    def _is_platform(self, token: Token) -> bool:
        return self.text.startswith("平台", token.start)

    def _prize(self, found: Mapping[str, Token], refs: list[Token]) -> dict[str, Any]:
        name = self._text_of(found["prize"], 0) if "prize" in found else ""
        good = self._one(refs) if refs else None
        if good is None and not name:
            raise self._missing("no_prize")
        prize: dict[str, Any] = {"name": name or (good.title if good is not None else "")}
        if "worth" in found:
            prize["value_fen"] = self._fen(found["worth"], 0, 1)
        elif good is not None:
            prize["value_fen"] = good.price_fen
        else:
            raise self._missing("no_value")
        if good is not None:
            prize["product_id"] = good.product_id
        return prize

    def _entry(self, token: Token | None) -> dict[str, Any]:
        if token is None:
            return {}
        entry: dict[str, Any] = {"keyword": self._text_of(token, 1)}
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
        else f"立减{_plain(t['off_fen'])}"
        for t in tiers
    )


def _plain(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}".rstrip("0").rstrip(".")
