"""微信小店: code → (zh, en)."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "no_secret": ("还没有保存密钥", "No secret has been saved yet"),
}
