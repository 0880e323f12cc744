"""The state at a real engine: parts of it, a second evening, two seats, and a person with another name."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from liveconsole.messages.state import SECTIONS, decode_state, have, merged, moved_sections
from tests.contract.engine_process import EngineProcess, comment
from tests.state_reader import StateReader

Make = Callable[..., EngineProcess]
PRODUCTS = [{"product_id": id_, "title": id_, "price_fen": 9900, "stock": 20} for id_ in "abcd"]
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 1}


def stocked(running: EngineProcess) -> EngineProcess:
    running.done("room.set", recall_seconds=0)
    running.done("catalogue.put", products=PRODUCTS)
    running.done("cart.add", product_ids=list("abcd"))
    running.done("broadcast.open")
    return running


def sale(running: EngineProcess, cue_id: str, sku_id: str = "a") -> None:
    spec = {"sku_id": sku_id, "price_fen": 5900, "quantity": 5, "per_buyer": 2, "seconds": 60}
    running.done("cue.add", "assistant", cue_id=cue_id, kind="flash_sale", spec=spec)


def look(running: EngineProcess, reader: StateReader) -> set[str]:
    path = f"/v1/state?have={reader.have}" if reader.have else "/v1/state"
    answer = running.call("GET", path, role=reader.role)
    assert answer.status == 200
    moved = reader.take(answer.body)
    whole = msgspec.json.decode(
        running.call("GET", "/v1/state", role=reader.role).body, type=dict[str, msgspec.Raw]
    )
    # Health alone may move between two questions.
    reader.must_be(
        {key: bytes(value) for key, value in whole.items() if key not in ("seq", "revisions", "health")}
    )
    return moved


def test_parts_over_the_wire_make_the_whole(engine_of: Make) -> None:
    running = stocked(engine_of())
    readers = [StateReader(role) for role in ("host", "assistant", "viewer")]
    for reader in readers:
        assert look(running, reader) == set(SECTIONS)
    sale(running, "sale")
    running.done("cue.fire", cue_id="sale")
    running.done(
        "order.request", "producer", order_id="o1", buyer={"id": "b"}, lines=[{"sku_id": "a", "quantity": 1}]
    )
    for reader in readers:
        assert {"catalogue", "cues", "orders", "discount"} <= look(running, reader)
        assert look(running, reader) <= {"health"}
    assert len({reader.revisions["log"] for reader in readers}) == 3


def test_a_client_of_ours_decodes_and_merges(engine_of: Make) -> None:
    running = stocked(engine_of())
    before = merged(None, decode_state(running.call("GET", "/v1/state").body))
    sale(running, "sale")
    answer = running.call("GET", f"/v1/state?have={have(before)}")
    assert answer.headers["liveconsole-now"].endswith("+00:00")
    after = merged(before, decode_state(answer.body))
    assert "cues" in moved_sections(before, after)
    assert "catalogue" not in moved_sections(before, after)
    assert [cue.cue_id for cue in after.cues] == ["sale"]
    assert after.catalogue is before.catalogue


def test_a_restart_moves_no_revision_but_that_of_health(engine_of: Make) -> None:
    running = stocked(engine_of())
    sale(running, "sale")
    reader = StateReader("host")
    look(running, reader)
    assert running.stop() == 0
    again = engine_of(folder=running.folder)
    assert look(again, reader) <= {"health"}


def test_the_next_product_of_a_second_evening_is_the_first_of_the_cart(engine_of: Make) -> None:
    """faults K2.1: the desk asked for the third, and the engine answered ``changed`` for ever."""
    running = stocked(engine_of())
    for expected in "ab":
        assert running.state()["cart"]["next"]["product_id"] == expected
        running.done("go.next", expect=running.state()["cart"]["next"]["product_id"])
    running.done("cart.unpin")
    assert running.state()["cart"]["next"] == {"product_id": "c", "number": 3}
    running.done("broadcast.close")
    running.done("broadcast.open")
    assert running.state()["cart"]["next"] == {"product_id": "a", "number": 1}
    assert running.done("go.next", expect="a")["product_id"] == "a"


def test_two_seats_and_one_that_joins_later_show_the_same_numbers(engine_of: Make) -> None:
    """faults K2.4."""
    running = stocked(engine_of())
    early, late = StateReader("host"), StateReader("host")
    for number, sku_id in enumerate("abc", 1):
        sale(running, f"f{number}", sku_id)
        look(running, early)
    running.done("cue.remove", cue_id="f1")
    look(running, early)
    look(running, late)
    assert early.body == late.body | {"health": early.body["health"]}
    seen = {cue["cue_id"]: cue["slot"] for cue in msgspec.json.decode(late.body["cues"])}
    assert seen == {"f2": 2, "f3": 3}


def test_a_winner_with_another_name_moves_what_shows_him(engine_of: Make) -> None:
    running = stocked(engine_of())
    running.done("cue.add", cue_id="bag", kind="lucky_bag", spec=BAG)
    running.done("cue.fire", cue_id="bag")
    running.post([comment("1", "要", viewer="u1")])
    reader = StateReader("viewer")
    while not (winners := [w for cue in running.state()["cues"] for w in cue.get("winners", ())]):
        pass
    look(running, reader)
    assert winners[0]["viewer_id"] == "u1"
    renamed = comment("2", "你好", viewer="u1")
    renamed["data"]["viewer"]["name"] = "换了名字"
    running.post([renamed])
    assert "cues" in look(running, reader)
    assert "换了名字" in reader.body["cues"].decode()
