"""``liveconsole bench``: how this machine does, each figure beside its limit or rival of the same run."""

from __future__ import annotations

from liveconsole.bench.command import run

__all__ = ["run"]
