"""The body of ``GET /v1/state`` as the desk reads it: lookups, never rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from liveconsole.views.instructions import Names

Json = Mapping[str, Any]

WAITING = frozenset({"queued", "approved", "standby", "recallable"})
RUNNING = frozenset({"firing", "unknown", "on_air"})
OVER = frozenset({"ended", "rejected", "refused", "missed", "recalled", "removed"})


class RoomView:
    """One state; made anew for each. Everything in it may come from outside: show it as plain text only."""

    def __init__(self, state: Json) -> None:
        self.state = state

    @property
    def seq(self) -> int:
        return int(self.state.get("seq", 0))

    @cached_property
    def settings(self) -> Json:
        """The room's own settings: platform, recall_seconds, four_eyes, shop_coupons…"""
        return self.state.get("room") or {}

    @property
    def platform(self) -> str:
        return str(self.settings.get("platform", "own"))

    @property
    def simulated(self) -> bool:
        return bool(self.settings.get("simulated"))

    @property
    def is_open(self) -> bool:
        """Whether the broadcast is open."""
        return (self.state.get("broadcast") or {}).get("status") == "open"

    @cached_property
    def products(self) -> dict[str, Json]:
        return {p["product_id"]: p for p in (self.state.get("catalogue") or {}).get("products", ())}

    @cached_property
    def skus(self) -> dict[str, Json]:
        return {sku["sku_id"]: sku for p in self.products.values() for sku in p.get("skus", ())}

    @cached_property
    def _product_of(self) -> dict[str, str]:
        return {sku["sku_id"]: pid for pid, p in self.products.items() for sku in p.get("skus", ())}

    @cached_property
    def cart(self) -> list[Json]:
        """Items in the order of the cart."""
        return list((self.state.get("cart") or {}).get("items", ()))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """product id → the number that viewers see."""
        return {item["product_id"]: int(item["number"]) for item in self.cart}

    @cached_property
    def cues(self) -> dict[str, Json]:
        """Every cue of the state, in its order."""
        return {cue["cue_id"]: cue for cue in self.state.get("cues", ())}

    def running(self) -> list[Json]:
        """Cues that the platform has, or may have."""
        return [cue for cue in self.cues.values() if cue["status"] in RUNNING]

    def product_of(self, sku_id: str) -> Json | None:
        """The product that a SKU belongs to."""
        return self.products.get(self._product_of.get(sku_id, ""))

    def title(self, some_id: str) -> str:
        """What a product or SKU is called; its id where nobody knows."""
        product = self.products.get(some_id)
        if product is not None:
            return str(product["title"])
        sku, owner = self.skus.get(some_id), self.product_of(some_id)
        if sku is None or owner is None:
            return some_id
        if len(owner.get("skus", ())) < 2 or sku["title"] == owner["title"]:
            return str(owner["title"])
        return f"{owner['title']} {sku['title']}"

    def names(self) -> Names:
        """What instructions say products by."""
        titles = {some_id: self.title(some_id) for some_id in (*self.products, *self.skus)}
        numbers = dict(self.numbers)
        for sku_id, product_id in self._product_of.items():
            if product_id in self.numbers:
                numbers[sku_id] = self.numbers[product_id]
        prices = {sku_id: int(sku["price_fen"]) for sku_id, sku in self.skus.items()}
        return Names(titles, numbers, prices)


def sale_lines(spec: Json) -> list[Json]:
    """The SKUs of a flash sale's spec; a single one may stand flat in it."""
    return list(spec.get("skus") or [spec])
