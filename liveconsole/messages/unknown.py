"""Fields that no message type knows: kept as sent, but within a bound, and never of a person.

What is known is read from the message types, so that a type that comes later cannot leak or swell. Of what
is not, whatever calls itself something of a person (`_OF_PEOPLE`, however deep), or holds the id or the name
of a person in the same event, is let go: it could not be found when he is to be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct, inspect

from liveconsole.messages.bounds import UNKNOWN_BYTES
from liveconsole.messages.fields import Person

CUT_FIELDS: Final = "cut_fields"
"""The field of an event that names what was dropped of it."""
_MOST_NAMED: Final = 20
_NAME_CUT: Final = 100
_OF_PEOPLE: Final = re.compile(
    r"nick|nickname|username|realname|avatar|profile|openid|unionid|uid|uin|userid|phone|mobile|tel"
    r"|telephone|cellphone|email|mail|address|addr|wechat|weixin|wx|qq|idcard|birthday|gender|ip|raw"
)
"""Words of which the name of a field that tells of a person is made up; ``raw`` is what came as it came."""
_PEOPLE: Final = re.compile(
    r"viewer|viewers|user|users|buyer|buyers|customer|customers|author|sender|receiver|recipient"
    r"|consignee|contact|contacts|fan|fans|follower|followers"
)
"""The same, where no number stands: how many there are, and their levels, tell of nobody."""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CHINESE: Final = re.compile("昵称|姓名|手机|电话|地址|头像|收件|收货|买家|用户|身份证|微信|邮箱")
_TELLING: Final = 2
"""Characters from which an id or a name is looked for in what is not known: one letter is in every text."""
_encode = msgspec.json.Encoder().encode


class KnownFields(Struct, frozen=True):
    """The fields of one type; those that hold objects with what is known of these (a list: of each)."""

    names: frozenset[str]
    inner: dict[str, KnownFields]
    person: bool


def trimmed(known: KnownFields, sent: dict[str, Any], who: Collection[str]) -> dict[str, Any]:
    """``sent`` without unknown fields of persons, and with at most `UNKNOWN_BYTES` of the others, the first
    ones first. The same object where there is nothing to drop. ``who``: ids and names of its persons."""
    walk = _Walk(who)
    kept = walk.object(known, sent, "")
    if walk.dropped:
        kept = {**kept, CUT_FIELDS: walk.dropped[:_MOST_NAMED]}
    return kept


def too_much(known: KnownFields, sent: dict[str, Any]) -> bool:
    """Tell whether something of ``sent`` would have to be dropped: a command is refused instead."""
    walk = _Walk()
    walk.object(known, sent, "")
    return bool(walk.dropped)


class _Walk:
    def __init__(self, who: Collection[str] | None = None) -> None:
        self._left = UNKNOWN_BYTES
        self._who = None if who is None else [text for text in who if len(text) >= _TELLING]
        """None: of goods, not of what people did."""
        self.dropped: list[str] = []

    def object(self, known: KnownFields, sent: dict[str, Any], path: str) -> dict[str, Any]:
        kept = sent
        if not sent.keys() <= known.names:
            kept = {
                name: value
                for name, value in sent.items()
                if name in known.names
                or (not known.person and not self._of_somebody(name, value) and self._fits(name, value, path))
            }
        for name, inner in known.inner.items():
            value = kept.get(name)
            if isinstance(value, list):
                shorter: Any = [
                    self.object(inner, one, f"{path}{name}.{place}.") if isinstance(one, dict) else one
                    for place, one in enumerate(value)
                ]
            elif isinstance(value, dict):
                shorter = self.object(inner, value, f"{path}{name}.")
            else:
                continue
            if shorter != value:
                kept = {**kept, name: shorter}
        return kept

    def _of_somebody(self, name: str, value: Any) -> bool:
        if self._who is None:
            return False
        if _names_people(name, value) or (
            isinstance(value, str) and any(text in value for text in self._who)
        ):
            return True
        if isinstance(value, dict):
            return any(self._of_somebody(inner, one) for inner, one in value.items())
        return isinstance(value, list) and any(self._of_somebody("", one) for one in value)

    def _fits(self, name: str, value: Any, path: str) -> bool:
        size = len(_encode(name)) + len(_encode(value)) + 2
        if size > self._left or name == CUT_FIELDS:
            self.dropped.append((path + name)[:_NAME_CUT])
            return False
        self._left -= size
        return True


def _names_people(name: str, value: Any) -> bool:
    words = {word.lower() for word in _WORD.findall(name)}
    if any(map(_OF_PEOPLE.fullmatch, words)) or _CHINESE.search(name) is not None:
        return True
    return not isinstance(value, (int, float)) and any(map(_PEOPLE.fullmatch, words))


def _known(type_: inspect.Type) -> KnownFields | None:
    match type_:
        case inspect.StructType(cls=cls, fields=fields):
            inner = {
                field.encode_name: found for field in fields if (found := _known(field.type)) is not None
            }
            names = frozenset(field.encode_name for field in fields)
            return KnownFields(names, inner, issubclass(cls, Person))
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return _known(item)
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := _known(one)) is not None), None)
        case _:
            return None


@cache
def known_of(shape: type[Struct]) -> KnownFields:
    """Return what is known of a message type."""
    known = _known(inspect.type_info(shape))
    assert known is not None  # it is a struct
    return known
