"""What a seat shows as a button. The engine decides; a button that it would refuse is not shown at all.

The rules' own table lies in ``liveconsole.domain``, which a desk does not import; a test holds the two equal.
"""

from __future__ import annotations

from typing import Final

EVERYTHING: Final = frozenset({"host", "operator"})

ASSISTANT: Final = frozenset(
    {
        "cart.add",
        "cart.remove",
        "cart.move",
        "cart.renumber",
        "cart.pin",
        "cart.unpin",
        "cue.add",
        "cue.edit",
        "cue.move",
        "cue.again",
        "cue.remove",
        "cue.recall",
        "cue.confirm",
        "cue.measure",
        "cue.stop",
        "bag.settle",
        "bag.winners",
        "stock.add",
        "catalogue.put",
        "rundown.put",
        "rundown.move",
        "rundown.remove",
        "rundown.duplicate",
        "note.put",
        "note.clear",
        "pledge.put",
        "pledge.clear",
    }
)


def may(role: str, command: str, kind: str = "") -> bool:
    """Whether a seat of `role` gives `command` (for ``cue.stop``: to a cue of `kind`)."""
    if role in EVERYTHING:
        return True
    if role != "assistant":
        return False
    if command == "cue.stop":
        return kind in {"flash_sale", "coupon"}
    return command in ASSISTANT
