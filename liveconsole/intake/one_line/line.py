"""A line as tokens with their places, and the figures, names and goods that they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from liveconsole.intake.one_line.remarks import LineRemark, UnreadableLine
from liveconsole.intake.one_line.sizes import Chosen, SkuWords
from liveconsole.intake.one_line.tokens import OPENING, PRICED, SKIPPED, Token, seconds_of, token_at
from liveconsole.intake.ranges import numbers
from liveconsole.messages.text import folded_with_places
from liveconsole.views.goods import Good, Goods
from liveconsole.views.money import NotMoney, parse_yuan

USUAL_SECONDS: Final = 300


class LineReader:
    """A line being read. What takes a token that cannot be what it says raises `UnreadableLine`."""

    def __init__(self, line: str, goods: Goods, product_id: str | None, on_stage: str | None = None) -> None:
        self.line, self.goods, self.default = line, goods, product_id
        self.on_stage = on_stage if on_stage in goods.products else None
        self.text, self.places = folded_with_places(line)
        self.warnings: list[LineRemark] = []
        self._sale = PRICED.search(self.text) is not None
        self._sizes: dict[str, SkuWords] = {}
        self.tokens = self._read(self._meant() if self._sale else None)

    # Reading ----------------------------------------------------------------------------------------

    def _meant(self) -> Good | None:
        """The product whose sizes are meant before one is named: the only one of the line, or the usual."""
        named = {good.product_id: good for good in self._named()}
        if len(named) == 1:
            return next(iter(named.values()))
        usual = self.default or self.on_stage
        return self.goods.products.get(usual) if usual is not None and not named else None

    def _named(self) -> Iterator[Good]:
        place = 0
        while place < len(self.text):
            token = None if SKIPPED.match(self.text, place) else token_at(self.text, place)
            place = place + 1 if token is None else token.end
            good = self._good(token) if token is not None else None
            if good is not None:
                yield good

    def _read(self, good: Good | None) -> list[Token]:
        """Words between them are passed over with a warning, figures never."""
        text, place = self.text, 0
        opening = OPENING.match(text)
        if opening is not None and token_at(text, len(text) - len(text.lstrip())) is None:
            place = opening.end()
        found: list[Token] = []
        passed = place
        while place < len(text):
            skipped = SKIPPED.match(text, place)
            token = None if skipped else self._sku(good, place) or token_at(text, place)
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
            raise UnreadableLine(self._remark("unread", start, end, text=said))
        self.warnings.append(self._remark("passed", start, end, text=said))

    def _good(self, token: Token) -> Good | None:
        """The one product that a token names."""
        if token.name == "id":
            return self.goods.products.get(self.text_of(token, 0))
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
        """SKUs of the product that is meant: by a whole title, the longest that fits, else by fragments."""
        if good is None or len(good.skus) < 2:
            return None
        for number, sku in sorted(enumerate(good.skus), key=lambda pair: -len(pair[1].title)):
            title = folded_with_places(sku.title)[0].strip()
            end = place + len(title)
            if title and self.text.startswith(title, place) and not self.text[end : end + 1].isalnum():
                return Token("sku", place, end, (good.product_id, str(number)), ((place, end),))
        if not self._sale:
            return None
        chosen = self.sizes(good).chosen(self.text, place)
        if chosen is None:
            return None
        said = token_at(self.text, place)
        if said is not None and said.end >= chosen.end:
            return None  # 「秒99」 is a price, whatever a colour is called
        numbers = ",".join(map(str, chosen.fits))
        sure = "" if chosen.sure else "several"
        span = ((place, chosen.end),)
        return Token("sku", place, chosen.end, (good.product_id, numbers, sure), span)

    def sizes(self, good: Good) -> SkuWords:
        """The words of its SKUs."""
        return self._sizes.setdefault(good.product_id, SkuWords([sku.title for sku in good.skus]))

    def goes_with(self, good: Good, before: Token, token: Token) -> bool:
        """Whether a size or a colour alone could be meant of what was said before it."""
        first, other = (Chosen(each.start, each.end, each.numbers, True) for each in (before, token))
        return self.sizes(good).goes_with(first, other, self.text)

    def _said(self, start: int, end: int) -> str:
        return self.line[self.places[start] : self.places[end]].strip()

    def _remark(self, code: str, start: int, end: int, **params: Any) -> LineRemark:
        at = self.places[start]
        return LineRemark(code, at, self.places[end] - at, params)

    def said_of(self, token: Token) -> str:
        """The token's letters as they were written."""
        return self._said(token.start, token.end)

    def wrong(self, code: str, token: Token, **params: Any) -> UnreadableLine:
        """What is wrong with a token; without ``params`` the reason names the token's text."""
        if not params:
            params = {"text": self._said(token.start, token.end)}
        return UnreadableLine(self._remark(code, token.start, token.end, **params))

    def missing(self, code: str, **params: Any) -> UnreadableLine:
        """Something that the line does not say: its whole is marked."""
        return UnreadableLine(LineRemark(code, 0, len(self.line), params))

    def usual(self, code: str) -> None:
        """Remark that something was not said and is taken as usual."""
        self.warnings.append(LineRemark(code, len(self.line), 0))

    # Figures ----------------------------------------------------------------------------------------

    def of(self, token: Token) -> str:
        """The group that fitted, where a pattern has several ways to say the same."""
        return next((group for group in token.groups if group is not None), "")

    def text_of(self, token: Token, first: int) -> str:
        """The text of a quoted or bare field, as it was written."""
        for start, end in token.spans[first : first + 4]:
            if start >= 0:
                return self._said(start, end)
        return ""

    def fen(self, token: Token, group: int, tenth: int | None = None) -> int:
        """The amount of a group; ``tenth`` is the group of the second 9 in 「9 块 9」."""
        said = token.groups[group] or ""
        if tenth is not None and token.groups[tenth] is not None and "." not in said:
            said = f"{said}.{token.groups[tenth]}"
        try:
            return parse_yuan(said)
        except NotMoney:
            raise UnreadableLine(self._remark("money", *token.spans[group], text=said)) from None

    def count(self, token: Token) -> int:
        """A whole number above 0."""
        said = self.of(token)
        if not said.isdigit() or int(said) == 0:
            raise self.wrong("whole", token, text=said)
        return int(said)

    def seconds(self, token: Token) -> int:
        """A length of time."""
        said = self.of(token)
        seconds = seconds_of(said)
        if seconds is None:
            raise self.wrong("time", token, text=said)
        return seconds

    def refs(self, token: Token) -> list[str]:
        """The product ids that it names."""
        if token.name == "id":
            said = self.text_of(token, 0)
            if said not in self.goods.products:
                raise self.wrong("unknown_id", token, text=said)
            return [said]
        found, wrong = numbers(self.of(token))
        if wrong:
            raise self.wrong("unread", token)
        for number in found:
            if number not in self.goods.numbers:
                raise self.wrong("unknown_number", token, number=number)
        return [self.goods.numbers[number] for number in found]

    # What several promotions say ----------------------------------------------------------------------

    def only(self, tokens: Sequence[Token], names: Collection[str]) -> dict[str, Token]:
        """The tokens by name; one that has no place in this promotion is wrong where it is a figure."""
        found: dict[str, Token] = {}
        for token in tokens:
            said = self._said(token.start, token.end)
            if token.name not in names:
                if any(letter.isdigit() for letter in said):
                    raise self.wrong("not_here", token)
                self.warnings.append(self._remark("passed", token.start, token.end, text=said))
            elif token.name in found and not token.name.startswith("kind_") and token.name != "whole":
                raise self.wrong("twice", token)
            found[token.name] = token
        return found

    def time(self, found: Mapping[str, Token]) -> int:
        """Seconds that it runs, said or usual."""
        if "time" in found:
            return self.seconds(found["time"])
        self.usual("usual_time")
        return USUAL_SECONDS

    def per_buyer(self, found: Mapping[str, Token]) -> int:
        """How many one person may have, said or usual."""
        if "per" in found:
            return self.count(found["per"])
        self.usual("usual_limit")
        return 1

    def one(self, tokens: Sequence[Token]) -> Good:
        """The one product that the tokens name; without tokens the one that was meant."""
        usual = self.default or (self.on_stage if self._sale else None)
        ids = [id_ for token in tokens for id_ in self.refs(token)] or ([usual] if usual is not None else [])
        if not ids:
            raise self.missing("no_goods")
        if len(ids) > 1:
            raise self.wrong("twice", tokens[-1])
        return self.goods.products[ids[0]]
