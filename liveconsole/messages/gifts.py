"""What a gift adds to any count: one rule for the feed, the figures and the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liveconsole.messages.facts import GiftSent


def adds(gift: GiftSent | Mapping[str, Any]) -> bool:
    """Tell whether it counts. A combo (连击) sums up gifts that were told one by one, or a streak so far:
    it never adds, whatever its count."""
    return not (gift.combo if isinstance(gift, GiftSent) else gift.get("combo"))
