"""Who wrote a promotion: under four eyes none of them may approve it.

Written is what differs: an edit that changes nothing, a promotion once more and a copied segment keep their
authors. Whoever may approve answers for the whole of what he edits, and is its author from then on; whoever
may not is one more author of it, so that nobody gets his own price approved by having it touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from liveconsole.domain.room import Cue, Segment
from liveconsole.messages.rights import may
from liveconsole.messages.rundown import CueTemplate
from liveconsole.messages.specs import parse_spec


def of_cue(cue: Cue) -> list[str]:
    return cue.authors or [cue.proposed_by]


def of_segment(segment: Segment) -> list[str]:
    return segment.authors or [segment.by]


def edited(before: Sequence[str], role: str) -> list[str]:
    """Return the authors after ``role`` has changed something."""
    if may(role, "cue.approve"):
        return [role]
    return [*(author for author in before if author != role), role]


def same(before: Sequence[CueTemplate], after: Sequence[CueTemplate]) -> bool:
    """Tell whether two lists of templates say the same, however it is spelled."""
    return len(before) == len(after) and all(
        a.kind == b.kind and (a.spec == b.spec or _parsed(a) == _parsed(b) is not None)
        for a, b in zip(before, after, strict=True)
    )


def _parsed(template: CueTemplate) -> Any:
    try:
        return parse_spec(template.kind, template.spec)
    except (msgspec.ValidationError, KeyError):
        return None
