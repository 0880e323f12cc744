"""What is pinned and what runs."""

from __future__ import annotations

from ui.panels.stage.panel import StagePanel
from ui.words.goods import Goods, cue_counts, cue_title, rule_words

__all__ = ["Goods", "StagePanel", "cue_counts", "cue_title", "rule_words"]
