"""大屏: what 视频号助手's big screen says of a live → figures of the room. Pure.

A section comes as an object or, in the older form, as JSON in a string. A figure that is not there is not
told: nobody knows it, and it is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from liveconsole.connectors.wechat_shop.wire import fen, ident, inner, rows, whole
from liveconsole.messages.unreadable import UNREADABLE

_SALES: Final = {
    "online": "online_audience_count",
    "watched": "cumulative_audience_count",
    "gmv_fen": "total_gmv",
    "buyers": "total_pay_uv",
    "orders_paid": "total_pay_pv",
    "orders_placed": "total_create_pv",
    "exposures": "total_exp_uv",
    "clicks": "total_clk_uv",
    "refund_fen": "refund_amount",
    "shares": "share_live_audience_count",
    "new_fans": "new_fans_club_count",
}
_ROOM: Final = {
    "watched": "new_watch_uv",
    "online_peak": "max_online_watch_uv",
    "impressions": "impression_uv",
    "watch_seconds": "average_watch_seconds_per_audience",
    "new_follows": "new_follow_uv",
    "new_fans": "new_fans_club_uv",
    "commenters": "comment_uv",
    "shares": "sharing_uv",
}
"""Our name → the platform's; what sales say of the same goes first."""
_RECENT: Final = {
    "gmv": "gmv_fen",
    "total_gmv": "gmv_fen",
    **{theirs: ours for ours, theirs in (_ROOM | _SALES).items()},
}
_RECENT_MOST: Final = 50
_NAME: Final = 60
_SECTION_BYTES: Final = 1 << 20


def section(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a section in either form; empty where it is not there or cannot be read."""
    found = body.get(name)
    if isinstance(found, str) and len(found) <= _SECTION_BYTES:
        try:
            found = msgspec.json.decode(found)
        except UNREADABLE:
            return {}
    return found if isinstance(found, dict) else {}


def measured_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a ``room.measured``; empty where the screen says nothing."""
    sales = section(body, "live_ec_data_summary")
    about = inner(inner(section(body, "live_dashboard_data"), "live_dashboard_data"), "summary")
    found: dict[str, Any] = {}
    for names, told in ((_SALES, sales), (_ROOM, about)):
        for ours, theirs in names.items():
            value = fen(told.get(theirs))
            if value is not None:
                found.setdefault(ours, value)
    recent = _recent(inner(section(body, "live_comparison_index"), "on_air"))
    if recent:
        found["recent"] = recent
    return found


def _recent(on_air: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    had: set[str] = set()
    for theirs, told in on_air.items():
        if not isinstance(told, dict):
            continue
        value, before = fen(told.get("last_n_mins_value")), fen(told.get("last_2n_to_n_mins_value"))
        name = _RECENT.get(theirs, theirs)[:_NAME]
        if value is None or not name or name in had or len(found) >= _RECENT_MOST:
            continue
        had.add(name)
        one: dict[str, Any] = {"name": name, "value": value}
        if before is not None:
            one["before"] = before
        minutes = whole(told.get("n"))
        if minutes is not None and 0 < minutes <= 1_000_000:
            one["minutes"] = minutes
        found.append(one)
    return found


def is_over(body: Mapping[str, Any]) -> bool:
    """Tell whether the screen says that the live has ended; where it says nothing, it has not."""
    return section(body, "live_comparison_index").get("is_living") in (False, 0)


def lives_on(body: Mapping[str, Any]) -> list[str]:
    """Return the export ids of the lives that are on, of an answer of ``getfinderliverecordlist``."""
    found = (ident(row.get("export_id")) for row in rows(dict(body), "live_list"))
    return [id_ for id_ in found if id_]


def lives_of_day(body: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return (when it began, export id) of an answer of ``getlivelist``, the latest first."""
    found = (
        (whole(row.get("create_time")) or 0, ident(row.get("export_id")))
        for row in rows(dict(body), "live_items")
    )
    return sorted(((at, id_) for at, id_ in found if id_), reverse=True)
