"""What is said to 几天到: the days to the province that the question names, by the seller's table. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from liveconsole.views.room_questions import SuggestedAnswer

_ASKS: Final = re.compile(
    "几天.{0,3}(?:到|收|达)|多久.{0,3}(?:到|收|达)|(?:什么时候|啥时候|哪天).{0,3}(?:到|收)|到货要多久"
)
_SENDS: Final = re.compile("发货|发出")


class Delivery(Struct, frozen=True):
    """Days to each province, least and most, and where parcels are sent from; empty where nobody says."""

    days: Mapping[str, tuple[int, int]] = {}
    sent_from: str = ""


NO_DELIVERY: Final = Delivery()


def asks_for_days(question: str) -> bool:
    """Tell whether it asks when a parcel comes; when it is sent is another question."""
    return _ASKS.search(question) is not None and _SENDS.search(question) is None


def days_answer(question: str, delivery: Delivery) -> SuggestedAnswer | None:
    """Return the days to the province that it names, or to the nearest and the farthest; None where it asks
    something else, or nobody wrote the days down."""
    if not delivery.days or not asks_for_days(question):
        return None
    named = [name for name in delivery.days if name in question]
    if named:
        name = max(named, key=len)
        least, most = delivery.days[name]
        return SuggestedAnswer(
            "provinces",
            f"发到{name}一般 {_span(least, most)} 天到",
            f"To {name} it usually takes {_span(least, most)} days",
        )
    near, far = min(delivery.days.values()), max(delivery.days.values(), key=lambda span: span[::-1])
    sender = f"从{delivery.sent_from}发，" if delivery.sent_from else ""
    return SuggestedAnswer(
        "provinces",
        f"{sender}近的 {_span(*near)} 天，最远 {_span(*far)} 天到；您在哪个省？",
        f"{_span(*near)} days nearby, {_span(*far)} at the farthest; which province is it?",
    )


def names_province(question: str, delivery: Delivery) -> bool:
    """Tell whether it names one whose days are known."""
    return any(name in question for name in delivery.days)


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least}–{most}"
