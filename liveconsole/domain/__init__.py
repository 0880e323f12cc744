"""The rules of a room, pure: no clock, no I/O, no randomness of their own.

With the package come the kinds of promotion, so that their table is full before any rule asks it.
"""

from liveconsole.domain import kinds

__all__ = ["kinds"]
