"""What the room keeps of law and rules; the rules on it are in `law`."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.messages.law import LawRules


class Law(Struct):
    rules: LawRules | None = None
    """Those that hold; None while nothing here ever asked for one."""
