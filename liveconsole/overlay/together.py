"""What viewers are told of what several people do together: counts, and nobody's name."""

from __future__ import annotations

from liveconsole.domain.room import Cue
from liveconsole.messages.specs import BargainSpec, GroupBuySpec, ShareTerms


def rule_line(cue: Cue, *, known: bool) -> str:
    """How many it takes, and what is left of it where somebody tells (``known``)."""
    spec = cue.spec
    if isinstance(spec, GroupBuySpec):
        said = f"{spec.size} 人成团"
        groups = cue.groups
        if groups is None or not known:
            return said
        if not groups.places:
            return f"{said}，都满了"
        return f"{said}，已成 {groups.filled} 团，还有 {groups.places} 个位子"
    assert isinstance(spec, BargainSpec)
    said = f"{spec.friends} 个朋友帮忙砍到这个价"
    reached = cue.helped.reached if cue.helped is not None else 0
    return f"{said}，已有 {reached} 人砍成" if reached else said


def full(cue: Cue) -> bool:
    """Tell whether nobody can join any more."""
    return cue.groups is not None and not cue.groups.places


def shared_line(rule: str, share: ShareTerms | None) -> str:
    """Return a coupon's rule, and how many one has to bring for it."""
    return rule if share is None else f"{rule} · 分享带来 {share.friends} 人才能领"
