"""Preparing a promotion: four kinds, and the rules' answer beside each field while it is typed."""

from __future__ import annotations

from ui.panels.composer.sheet import ComposerSheet

__all__ = ["ComposerSheet"]
