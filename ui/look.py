"""The generation of the look: words, colours and measures of an earlier one have to be shown anew."""

from __future__ import annotations

_generation = 0


def generation() -> int:
    """Another number whenever the language, the theme or the size of type is another."""
    return _generation


def renew() -> None:
    """The look has changed; for `i18n.use` and `theme.apply`, through which it always goes."""
    global _generation
    _generation += 1
