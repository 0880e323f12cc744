"""Puts the kind that the program does not have into its tables, for the length of a test."""

from __future__ import annotations

import pytest

from liveconsole.domain import kind as table
from liveconsole.domain.kind import register
from liveconsole.messages import specs
from liveconsole.views.kinds import WORDS
from tests.unit import made_up_kind, made_up_words


def keep_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain's tables as they are, whatever the test registers."""
    monkeypatch.setattr(table, "_BY_NAME", dict(table._BY_NAME))
    monkeypatch.setattr(table, "_BY_SPEC", dict(table._BY_SPEC))


def take_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it has below the desk."""
    keep_tables(monkeypatch)
    register(made_up_kind)
    monkeypatch.setitem(specs.SPECS, made_up_kind.NAME, made_up_kind.DoorSpec)
    monkeypatch.setitem(WORDS, made_up_kind.NAME, made_up_words)
