"""人工协助: what a person has to press on the phone or in 视频号助手 for a step that is owed. Pure.

No API does 讲解 or 福袋 in a 视频号 room, so the desk says in one line what to press and waits for the
answer. Menu names are those of 视频号助手 (channels.weixin.qq.com, 直播管理) and of the live phone as
their hosts call them; nothing here presses anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    return words.instruction(step, spec, names)
