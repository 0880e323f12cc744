"""Rooms in which something is played with the audience."""

from __future__ import annotations

from typing import Any

from tests.ui.evening import Evening

NAMES = [f"观众{n}" for n in range(1, 9)]


def play(at: Evening, kind: str, spec: dict[str, Any], cue_id: str) -> None:
    at.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec}, "assistant")
    at.fire(cue_id)


def a_list(places: int = 5, came: int = 8) -> Evening:
    """A list of gloves at a price (``c-list``), to which more came than it has places."""
    at = Evening()
    at.pin("gloves")
    spec = {"keyword": "1", "places": places, "seconds": 180, "sku_id": "gloves", "price_fen": 8900}
    play(at, "first_come", spec, "c-list")
    at.says("1", *NAMES[:came])
    return at


def a_pk(*scores: tuple[int, int]) -> Evening:
    """A PK of two rounds (``c-pk``) by hand, confirmed; each score ends a round."""
    at = Evening("manual")
    spec = {"opponent": "<b>小美</b>的店", "seconds": 120, "rounds": 2, "stake": "唱一首"}
    play(at, "pk", spec, "c-pk")
    at.confirm("c-pk")
    for number, (ours, theirs) in enumerate(scores):
        if number:
            at.wait(60)
        at.ok("cue.measure", {"cue_id": "c-pk", "ours": ours, "theirs": theirs}, "assistant")
    return at


def packets() -> Evening:
    """Red packets by hand (``c-red``), of which nobody has read anything yet."""
    at = Evening("manual")
    play(at, "red_packet", {"total_fen": 20_000, "packets": 50, "seconds": 120}, "c-red")
    at.confirm("c-red")
    return at
