"""Facts about what has left the room: of which broadcast they are, and that nothing follows from them."""

from __future__ import annotations

from tests.sim.books import Data
from tests.sim.broken import must
from tests.sim.stage import Stage


def told_late(stage: Stage, kind: str, data: Data, number: int) -> None:
    """What is told of an order or a promotion that has left: of which broadcast, and nothing follows."""
    must(number < stage.number, "late, and of no earlier broadcast", data, number)
    if kind == "promotion.measured":
        must(data["cue_id"] in stage.gone, "told late of a cue that is here", data)
        return
    known = stage.books.orders.get(data["order_id"])
    if known is None:
        must(data.get("cue_id") in stage.gone, "told late of an order that is new", data)
        known = stage.books.change(data["order_id"], broadcast=number, left=True)
    must(known.left and known.broadcast == number, "in the books of another broadcast", data, known)
    told: Data = {}
    if kind == "order.placed":
        told = {"placed": True} | ({} if known.known or known.placed else {"total": data["total_fen"]})
    elif kind == "order.paid":
        told = {"paid": True, "paid_fen": max(known.paid_fen, data["paid_fen"])}
    elif kind == "order.closed":
        told = {"closed": True}
    elif kind == "order.refunded":
        told = {"refund": max(known.refund, data["refund_fen"])}
    stage.books.change(data["order_id"], **told)


def not_late(stage: Stage, data: Data) -> None:
    """An order that has left is told late, and one that is new is not."""
    known = stage.books.orders.get(data["order_id"])
    must(known is None or not known.left, "told late, and counted tonight", data, known)
    must(known is not None or data.get("cue_id") not in stage.gone, "a late order came in", data)
