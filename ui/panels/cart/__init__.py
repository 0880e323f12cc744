"""The cart and 下一品."""

from __future__ import annotations

from ui.panels.cart.panel import CartPanel
from ui.panels.cart.rows import CartRow, cart_rows

__all__ = ["CartPanel", "CartRow", "cart_rows"]
