"""What a book says, as the desk reads it: an engine of another version may say it otherwise."""

from __future__ import annotations

import logging
from typing import TypeVar

import msgspec

T = TypeVar("T")
log = logging.getLogger(__name__)


def as_told(told: object, kind: type[T]) -> T | None:
    """Return an answer as what it has to be; None where there is none, or it cannot be read as that. For any
    thread: a long page is read off Qt's."""
    if told is None:
        return None
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as why:
        log.warning("an answer is no %s: %s", kind.__name__, why)
        return None
