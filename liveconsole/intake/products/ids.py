"""Ids as sheets, chats and programs bend them: the same product where that is certain. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liveconsole.messages.text import without_unseen

_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_SHIELD: Final = re.compile(r"['`\u2018\u2019\u2032](?=\w)")
"""What keeps a sheet from taking an id for a number; it is no part of the id."""
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")


def clean_id(stood: str) -> str:
    """An id without what cannot belong to it: width, marks that are not seen, the sign that shields it from a
    sheet, the 「.0」 of a program that took it for a number."""
    plain = unicodedata.normalize("NFKC", stood.translate(_HYPHENS)).translate(_HYPHENS)
    plain = without_unseen(plain).strip()
    plain = _SHIELD.sub("", plain, count=1) if _SHIELD.match(plain) else plain
    whole = _WHOLE.fullmatch(plain)
    return whole[1] if whole is not None else plain


def visibly(stood: str) -> str:
    """As a person sees it."""
    return without_unseen(stood).strip()


def alike(id_: str) -> str:
    """The same for ids that differ only in what people mix up: case, blanks, leading zeros of a number."""
    folded = re.sub(r"\s", "", clean_id(id_).casefold())
    return folded.lstrip("0") or "0" if folded.isascii() and folded.isdigit() else folded
