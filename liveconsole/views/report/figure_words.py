"""What the figures of promotions are called in a report."""

from __future__ import annotations

from typing import Final

FIGURE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "sharers": ("分享的人", "Sharers"),
    "brought": ("带来新买家", "New buyers brought"),
    "share_factor": ("1 : n", "1 : n"),
    "filled": ("成团", "Groups filled"),
    "helpers": ("帮砍", "Helpers"),
    "reached": ("砍成", "Reached the price"),
    "entrants": ("参与", "Entrants"),
    "winners": ("中奖", "Winners"),
    "winners_settled": ("已确认", "Settled"),
    "new_followers": ("期间新增关注", "New followers during"),
    "claimed": ("领取", "Claimed"),
    "used": ("使用", "Used"),
    "claim_rate": ("领取率", "Claim rate"),
    "use_rate": ("使用率", "Use rate"),
}
"""Column → (zh, en)."""
