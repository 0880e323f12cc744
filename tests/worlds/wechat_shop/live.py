"""What 视频号助手 tells of the live: the record of what is on, and the big screen's figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.worlds.wechat_shop.clock import CHINA, ShopClock
from tests.worlds.wechat_shop.orders import Orders
from tests.worlds.wechat_shop.wire import Answerer, Body, Refused, Reply, ident

SECTIONS: Final = (
    "live_dashboard_data",
    "live_comparison_index",
    "live_ec_data_summary",
    "live_ec_conversion_metric",
    "live_ec_profile",
    "live_distribution_channel",
    "single_live_ec_spu_data_page_v2",
)
_FIRST_DAY: Final = 20240101


@dataclass(slots=True)
class Live:
    export_id: str
    began: int
    ended: int | None = None
    online: int = 0
    watched: int = 0
    exposures: int = 0
    clicks: int = 0
    comments: int = 0
    new_follows: int = 0
    pinned: dict[str, int] = field(default_factory=dict)
    """讲解次数 by product."""


class Lives:
    def __init__(self, clock: ShopClock, orders: Orders) -> None:
        self._clock = clock
        self._orders = orders
        self.lives: dict[str, Live] = {}
        self.as_strings = True
        """The older form, where every section is JSON in a string; the newer one has objects."""
        self.grown: Callable[[Live], None] = lambda live: None
        """Sets a live's figures to what they are now, before they are told."""

    def endpoints(self) -> dict[str, Answerer]:
        return {
            "/channels/ec/finderlive/getfinderliverecordlist": self.record_list,
            "/channels/livedashboard/getlivelist": self.live_list,
            "/channels/livedashboard/getlivedata": self.live_data,
        }

    def begin(self, export_id: str) -> Live:
        live = Live(export_id, self._clock.now())
        self.lives[export_id] = live
        self._orders.live_id = export_id
        return live

    def end(self, export_id: str) -> None:
        self.lives[export_id].ended = self._clock.now()
        self._orders.live_id = ""

    def record_list(self, body: Body) -> Reply:
        on = [live for live in self.lives.values() if live.ended is None]
        return {
            "errcode": "0",
            "live_list": [
                {
                    "export_id": live.export_id,
                    "description": "今晚八点开播",
                    "cover_url": "",
                    "nickname": "小店直播间",
                    "head_url": "",
                }
                for live in on
            ],
        }

    def live_list(self, body: Body) -> Reply:
        day = body.get("ds")
        if not isinstance(day, int) or isinstance(day, bool) or day < _FIRST_DAY:
            raise Refused(1, "invalid ds")
        mine = [live for live in self.lives.values() if _day(live.began) == day]
        return {
            "trace_id": "",
            "live_items": [{"export_id": live.export_id, "create_time": live.began} for live in mine],
            "has_more": False,
        }

    def live_data(self, body: Body) -> Reply:
        live = self.lives.get(ident(body, "export_id", 1))
        if live is None:
            raise Refused(5, "live not found")
        self.grown(live)
        sections = self._sections(live)
        told = {name: sections[name] for name in SECTIONS}
        if self.as_strings:
            return {name: json.dumps(value, ensure_ascii=False) for name, value in told.items()}
        return told

    def _sections(self, live: Live) -> dict[str, Any]:
        now = self._clock.now() if live.ended is None else live.ended
        mine = [order for order in self._orders.orders.values() if order.live_id == live.export_id]
        paid = [order for order in mine if order.paid_at]
        gmv = sum(order.price_fen for order in paid)
        recent = sum(order.price_fen for order in paid if now - 600 < order.paid_at <= now)
        before = sum(order.price_fen for order in paid if now - 1200 < order.paid_at <= now - 600)
        summary = {
            "total_gmv": gmv,
            "total_pay_pv": len(paid),
            "total_pay_uv": len({order.openid for order in paid}),
            "total_create_pv": len(mine),
            "total_create_uv": len({order.openid for order in mine}),
            "total_clk_uv": live.clicks,
            "total_exp_uv": live.exposures,
            "online_audience_count": live.online,
            "cumulative_audience_count": live.watched,
            "new_comment_count": live.comments,
            "refund_amount": sum(order.refunded_fen for order in mine),
            "customer_price": gmv // len({order.openid for order in paid}) if paid else 0,
            "gmv_per_thousand_cumulative_watch_pv": gmv * 1000 // live.watched if live.watched else 0,
        }
        conversion = [{"name": "exp_clk", "numerator": live.clicks, "denominator": live.exposures}]
        return {
            "live_dashboard_data": {
                "start_time": live.began,
                "live_duration": now - live.began,
                "live_dashboard_data": {
                    "summary": {
                        "new_watch_uv": live.watched,
                        "max_online_watch_uv": live.online,
                        "impression_uv": live.exposures,
                        "average_watch_seconds_per_audience": 60,
                        "new_follow_uv": live.new_follows,
                        "new_fans_club_uv": 0,
                        "comment_uv": live.comments,
                        "reward_uv": 0,
                        "sharing_uv": 0,
                        "hot_quota": 0,
                    },
                    "source": {},
                    "portrait": {},
                },
            },
            "live_comparison_index": {
                "is_living": live.ended is None,
                "on_air": {"gmv": _compared(gmv, recent, before)} if live.ended is None else {},
                "ended": {} if live.ended is None else {"gmv": {"value": gmv, "percentile": 0.5}},
            },
            "live_ec_data_summary": summary,
            "live_ec_conversion_metric": {
                "recent_10_min_conversion": conversion,
                "whole_live_conversion": conversion,
            },
            "live_ec_profile": {},
            "live_distribution_channel": {},
            "single_live_ec_spu_data_page_v2": self._products(live, mine),
        }

    def _products(self, live: Live, mine: list[Any]) -> dict[str, Any]:
        listed = []
        for product in self._orders.goods.products.values():
            bought = [
                (order, line)
                for order in mine
                for line in order.lines
                if line.product_id == product.product_id
            ]
            paid = [(order, line) for order, line in bought if order.paid_at]
            left = sum(sku.stock + sku.reserved for sku in product.skus.values())
            listed.append(
                {
                    "base_data": {
                        "spu_id": product.product_id,
                        "spu_name": product.title,
                        "price": min((sku.price_fen for sku in product.skus.values()), default=0),
                        "stock": left,
                    },
                    "exp_uv": 0,
                    "clk_uv": 0,
                    "pay_uv": len({order.openid for order, _ in paid}),
                    "gmv": sum(line.price_fen * line.count for _, line in paid),
                    "stock": left,
                    "explanation_count": live.pinned.get(product.product_id, 0),
                }
            )
        return {"total_cnt": len(listed), "spu_data_list": listed}


def _compared(value: int, recent: int, before: int) -> dict[str, Any]:
    return {
        "n": 10,
        "last_n_mins_value": recent,
        "last_2n_to_n_mins_value": before,
        "last_n_mins_percentile": 0.5,
        "value": value,
        "percentile": 0.5,
    }


def _day(at: int) -> int:
    return int(datetime.fromtimestamp(at, CHINA).strftime("%Y%m%d"))
