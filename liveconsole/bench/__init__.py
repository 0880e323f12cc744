"""``liveconsole bench``: how this machine does, each figure beside its limit or rival of the same run."""

from __future__ import annotations

from liveconsole.bench.command import parser, run

__all__ = ["parser", "run"]
