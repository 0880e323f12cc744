"""What goes wrong between a shop and who asks it, as data on a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

TOKEN_INVALID, TOKEN_EXPIRED = "40001", "42001"
DAILY, MINUTE, BUSY, ADDRESS, PERMISSION = "45009", "45011", "-1", "61004", "48001"
REFUSALS: Final = {
    TOKEN_INVALID: (40001, "invalid credential, access_token is invalid or not latest"),
    TOKEN_EXPIRED: (42001, "access_token expired"),
    DAILY: (45009, "reach max api daily quota limit"),
    MINUTE: (45011, "api minute-quota reach limit must slower retry next minute"),
    BUSY: (-1, "system error"),
    ADDRESS: (61004, "access clientip is not registered requestIP: 203.0.113.7"),
    PERMISSION: (48001, "api unauthorized"),
}
"""Refused, and not carried out. Any other number is such a refusal too (`refusal`)."""

HANG_BEFORE, RESET_BEFORE, GATEWAY = "hang_before", "reset_before", "gateway"
"""Never carried out: no answer; the connection is cut; a page of HTML with 502."""

HANG_AFTER, RESET_AFTER, HALF, SLOW = "hang_after", "reset_after", "half", "slow"
"""Carried out: no answer; the connection is cut; JSON that breaks off; an answer that takes its time."""

BUSY_AFTER = "busy_after"
"""Carried out, and then -1 is said."""

STRING = "string"
"""The ``errcode`` of a good answer is ``"0"``."""

UNSAID: Final = frozenset({HANG_BEFORE, RESET_BEFORE, GATEWAY, HANG_AFTER, RESET_AFTER, HALF})
"""Nobody who asked knows what became of it."""

CARRIED_OUT: Final = frozenset({HANG_AFTER, RESET_AFTER, HALF, SLOW, STRING, BUSY_AFTER})
EVERY: Final = (
    *REFUSALS,
    HANG_BEFORE,
    RESET_BEFORE,
    GATEWAY,
    HANG_AFTER,
    RESET_AFTER,
    HALF,
    SLOW,
    STRING,
    BUSY_AFTER,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Strikes at ``rate`` of the calls whose path begins so, between two moments, ``most`` times."""

    fault: str
    rate: float = 1.0
    path: str = "/"
    after: float = float("-inf")
    until: float = float("inf")
    most: int | None = None


def refusal(fault: str) -> tuple[int, str] | None:
    """The ``errcode`` and ``errmsg`` of a fault that refuses."""
    if fault in REFUSALS:
        return REFUSALS[fault]
    return (int(fault), "refused by the platform") if fault.isdecimal() else None


class Faults:
    def __init__(self, seed: int = 0, rules: Sequence[Rule] = ()) -> None:
        self._dice = Random(f"faults/{seed}")
        self.rules = list(rules)
        self.struck: list[tuple[str, str]] = []
        """(fault, path) of all that went wrong."""

    def next(self, path: str, fault: str, times: int = 1) -> None:
        """The next calls of a path go wrong in this way."""
        self.rules.insert(0, Rule(fault, path=path, most=times))

    def strike(self, path: str, now: float) -> str | None:
        for place, rule in enumerate(self.rules):
            if not path.startswith(rule.path) or not rule.after <= now < rule.until or rule.most == 0:
                continue
            if rule.rate >= 1 or self._dice.random() < rule.rate:
                if rule.most is not None:
                    self.rules[place] = replace(rule, most=rule.most - 1)
                self.struck.append((rule.fault, path))
                return rule.fault
        return None


class Disorder:
    """Hands lists out shuffled, and some of their ids twice."""

    def __init__(self, seed: int, repeated: float = 0.2) -> None:
        self._dice = Random(f"disorder/{seed}")
        self._repeated = repeated

    def __call__(self, ids: Sequence[str]) -> list[str]:
        more = [one for one in ids if self._dice.random() < self._repeated]
        mixed = [*ids, *more]
        self._dice.shuffle(mixed)
        return mixed


class Lag:
    """Lists show a change some seconds after it: mostly none, at times up to ``longest``."""

    def __init__(self, seed: int, rate: float = 0.3, longest: int = 60) -> None:
        self._dice = Random(f"lag/{seed}")
        self._rate = rate
        self._longest = longest

    def __call__(self) -> int:
        return self._dice.randint(1, self._longest) if self._dice.random() < self._rate else 0
