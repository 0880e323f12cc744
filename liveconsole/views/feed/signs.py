"""Why a comment should be looked at: said by lists that a person edits (`advice.words.marked`)."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class MarkReason(Struct, frozen=True):
    """The reason in both languages, and the word of the list that a comment was marked for."""

    word: str
    zh: str
    en: str


class CommentSigns(Protocol):
    """The lists as they stand."""

    def sign(self, text: str, name: str = "") -> MarkReason | None:
        """Return why this comment, of somebody called so, is to be looked at."""

    def lets_be(self, text: str) -> bool:
        """Tell whether somebody said that this very comment needs no mark."""


class NoSigns:
    """No list at all."""

    def sign(self, text: str, name: str = "") -> MarkReason | None:
        return None

    def lets_be(self, text: str) -> bool:
        return False
