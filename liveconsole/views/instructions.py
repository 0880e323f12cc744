"""人工协助: what a person has to press on the phone or in 视频号助手 for a step that is owed. Pure.

No API does 讲解 or 福袋 in a 视频号 room, so the desk says in one line what to press and waits for the
answer. Menu names are those of 视频号助手 (channels.weixin.qq.com, 直播管理) and of the live phone as
their hosts call them; nothing here presses anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.messages.audiences import OWN_TYPES, phone_words
from liveconsole.messages.specs import Announced, AudienceName, DoneAs, terms_of
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import Instruction, PhoneField, ProductNames

__all__ = ["Instruction", "PhoneField", "ProductNames", "instruction"]


def instruction(kind: str, step: str, spec: Mapping[str, Any], names: ProductNames) -> Instruction:
    """Return what to press for ``step`` (``on_air`` or ``ended``) of a cue of ``kind``; ``spec`` as in the
    state."""
    words = WORDS.get(kind)
    if words is None:
        return Instruction(
            f"这个版本不认识「{kind}」，请升级程序",
            f"This version does not know “{kind}”: update the program",
        )
    told = words.instruction(step, spec, names)
    terms = terms_of(kind, spec)
    if step != "on_air" or not isinstance(terms, Announced) or terms.audience is None:
        return told
    return _kept_for(told, terms.audience, terms.done_as)


def _kept_for(told: Instruction, name: AudienceName, done_as: DoneAs) -> Instruction:
    """The same with for whom it is kept, by the platform's own type or as a person keeps it."""
    zh, en = phone_words(name, done_as)
    who = PhoneField(("给谁", "For"), OWN_TYPES[done_as][name][0]) if name in OWN_TYPES[done_as] else None
    fields = (*told.fields, who) if told.fields and who is not None else told.fields
    path = (f"{told.path[0]}；{zh}", f"{told.path[1]}; {en}") if told.fields else told.path
    return Instruction(f"{told.zh}；{zh}", f"{told.en}; {en}", path, fields)
