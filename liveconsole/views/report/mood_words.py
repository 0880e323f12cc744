"""What the report says of 好评占比: (zh, en)."""

from __future__ import annotations

from typing import Final

MOODS: Final[dict[str, tuple[str, str]]] = {
    "moods": ("每段的好评", "Good comments by segment"),
    "segment": ("段", "Segment"),
    "said_comments": ("有话的评论", "Comments with words"),
    "good_comments": ("好评", "Good comments"),
    "good_share": ("好评占比", "Share of good ones"),
    "mood_note": (
        "好评占比＝含好评词、不在否定说法里、也不是提问的评论 ÷ 有文字的评论（扣 1、表情不算）；"
        "不到 20 条写「—」。词表 words/good.txt 可以改，只看词，不懂反话",
        "Share of good ones = comments with a good word, outside a phrase that denies it, and no question, ÷"
        " comments with letters (a 1 or a picture is none); under 20 comments: —. The list words/good.txt may"
        " be edited; it sees words and no irony",
    ),
}
