"""What there is to say, segment by segment: the rundown's scripts, or the selling points of the cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.i18n import t

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment's words. All of it may come from outside: it is painted as letters only."""

    key: str
    """The segment's id; without a rundown, the product's."""
    title: str
    text: str


def passages(state: Json) -> tuple[list[Passage], str]:
    """Every passage of a body of ``GET /v1/state`` in its order, and the key of the one that is on now.

    The key is ``""`` before the first. A segment without a script gets its product's points.
    """
    products: dict[str, Json] = {p["product_id"]: p for p in state["catalogue"]["products"]}
    items = state["cart"]["items"]
    numbers: dict[str, int] = {item["product_id"]: item["number"] for item in items}
    rundown: Json = state.get("rundown") or {}
    if segments := rundown.get("segments"):
        found = [
            Passage(
                s["segment_id"],
                s.get("title") or _named(s.get("product_id") or "", products, numbers),
                s.get("script") or _points(products.get(s.get("product_id") or "")),
            )
            for s in segments
        ]
        return found, rundown.get("current") or ""
    found = [
        Passage(product_id, _named(product_id, products, numbers), _points(products.get(product_id)))
        for product_id in numbers
    ]
    return found, state["pinned"].get("wanted") or ""


def _named(product_id: str, products: Mapping[str, Json], numbers: Mapping[str, int]) -> str:
    product = products.get(product_id)
    title = str(product["title"]) if product is not None else product_id
    number = numbers.get(product_id)
    return f"{t('{n} 号', n=number)} {title}" if number is not None else title


def _points(product: Json | None) -> str:
    """The points one under another, as they are said."""
    points = (product or {}).get("points") or ""
    parts = points.split(" · ") if isinstance(points, str) else [str(point) for point in points]
    return "\n".join(parts)
