"""What a promotion is called, where the line may be too short for it."""

from __future__ import annotations

from ui.kinds import name_of
from ui.widgets import PlainLabel


def show_title(label: PlainLabel, kind: str, title: str, product: str) -> None:
    """The sign before it says the kind: where it is narrow the product has the room of that word, and gives
    way itself to what it costs, which is whole. ``product``: its title; empty for the whole shop."""
    rest = title.removeprefix(name_of(kind)).strip()
    if not rest or rest == title:
        label.setText(title)
        return
    _, found, price = rest.partition(product) if product else ("", "", "")
    label.set_forms(title, rest, end=price.strip() if found else "")
    label.setMinimumWidth(1)
