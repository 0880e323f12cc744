"""Her keys, for the sheet that shows them."""

from __future__ import annotations

from typing import Final

KEYS: Final = (
    ("↑ ↓", "提词快一点、慢一点（0.05）"),
    ("空格", "提词走、停；从不发出任何促销"),
    ("← →", "提词：上一段、下一段（直播不变）；Home 回到正在讲的"),
    ("Shift+↑ ↓", "提词退一行、进一行"),
    ("M", "提词镜像"),
    ("P", "只看提词"),
    ("+ −", "提词字号"),
    ("1 2 3", "这个问题答过了"),
    ("0", "纸条看过了"),
    ("Y N", "中奖的下一位：已领、让给候补"),
    ("F11", "全屏"),
    ("PgDn", "下一品"),
    ("Esc", "撤回正在倒数的那一条"),
    ("F12", "按住一秒：全停"),
    ("Ctrl+T", "换主题"),
    ("?", "打开或关掉这些键"),
    ("F1", "看指南"),
)
"""Key and what it does in this window, Chinese source text."""
