"""大屏: both forms of its sections, and that a figure which is not there is not told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.connectors.wechat_shop.dashboard import (
    is_over,
    lives_of_day,
    lives_on,
    measured_of,
    section,
)
from liveconsole.messages.facts import RoomMeasured

SECTIONS: dict[str, Any] = {
    "live_ec_data_summary": {
        "total_gmv": 123456, "total_pay_pv": 12, "total_pay_uv": 11, "total_create_pv": 14,
        "total_clk_uv": 90, "total_exp_uv": 800, "online_audience_count": 321, "refund_amount": 0,
        "cumulative_audience_count": 5000, "gmv_per_thousand_cumulative_watch_pv": 24691.2,
    },
    "live_dashboard_data": {"live_dashboard_data": {"summary": {
        "impression_uv": 90000, "max_online_watch_uv": "400", "average_watch_seconds_per_audience": 61,
        "new_follow_uv": 33, "new_watch_uv": 4999, "comment_uv": 210,
    }}},
    "live_comparison_index": {"is_living": True, "on_air": {
        "gmv": {"n": 10, "last_n_mins_value": 900, "last_2n_to_n_mins_value": 1200, "value": 123456},
        "hot": {"n": 10, "last_n_mins_value": 3, "last_2n_to_n_mins_value": None},
        "broken": {"n": 10}, "worse": 7,
    }},
}  # fmt: skip


def as_strings(sections: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) for name, value in sections.items()}


@pytest.mark.parametrize("form", [dict, as_strings])
def test_both_forms_say_the_same(form: Any) -> None:
    found = measured_of(form(SECTIONS))
    assert found == {
        "online": 321, "watched": 5000, "gmv_fen": 123456, "buyers": 11, "orders_paid": 12,
        "orders_placed": 14, "exposures": 800, "clicks": 90, "refund_fen": 0, "online_peak": 400,
        "impressions": 90000, "watch_seconds": 61, "new_follows": 33, "commenters": 210,
        "recent": [
            {"name": "gmv_fen", "value": 900, "before": 1200, "minutes": 10},
            {"name": "hot", "value": 3, "minutes": 10},
        ],
    }  # fmt: skip
    assert msgspec.convert(found, RoomMeasured).gmv_fen == 123456
    assert not is_over(form(SECTIONS))


def test_the_documented_answer_says_nothing_and_makes_nothing(shared: Path) -> None:
    path = shared / "samples/channels_ec_api/livedashboard_getlivedata_response.json"
    assert measured_of(json.loads(path.read_text("utf-8"))) == {}


@pytest.mark.parametrize("value", [None, "", "{", "[]", "3", 3, [], True, "\ud800", "{" * 100_000])
def test_what_is_no_section_is_an_empty_one(value: Any) -> None:
    assert section({"a": value}, "a") == {}
    assert measured_of({"live_ec_data_summary": value, "live_comparison_index": value}) == {}


@pytest.mark.parametrize("value", [-1, 1.5, True, None, "x", 10**13, [1]])
def test_what_is_no_count_is_not_told(value: Any) -> None:
    assert measured_of({"live_ec_data_summary": {"total_gmv": value, "total_pay_uv": 3}}) == {"buyers": 3}


@pytest.mark.parametrize(
    ("told", "over"), [(False, True), (0, True), (True, False), (1, False), (None, False)]
)
def test_a_live_is_over_when_the_screen_says_so(told: Any, over: bool) -> None:
    assert is_over({"live_comparison_index": {"is_living": told}}) is over


def test_lives_are_named_by_their_export_ids(shared: Path) -> None:
    folder = shared / "samples/channels_ec_api"
    on = json.loads((folder / "finderlive_record_list_response.json").read_text("utf-8"))
    assert lives_on(on) == [row["export_id"] for row in on["live_list"]]
    rows = [{"export_id": "a", "create_time": 5}, {"export_id": "b", "create_time": "9"}, {"export_id": ""}]
    assert lives_of_day({"live_items": rows}) == [(9, "b"), (5, "a")]


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(list(SECTIONS)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["live_dashboard_data", "summary", "on_air", "total_gmv", "gmv", "n",
                                 "last_n_mins_value", "last_2n_to_n_mins_value", "impression_uv"]),
                inner,
            ),
        ),
    )
)  # fmt: skip
def test_any_answer_is_a_fact_of_good_shape(body: dict[str, Any]) -> None:
    for form in (dict, lambda sections: as_strings(sections)):
        msgspec.convert(measured_of(form(body)), RoomMeasured)
        is_over(form(body))
