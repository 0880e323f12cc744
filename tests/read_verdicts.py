"""A dry run's answer as a desk reads it: nothing that was said is lost on the way."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liveconsole.messages.verdicts import Verdict

UNREAD: Final = frozenset({"missing", "kind", "average_fen", "low_fen", "high_fen"})
"""Of notices, words and advice: what stands in their sentences already."""


def read(said: dict[str, Any]) -> Verdict:
    """Read an answer; every name of it that anybody shows stands in what was read."""
    verdict = msgspec.convert(msgspec.json.decode(msgspec.json.encode(said)), Verdict)
    _same(msgspec.json.decode(msgspec.json.encode(said)), msgspec.to_builtins(verdict), "")
    return verdict


def _same(said: Any, found: Any, where: str) -> None:
    if isinstance(said, dict):
        for name, value in said.items():
            if name not in UNREAD:
                assert name in found, f"{where}.{name} is not read"
                _same(value, found[name], f"{where}.{name}")
    elif isinstance(said, list):
        assert len(said) == len(found), where
        for one, two in zip(said, found, strict=True):
            _same(one, two, where)
    else:
        assert said == found, where
