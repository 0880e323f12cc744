"""A promotion in one line, as it is typed or pasted from a chat: 「3号 秒99 x50 限2 5分」. Pure.

`read` gives a spec or says which letters it could not read; a figure is never passed over. What a spec may
promise is judged by the engine, not here.
"""

from __future__ import annotations

from msgspec.structs import replace

from liveconsole.intake.one_line.announced import can_say, taken_out
from liveconsole.intake.one_line.beat import beat_taken_out
from liveconsole.intake.one_line.kinds import draft_of
from liveconsole.intake.one_line.limit import LimitDraft, read_limit
from liveconsole.intake.one_line.line import LineReader
from liveconsole.intake.one_line.remarks import REASONS, LineDraft, LineRemark, UnreadableLine
from liveconsole.views.goods import Goods

__all__ = ["REASONS", "LimitDraft", "LineDraft", "LineRemark", "read", "read_limit"]


def read(
    line: str,
    goods: Goods,
    *,
    product_id: str | None = None,
    on_stage: str | None = None,
    beats: bool = False,
) -> LineDraft | LineRemark:
    """The promotion of a line, or the first thing that is wrong with it.

    Args:
        product_id: the product that is meant where the line names none.
        on_stage: the product whose sale is meant where the line names none; a coupon is still the shop's.
        beats: 「每小时」 may be said: whoever reads it can make a plan of it.
    """
    if beats:
        line, repeat = beat_taken_out(line)
        if repeat is not None:
            found = read(line, goods, product_id=product_id, on_stage=on_stage)
            return replace(found, repeat=repeat) if isinstance(found, LineDraft) else found
    bare, fields = taken_out(line)
    try:
        draft = draft_of(LineReader(bare, goods, product_id, on_stage))
        if fields and not can_say(draft.kind):
            return draft_of(LineReader(line, goods, product_id, on_stage))
        return replace(draft, spec=draft.spec | fields) if fields else draft
    except UnreadableLine as error:
        return error.remark
