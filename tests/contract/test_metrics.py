"""``/metrics``: the format's strict parser reads it, whatever a source calls itself; nobody is in it."""

from __future__ import annotations

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from liveconsole.messages.measures import RoomMeasures
from liveconsole.views.openmetrics import TYPE, exposition
from tests.contract.engine_process import EngineProcess, event

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Samples:
    """Every sample by its name and labels."""
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)  # type: ignore[no-untyped-call]  # it has no types
        for one in family.samples
    }


def test_a_running_engine_tells_how_it_does_and_of_nobody(engine: EngineProcess) -> None:
    engine.done("note.put", text="金丝雀记事", to="host")
    viewer = {"id": "canary-openid", "name": "金丝雀甲"}
    source = "/metrics/test"
    engine.post([event("1", "comment.posted", {"viewer": viewer, "text": "金丝雀说话"}, source=source)])
    answer = engine.call("GET", "/metrics", role="metrics")
    assert (answer.status, answer.headers["content-type"]) == (200, TYPE)
    text = answer.body.decode()
    found = read(text)
    assert found[("liveconsole_events_total", (("type", "comment.posted"),))] >= 1
    assert found[("liveconsole_commit_seconds_count", ())] >= 2
    assert 0 < found[("liveconsole_commit_seconds", (("quantile", "0.99"),))] < 60
    assert found[("liveconsole_store_size_bytes", ())] > 10_000
    assert 0 <= found[("liveconsole_source_age_seconds", (("source", source),))] < 60
    assert found[("liveconsole_up", ())] == 1
    assert "金丝雀" not in text
    assert "canary" not in text
    assert "gmv" not in text.lower()
    # asked again, with nothing new in between: alarms are told whole
    again = read(engine.call("GET", "/metrics", role="viewer").body.decode())
    assert {key for key in again if "alarms" in key[0]} == {key for key in found if "alarms" in key[0]}


def test_its_token_opens_nothing_else(engine: EngineProcess) -> None:
    for role in ("keys", "producer", "overlay", "assistant"):
        assert engine.call("GET", "/metrics", role=role).status == 403, role
    assert engine.call("GET", "/metrics", role=None).status == 401
    for path in ("/v1/state", "/v1/log", "/v1/stream", "/v1/schema", "/v1/orders", "/v1/keys"):
        assert engine.call("GET", path, role="metrics").status == 403, path


def test_what_a_source_calls_itself_ends_no_line() -> None:
    hostile = 'a"} 1\nliveconsole_up 0\n# EOF\n\\'
    measured = RoomMeasures(
        version="1", seq=3, events={"comment.posted": 2}, commits=0, commit_seconds=0.0, commit_p50=None,
        commit_p99=None, lag_seconds=0.0015, lag_most=0.2, waiting={"urgent": 0, "comments": 1}, followers=0,
        on_air=False, running={"on_air": 0}, owed={"on_air": 0}, store_bytes=None, sources={hostile: 1.25},
        ok=True,
    )  # fmt: skip
    found = read(exposition('room"\\\n', measured, {"stale_source": 1}).decode())
    assert found[("liveconsole_source_age_seconds", (("source", hostile),))] == 1.25
    assert found[("liveconsole_up", ())] == 1
    assert found[("liveconsole_engine_info", (("room", 'room"\\\n'), ("version", "1")))] == 1
    assert found[("liveconsole_alarms", (("code", "stale_source"),))] == 1
    assert found[("liveconsole_loop_lag_seconds", (("of", "last"),))] == 0.0015
    assert not any(name == "liveconsole_store_size_bytes" for name, _ in found), "unknown is not zero"
