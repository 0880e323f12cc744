"""Every kill point of firing, ordering and drawing × kill -9, exception, hang, on a real engine.

Nothing acknowledged is missing, at most one effect at the platform, units add up, the same winners, and the
same request again is absorbed. The twins run the same cases with a guard taken out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole.failpoints import POINTS
from liveconsole.verify_draw import main as verify_draw
from tests.faults.harness.processes import Engine, Zygote, until
from tests.faults.harness.rooms import (
    BUY,
    UNITS,
    Asking,
    World,
    cue_of,
    following,
    log_of,
    placed,
    types_of,
)

Worlds = Callable[[str], World]
HOW = ("kill", "raise", "hang")
FIRE = {"id": "fire-1", "type": "cue.fire", "data": {"cue_id": "sale"}}
ORDER = {"id": "order-1", "type": "order.request", "data": BUY}
BATCH = "application/cloudevents-batch+json"


def points(of: str) -> list[str]:
    return [point for point in POINTS if point.startswith(of)]


def meet(engine: Engine, point: str, how: str) -> None:
    """Wait until the point has acted; a frozen engine is killed, as a person would."""
    until(lambda: engine.reached(point), why=f"{point} was never reached: {engine.errors()}")
    if how == "kill":
        assert engine.process.wait() != 0
    elif how == "hang":
        engine.kill()


# Firing --------------------------------------------------------------------------------------------


def fire(world: World, point: str, how: str, bend: tuple[str, ...] = ()) -> None:
    world.platform()
    engine = world.engine(fail=f"{point}:{how}", bend=bend)
    first = Asking(engine, "/v1/commands", FIRE)
    meet(engine, point, how)
    acknowledged = first.done()
    if how != "raise":
        engine = world.engine(bend=bend)
        before = types_of(log_of(engine))["cue.firing"]
        assert before == (0 if point in ("F0", "F1") else 1), "half a firing"
        assert acknowledged is None or before == 1, "an acknowledged firing is missing"
    again = engine.command("cue.fire", id_="fire-1", cue_id="sale")
    assert again["ok"], again
    assert acknowledged in (None, again)
    # The mark stands and nothing went out, or a bug hides whether it did: a person decides.
    unknown = point == "F4" or (point == "F3" and how == "raise")
    status = "unknown" if unknown else "on_air"
    until(lambda: cue_of(engine, "sale")["status"] == status, 5, why=f"never {status}")
    types = types_of(log_of(engine))
    assert types["cue.firing"] == 1, "fired twice"
    assert types["effect.sent"] == (0 if unknown and point == "F3" else 1)
    assert types["cue.on_air"] == (0 if unknown else 1)
    assert world.effects() == (0 if unknown else 1), "not one effect"
    assert sum(row["row"] == "asked" for row in world.ledger()) <= 1, "asked twice"
    overlay = engine.call("GET", f"/overlay?token={engine.tokens['overlay']}", role=None)
    assert overlay.status == 200
    assert engine.stop() == 0


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("point", points("F"))
def test_firing(world: Worlds, point: str, how: str) -> None:
    fire(world("approved sale"), point, how)


def test_killed_while_the_question_is_out(world: Worlds) -> None:
    """The platform has done it and not said so yet: it is asked about it, and nothing goes out again."""
    one = world("approved sale")
    one.platform("slow_platform")
    engine = one.engine()
    engine.done("cue.fire", cue_id="sale")
    until(lambda: one.effects() == 1)
    engine.kill()
    engine = one.engine()
    until(lambda: cue_of(engine, "sale")["status"] == "on_air")
    assert sum(row["row"] == "asked" for row in one.ledger()) == 1


def test_twin_without_its_key_an_effect_is_carried_out_twice(world: Worlds) -> None:
    with pytest.raises(AssertionError, match="not one effect"):
        fire(world("approved sale"), "F5", "kill", bend=("ask_anew",))


def test_twin_without_kept_answers_a_fire_is_answered_otherwise(world: Worlds) -> None:
    with pytest.raises(AssertionError, match="already_fired"):
        fire(world("approved sale"), "F6", "kill", bend=("forget_answers",))


# Ordering ------------------------------------------------------------------------------------------


def order(world: World, point: str, how: str, bend: tuple[str, ...] = ()) -> None:
    """One order that a shop asks for, one that it tells of; each point is met by one of them."""
    told = point in ("O0", "O1", "O2", "O3")
    engine = world.engine(fail=f"{point}:{how}", bend=bend)
    if told:
        first = Asking(engine, "/v1/events", [placed()], BATCH)
    else:
        first = Asking(engine, "/v1/commands", ORDER)
    meet(engine, point, how)
    acknowledged = first.done()
    if how != "raise":
        engine = world.engine(bend=bend)
    there = types_of(log_of(engine))["order.placed" if told else "order.granted"]
    # An exception inside a commit is met by the engine itself, which takes the input once more.
    before_the_disk = ("O0", "O1") if how == "raise" else ("O0", "O1", "O4")
    assert there == (0 if point in before_the_disk else 1), "an order is missing"
    if told:
        counts = engine.post([placed()])
        assert (counts["accepted"], counts["duplicates"]) == (1 - there, there)
    else:
        answer = engine.command("order.request", id_="order-1", **BUY)
        assert answer["ok"], answer
        assert acknowledged in (None, answer)
    check_orders(engine)
    assert engine.stop() == 0


def check_orders(engine: Engine) -> None:
    log = log_of(engine)
    assert sum(types_of(log)[type_] for type_ in ("order.placed", "order.granted")) == 1, "not one order"
    cue = cue_of(engine, "sale")
    assert cue["left"] == UNITS - 1
    assert cue["held"] + cue["sold"] + cue["left"] == UNITS


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("point", points("O"))
def test_ordering(world: Worlds, point: str, how: str) -> None:
    order(world("sale on air"), point, how)


@pytest.mark.parametrize("told", [True, False])
def test_killed_right_after_the_answer(world: Worlds, told: bool) -> None:
    after_the_answer(world("sale on air"), told)


def after_the_answer(world: World, told: bool, bend: tuple[str, ...] = ()) -> None:
    engine = world.engine(bend=bend)
    if told:
        assert engine.post([placed()])["accepted"] == 1
    else:
        engine.done("order.request", **BUY)
    engine.kill()
    engine = world.engine()
    assert types_of(log_of(engine))["order.placed" if told else "order.granted"] == 1, "acknowledged and gone"
    check_orders(engine)


@pytest.mark.parametrize("told", [True, False])
def test_twin_acknowledged_before_the_disk(world: Worlds, told: bool) -> None:
    with pytest.raises(AssertionError, match="acknowledged and gone"):
        after_the_answer(world("sale on air"), told, bend=("answer_before_the_disk",))


def test_twin_without_kept_answers_the_same_order_is_asked_twice(world: Worlds) -> None:
    with pytest.raises(AssertionError, match="order_exists"):
        order(world("sale on air"), "O5", "kill", bend=("forget_answers",))


# Drawing -------------------------------------------------------------------------------------------


def receipt_of(engine: Engine) -> dict[str, Any]:
    """Of the one draw there is, which keeps its promise."""
    until(lambda: cue_of(engine, "bag")["status"] == "ended", why="never drawn")
    log = log_of(engine)
    assert types_of(log)["cue.drawn"] == types_of(log)["bag.closed"] == 1, "not one draw"
    (drawn,) = [line["data"] for line in log if line["type"] == "cue.drawn"]
    (on_air,) = [line["data"] for line in log if line["type"] == "cue.on_air"]
    receipt = dict(drawn["receipt"])
    assert receipt["randomness"]["commit"] == on_air["draw"]["commit"]
    return receipt


def draw(world: World, point: str, how: str, bend: tuple[str, ...] = ()) -> dict[str, Any]:
    """The receipt of a bag whose engine met a fault at a point of its draw, which begins with the engine."""
    reading = point == "D8"
    engine = world.engine(fail=f"{point}:{how}", bend=bend, ready=reading)
    if reading:
        until(lambda: cue_of(engine, "bag")["status"] == "ended")
        Asking(engine, "/v1/log", method="GET")
    meet(engine, point, how)
    if how != "raise":
        engine = world.engine(bend=bend)
    else:
        engine.until_ready()
    receipt = receipt_of(engine)
    assert engine.stop() == 0
    return receipt


@pytest.fixture(scope="module")
def undisturbed(zygote: Zygote | None, rooms: Callable[[str], Path], tmp_path_factory: Any) -> dict[str, Any]:
    """What an engine draws from the bag that every case has a copy of."""
    world = World(zygote, rooms("bag at its close"), tmp_path_factory.mktemp("draw") / "world")
    receipt = receipt_of(world.engine())
    world.close()
    assert len(receipt["winners"]) == len(receipt["alternates"]) == 2
    return receipt


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("point", ["D1", "D2", "D5", "D6", "D7", "D8"])
def test_drawing(world: Worlds, undisturbed: dict[str, Any], point: str, how: str) -> None:
    assert draw(world("bag at its close"), point, how) == undisturbed, "another draw"


@pytest.mark.parametrize("point", ["D2", "D5"])
def test_twin_with_a_value_that_is_not_kept(world: Worlds, undisturbed: dict[str, Any], point: str) -> None:
    receipt = draw(world("bag at its close"), point, "kill", bend=("secret_in_memory",))
    assert receipt["winners"] + receipt["alternates"] != undisturbed["winners"] + undisturbed["alternates"]


@pytest.mark.parametrize("how", HOW)
def test_drawing_from_its_promise_on(world: Worlds, tmp_path: Path, how: str) -> None:
    """D0: the rules and the hash of the value are on disk, and the engine ends. The draw keeps them."""
    one = world("approved bag")
    engine = one.engine(fail=f"D0:{how}")
    fire = {"id": "bag-1", "type": "cue.fire", "data": {"cue_id": "bag"}}
    first = Asking(engine, "/v1/commands", fire)
    meet(engine, "D0", how)
    acknowledged = first.done()
    if how != "raise":
        engine = one.engine()
    again = engine.command("cue.fire", id_="bag-1", cue_id="bag")
    assert again["ok"]
    assert acknowledged in (None, again)
    promises = [line["data"]["draw"] for line in log_of(engine) if line["type"] == "cue.on_air"]
    assert len(promises) == 1
    receipt = receipt_of(engine)
    assert receipt["rules_sha256"] == promises[0]["rules_sha256"]
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), "utf-8")
    assert verify_draw([str(path)]) == 0


@pytest.mark.parametrize("how", HOW)
def test_a_prize_is_issued_once(world: Worlds, how: str) -> None:
    """D9: a winner is settled, and the engine ends before it says so."""
    one = world("bag at its close")
    engine = one.engine(fail=f"D9:{how}")
    receipt = receipt_of(engine)
    winner = cue_of(engine, "bag")["winners"][0]["viewer_id"]
    body = {"cue_id": "bag", "viewer_id": winner, "ok": True}
    first = Asking(engine, "/v1/commands", {"id": "settle-1", "type": "bag.settle", "data": body})
    meet(engine, "D9", how)
    acknowledged = first.done()
    if how != "raise":
        engine = one.engine()
    again = engine.command("bag.settle", id_="settle-1", **body)
    assert again["ok"], again
    assert acknowledged in (None, again)
    assert receipt_of(engine) == receipt
    assert types_of(log_of(engine))["bag.settled"] == 1, "issued twice"
    assert engine.stop() == 0


# A hidden commit -----------------------------------------------------------------------------------


def test_followers_read_in_the_log_what_a_bug_kept_from_them(world: Worlds) -> None:
    """O5:raise commits an order and breaks before its events are handed on: whoever follows gets them, in
    order, and the answer is what the disk says."""
    one = world("sale on air")
    engine = one.engine(fail="O5:raise")
    after = engine.seq()
    with following(engine, after) as seen:
        assert engine.command("order.request", id_="order-1", **BUY)["ok"]
        assert engine.post([placed()])["accepted"] == 1
        until(lambda: "order.placed" in [line["type"] for line in seen])
    log = log_of(engine)
    assert [line["seq"] for line in seen] == list(range(after + 1, len(log) + 1))


def test_every_point_is_reached() -> None:
    """A point that no case names is no point."""
    here = Path(__file__).read_text("utf-8")
    assert [point for point in POINTS if point[0] == "D" and f'"{point}' not in here] == []
