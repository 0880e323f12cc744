"""What a decoder raises at bytes that are not its own program's."""

from __future__ import annotations

from typing import Final

import msgspec

UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
"""No JSON, of another shape, no text, or nested more deeply than a decoder goes (a few thousand brackets, in
a field that nobody reads too): all of it is what the other side sent, and none of it a fault of ours."""
